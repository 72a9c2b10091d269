"""What the school keeps about one person: the answer to a subject's request (152-ФЗ ст. 14, 20).

The rooms above add their parts by `register_part` (config/wiring.py): cases, diary, journal. Nobody
asks them here, and whoever forgets to register is missed by tests/rooms/people/test_own_data.py.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from kernel.errors import NotFound
from services.people.models import (
    ClassEnrollment,
    Consent,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SubjectRequest,
)
from services.people.queries.consents import get_person_name


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data are asked for: one of the three is set."""

    guardian_id: int | None = None
    pupil_id: int | None = None
    employee_id: int | None = None


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A table of the answer: why it is kept stands beside what is kept."""

    title: str
    ground: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Collect = Callable[[Subject], Sequence[OwnPart]]
_parts: list[Collect] = []


def register_part(collect: Collect) -> None:
    """Let a room add what it keeps about a person; called once at start, inside no transaction."""
    if collect not in _parts:
        _parts.append(collect)


def list_registered() -> list[Collect]:
    """Return who adds to the answer."""
    return list(_parts)


def get_subject_name(subject: Subject) -> str:
    """Return the full name; raise `NotFound`."""
    card = _card(subject)
    if card is None:
        raise NotFound
    return get_person_name(card)


def get_subject_account(subject: Subject) -> int | None:
    """Return the account of the person, or None."""
    card = _card(subject)
    return card.account_id if card else None


def collect_own_data(subject: Subject) -> list[OwnPart]:
    """Return everything the school keeps about a person, room by room; raise `NotFound`."""
    card = _card(subject)
    if card is None:
        raise NotFound
    parts = [_card_part(card), *_family(subject), *_classes(subject), *_consents(subject)]
    parts += _requests(subject)
    for collect in _parts:
        parts += collect(subject)
    return [part for part in parts if part.rows]


def as_json(*, name: str, operator: Mapping[str, Any], on: date, parts: Sequence[OwnPart]) -> bytes:
    """Return the answer for programs: UTF-8 JSON, the same data the same bytes."""
    answer = {
        "subject": name,
        "operator": dict(operator),
        "made_on": on.isoformat(),
        "parts": [
            {"title": one.title, "ground": one.ground, "columns": one.columns, "rows": one.rows}
            for one in parts
        ],
    }
    return json.dumps(answer, ensure_ascii=False, indent=1).encode()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def digest_of(content: bytes) -> str:
    """Return the sha256 of an answer."""
    return hashlib.sha256(content).hexdigest()


Card = Pupil | Guardian | Employee
FIELDS = {
    "last_name": "фамилия",
    "first_name": "имя",
    "middle_name": "отчество",
    "sex": "пол",
    "birth_date": "дата рождения",
    "phone": "номер телефона",
    "email": "адрес электронной почты",
    "address": "адрес",
    "identity_digest": "отпечаток СНИЛС и даты рождения",
    "post": "должность",
    "grade_rank": "разряд",
    "category": "квалификационная категория",
    "functions": "функции",
    "speciality": "специальность по диплому",
}


def _card(subject: Subject) -> Card | None:
    if subject.guardian_id is not None:
        return Guardian.objects.filter(pk=subject.guardian_id).first()
    if subject.pupil_id is not None:
        return Pupil.objects.filter(pk=subject.pupil_id).first()
    return Employee.objects.filter(pk=subject.employee_id or 0).first()


def _card_part(card: Card) -> OwnPart:
    rows = []
    for field, title in FIELDS.items():
        value = getattr(card, field, "")
        if value in ("", None):
            continue
        words = card.get_sex_display() if field == "sex" else value
        shown = f"{words:%d.%m.%Y}" if isinstance(words, date) else str(words)
        rows.append((title, shown))
    ground = "ст. 28 ч. 3 п. 11 273-ФЗ; согласие" if not isinstance(card, Employee) else "ТК РФ"
    return OwnPart("Карточка", ground, ("Что", "Значение"), tuple(rows))


def _family(subject: Subject) -> list[OwnPart]:
    """A child's answer names its representatives without their contacts; theirs are their own."""
    links = GuardianLink.objects.select_related("pupil", "guardian").order_by("pk")
    if subject.guardian_id is not None:
        rows = [
            (get_person_name(one.pupil), one)
            for one in links.filter(guardian_id=subject.guardian_id)
        ]
    elif subject.pupil_id is not None:
        rows = [
            (get_person_name(one.guardian), one) for one in links.filter(pupil_id=subject.pupil_id)
        ]
    else:
        return []
    return [
        OwnPart(
            "Родство и представительство",
            "СК РФ ст. 64; согласие",
            ("Кто", "Кем приходится ребёнку", "С", "По"),
            tuple(
                (name, one.get_relation_display(), _day(one.since_on), _day(one.until))
                for name, one in rows
            ),
        )
    ]


def _classes(subject: Subject) -> list[OwnPart]:
    if subject.pupil_id is None:
        return []
    rows = ClassEnrollment.objects.filter(pupil_id=subject.pupil_id).order_by("since_on", "pk")
    return [
        OwnPart(
            "Классы",
            "ст. 28 ч. 3 п. 11 273-ФЗ",
            ("Класс", "С", "По"),
            tuple(
                (one.school_class.title, _day(one.since_on), _day(one.until))
                for one in rows.select_related("school_class")
            ),
        )
    ]


def _about(subject: Subject) -> Q:
    """Return the condition of a row about one person; nobody's rows for nobody."""
    if subject.guardian_id is not None:
        return Q(guardian_id=subject.guardian_id)
    if subject.pupil_id is not None:
        return Q(pupil_id=subject.pupil_id)
    return Q(employee_id=subject.employee_id or 0)


def _consents(subject: Subject) -> list[OwnPart]:
    rows = Consent.objects.filter(_about(subject)).defer("snapshot")
    return [
        OwnPart(
            "Согласия",
            "152-ФЗ ст. 9",
            ("Номер", "Дата", "Чьё", "Кто принял", "Отозвано"),
            tuple(
                (
                    one.number,
                    _day(one.accepted_on),
                    one.get_kind_display(),
                    one.accepter_name,
                    _day(one.withdrawn_at),
                )
                for one in rows.order_by("pk")
            ),
        )
    ]


def _requests(subject: Subject) -> list[OwnPart]:
    rows = SubjectRequest.objects.filter(_about(subject))
    return [
        OwnPart(
            "Запросы своих данных",
            "152-ФЗ ст. 20",
            ("Номер", "Поступил", "Отвечено"),
            tuple(
                (one.number, _day(one.asked_on), _day(one.answered_at))
                for one in rows.order_by("pk")
            ),
        )
    ]


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
