"""A consent put together: requisites into the text, the snapshot of what is signed, its digest."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kernel.errors import DomainError
from services.people.consents.texts import (
    HEADINGS,
    MUST_NAME,
    ConsentKind,
    ConsentText,
    Edition,
    Requisite,
)

PLACE = re.compile(r"\{([^{}]+)\}")
SALT = re.compile(r"[0-9a-f]{32}")
KNOWN_PLACES = frozenset(
    {name for names in MUST_NAME.values() for name in names} | {"school_short_name"}
)
PLACES = {
    "subject_name": "чьи данные: ФИО",
    "subject_address": "чьи данные: адрес",
    "subject_paper": "чьи данные: документ",
    "representative_name": "представитель: ФИО",
    "representative_address": "представитель: адрес",
    "representative_paper": "представитель: документ",
    "authority": "представитель: полномочия",
    "operator_name": "школа: название",
    "operator_address": "школа: адрес",
    "processor": "кто обрабатывает по поручению",
    "destroy_days": "дней на уничтожение",
    "school_short_name": "школа: краткое название",
}
NAMES_OF_PLACES = {words: name for name, words in PLACES.items()}
WITH_REPRESENTATIVE = (ConsentKind.PARENT, ConsentKind.PUPIL)


class ConsentIsIncomplete(DomainError):
    """A requisite of 152-ФЗ ст. 9 ч. 4 is missing."""

    code = "consent-is-incomplete"
    message = "В согласии не хватает сведений, которых требует закон (152-ФЗ, ст. 9, ч. 4)."


class ConsentTextIsUnfit(DomainError):
    """The school's own wording leaves out what the law asks for, or names what nobody fills."""

    code = "consent-text-is-unfit"
    message = "Этот текст нельзя использовать."


@dataclass(frozen=True, slots=True)
class Papers:
    """Who somebody is by documents: the address and the main identity document."""

    address: str
    document: str
    number: str
    issued_on: date | None
    issued_by: str

    @property
    def line(self) -> str:
        """Return «паспорт гражданина РФ 79 08 123456, выдан 12.03.2015: ОВД …»."""
        issued = f"{self.issued_on:%d.%m.%Y}" if self.issued_on else ""
        return f"{self.document} {self.number}, дата выдачи {issued}, выдан: {self.issued_by}"

    def list_missing(self) -> list[str]:
        """Return the names of what is not filled in."""
        return [name for name, value in asdict(self).items() if not str(value or "").strip()]


