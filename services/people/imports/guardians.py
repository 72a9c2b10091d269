"""Reading guardians out of the columns of a row; СНИЛС is shown in remarks by its end only."""

from collections.abc import Iterator
from datetime import date

from foundation.spreadsheets import Severity, column_letter
from services.people.imports.columns import name_field
from services.people.imports.fields import FATHER, MOTHER, Field
from services.people.imports.people import GuardianRow
from services.people.imports.rows import RowReader
from services.people.imports.values import read_email, read_phone, read_snils, text_of

GUARDIAN_AGES = (14, 110)

RELATIONS = {
    "mother": ("мать", "мама", "матерь"),
    "father": ("отец", "папа"),
    "guardian": ("опекун", "опекунша", "приемный родитель", "приемная мать", "приемный отец"),
    "trustee": ("попечитель",),
    "adopter": ("усыновитель", "усыновительница"),
    "other": (
        "законный представитель",
        "представитель",
        "родитель",
        "бабушка",
        "дедушка",
        "тетя",
        "дядя",
        "брат",
        "сестра",
        "отчим",
        "мачеха",
        "иной законный представитель",
        "иное",
        "другое",
    ),
}
BY_RELATION = {word: relation for relation, words in RELATIONS.items() for word in words}


def read_guardians(row: RowReader, today: date) -> Iterator[GuardianRow]:
    """Yield the guardians of a row; remarks go to the row's."""
    for kind, columns in row.header.guardians.items():
        block = RowReader(row.row, row.header, columns, row.problems)
        guardian = _read_guardian(block, kind, today)
        if guardian is not None:
            yield guardian


def _read_guardian(block: RowReader, kind: str, today: date) -> GuardianRow | None:
    if not block.has_name():
        _warn_of_lost_contacts(block)
        return None
    name = block.take_name()
    relation = _relation(block, kind)
    default = {MOTHER: "f", FATHER: "m"}.get(kind.rstrip("0123456789"), "")
    sex = block.take_sex(name, default)
    birth_date = block.take_birth_date(today, GUARDIAN_AGES)
    phone = block.take(Field.PHONE, read_phone, Severity.WARNING) or ""
    email = block.take(Field.EMAIL, read_email, Severity.WARNING) or ""
    snils = block.take(Field.SNILS, read_snils, shown=_masked(block)) or ""
    if name is None or relation is None:
        return None
    if snils and birth_date is None:
        block.remark(
            Severity.WARNING,
            "snils-without-birth-date",
            Field.SNILS,
            "СНИЛС без даты рождения не используется.",
            "Добавьте дату рождения родителя.",
            _masked(block),
        )
        snils = ""
    at = column_letter(block.columns[name_field(block.columns)])
    return GuardianRow(block.row.number, at, name, relation, sex, birth_date, phone, email, snils)


def _relation(block: RowReader, kind: str) -> str | None:
    stated = text_of(block.cell(Field.RELATION)).lower().replace("ё", "е").rstrip(".")
    if stated:
        if stated in BY_RELATION:
            return BY_RELATION[stated]
        block.remark(
            Severity.ERROR,
            "relation-is-unknown",
            Field.RELATION,
            "Непонятно, кем взрослый приходится ребёнку.",
            "Напишите: мать, отец, опекун, попечитель, усыновитель или представитель.",
        )
        return None
    plain = kind.rstrip("0123456789")
    return plain if plain in (MOTHER, FATHER) else "other"


def _warn_of_lost_contacts(block: RowReader) -> None:
    for one in (Field.PHONE, Field.EMAIL, Field.SNILS):
        if block.has(one):
            block.remark(
                Severity.WARNING,
                "contact-of-nobody",
                one,
                "Имя взрослого не указано, значение не загружено.",
                "Впишите фамилию, имя и отчество.",
                _masked(block) if one == Field.SNILS else None,
            )


def _masked(block: RowReader) -> str:
    """Return СНИЛС as the report may show it: two last digits."""
    text = text_of(block.cell(Field.SNILS))
    return f"…{text[-2:]}" if text else ""