@dataclass(frozen=True, slots=True)
class SignerDetails:
    """What the person shows and tells; names come from the cards, never from here.

    `subject` is the one whose data it is about first (the child, the adult pupil, the employee);
    `representative` stands for a child with `authority`, the document that proves it.
    """

    subject: Papers
    representative: Papers | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Operator:
    """The school as the operator (оператор), and who processes on its instruction."""

    name: str
    address: str
    processor_name: str = ""
    processor_address: str = ""

    @property
    def processor(self) -> str:
        """Return the sentence of requisite 6."""
        if not self.processor_name:
            return "Других лиц к обработке Школа не привлекает: данные обрабатывает она сама."
        return (
            f"{self.processor_name}. Адрес: {self.processor_address}. По поручению Школы хранит "
            "данные и обслуживает систему, в которой они находятся; отвечает перед Школой и "
            "обязано соблюдать конфиденциальность."
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of the text."""

    code: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentDocument:
    """What is signed, word for word. `salt` keeps the digest from being guessed."""

    kind: str
    title: str
    edition: str
    salt: str
    sections: tuple[Section, ...]
    signers: tuple[str, ...]

    def as_json(self) -> str:
        """Return the snapshot in one form only: equal documents give equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """Return the sha256 of the snapshot."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()


def read_document(snapshot: str) -> ConsentDocument:
    """Return the document of a snapshot."""
    data: dict[str, Any] = json.loads(snapshot)
    return ConsentDocument(
        kind=data["kind"],
        title=data["title"],
        edition=data["edition"],
        salt=data["salt"],
        sections=tuple(Section(**one) for one in data["sections"]),
        signers=tuple(data["signers"]),
    )


def compose(
    *,
    kind: ConsentKind,
    text: ConsentText,
    edition: str,
    salt: str,
    operator: Operator,
    destroy_days: int,
    subject_name: str,
    representative_name: str,
    details: SignerDetails,
) -> ConsentDocument:
    """Return the document to sign; raise `ConsentIsIncomplete` naming what is missing."""
    has_representative = kind in WITH_REPRESENTATIVE
    _check_complete(kind, operator, details)
    values = {
        "subject_name": subject_name,
        "subject_address": details.subject.address,
        "subject_paper": details.subject.line,
        "operator_name": operator.name,
        "operator_address": operator.address,
        "processor": operator.processor,
        "destroy_days": str(destroy_days),
        "school_short_name": operator.name,
    }
    if has_representative and details.representative is not None:
        values |= {
            "representative_name": representative_name,
            "representative_address": details.representative.address,
            "representative_paper": details.representative.line,
            "authority": details.authority,
        }
    return ConsentDocument(
        kind=kind.value,
        title=text.title,
        edition=edition,
        salt=salt,
        sections=tuple(
            Section(code.value, HEADINGS[code], _fill(text.sections[code], values))
            for code in Requisite
            if code in text.sections
        ),
        signers=_signers(kind, subject_name, representative_name),
    )


LINE = "_" * 42


def fill_blank(
    *, kind: ConsentKind, text: ConsentText, edition: str, operator: Operator, destroy_days: int
) -> ConsentDocument:
    """Return the text with lines to write on; raise `ConsentIsIncomplete` without an operator."""
    _check_operator(operator)
    paper = f"{LINE}, дата выдачи {LINE[:14]}, выдан: {LINE}"
    values = dict.fromkeys(KNOWN_PLACES, LINE) | {
        "subject_paper": paper,
        "representative_paper": paper,
        "operator_name": operator.name,
        "operator_address": operator.address,
        "processor": operator.processor,
        "destroy_days": str(destroy_days),
        "school_short_name": operator.name,
    }
    return ConsentDocument(
        kind=kind.value,
        title=text.title,
        edition=edition,
        salt="",
        sections=tuple(
            Section(code.value, HEADINGS[code], _fill(text.sections[code], values))
            for code in Requisite
            if code in text.sections
        ),
        signers=tuple("" for _ in _signers(kind, "", "")),
    )


def show_places(text: str) -> str:
    """Return a text with its places named in Russian, for those who word it."""
    return PLACE.sub(lambda found: f"{{{PLACES.get(found[1], found[1])}}}", text)


def read_places(text: str) -> str:
    """Return a text with its places named as the code names them."""
    return PLACE.sub(lambda found: f"{{{NAMES_OF_PLACES.get(found[1], found[1])}}}", text)


def list_wanted(kind: ConsentKind) -> list[Requisite]:
    """Return the requisites a consent of this kind must have: all nine, or all without item 2."""
    return [
        one for one in Requisite if one != Requisite.REPRESENTATIVE or kind in WITH_REPRESENTATIVE
    ]


def choose_text(
    *, edition: Edition, kind: ConsentKind, own_sections: Mapping[str, str]
) -> ConsentText:
    """Return the shipped text with the sections the school worded itself."""
    shipped = edition.texts[kind]
    sections = {code: own_sections.get(code.value, text) for code, text in shipped.sections.items()}
    return ConsentText(shipped.title, sections)


def check_sections(*, kind: ConsentKind, own_sections: Mapping[str, str]) -> None:
    """Raise `ConsentTextIsUnfit` for a wording that lacks what its section must name."""
    wanted = {one.value for one in list_wanted(kind)}
    for code, text in own_sections.items():
        if code not in wanted:
            raise ConsentTextIsUnfit("Такого раздела в согласии нет.", section=code)
        if not text.strip():
            raise ConsentTextIsUnfit(
                f"Раздел «{HEADINGS[Requisite(code)]}» нельзя оставить пустым.", section=code
            )
        named = set(PLACE.findall(text))
        lacking = [one for one in MUST_NAME.get(Requisite(code), ()) if one not in named]
        if lacking:
            places = show_places(", ".join(f"{{{one}}}" for one in lacking))
            raise ConsentTextIsUnfit(
                f"В разделе «{HEADINGS[Requisite(code)]}» нет обязательного: {places}.",
                section=code,
            )
        unknown = sorted(named - KNOWN_PLACES)
        if unknown:
            raise ConsentTextIsUnfit(
                f"В разделе «{HEADINGS[Requisite(code)]}» неизвестное место: {{{unknown[0]}}}.",
                section=code,
            )


def _check_complete(kind: ConsentKind, operator: Operator, details: SignerDetails) -> None:
    missing = [f"subject.{name}" for name in details.subject.list_missing()]
    if kind in WITH_REPRESENTATIVE:
        if details.representative is None:
            missing.append("representative")
        else:
            missing += [f"representative.{one}" for one in details.representative.list_missing()]
        if not details.authority.strip():
            missing.append("authority")
    if missing:
        raise ConsentIsIncomplete(missing=missing)
    _check_operator(operator)


def _check_operator(operator: Operator) -> None:
    if not operator.name.strip() or not operator.address.strip():
        raise ConsentIsIncomplete(
            "Не заданы полное название или адрес школы: без них согласие не имеет силы. Впишите их "
            "на странице «Тексты согласий».",
            missing=["operator"],
        )


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def _signers(kind: ConsentKind, subject_name: str, representative_name: str) -> tuple[str, ...]:
    if kind is ConsentKind.PARENT:
        return (representative_name,)
    if kind is ConsentKind.PUPIL:
        return (subject_name, representative_name)
    return (subject_name,)
