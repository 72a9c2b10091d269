"""What a column of a list may hold, and by which words people head it.

Headings are compared after `plain_heading`: small letters, «ё» as «е», signs as blanks.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MOTHER, FATHER, ANYONE = "mother", "father", "anyone"


class Field(StrEnum):
    """A field of a card, whoever the card is of."""

    FULL_NAME = "full_name"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    CLASS = "class"
    LEVEL = "level"
    LETTER = "letter"
    PHONE = "phone"
    EMAIL = "email"
    RELATION = "relation"
    SNILS = "snils"
    POST = "post"
    GRADE_RANK = "grade_rank"
    CATEGORY = "category"
    FUNCTIONS = "functions"
    SPECIALITY = "speciality"


NAME_FIELDS = (Field.FULL_NAME, Field.LAST_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME)

TITLES = {
    Field.FULL_NAME: "ФИО",
    Field.LAST_NAME: "Фамилия",
    Field.FIRST_NAME: "Имя",
    Field.MIDDLE_NAME: "Отчество",
    Field.BIRTH_DATE: "Дата рождения",
    Field.CLASS: "Класс",
    Field.POST: "Должность",
}

WORDS: dict[Field, tuple[str, ...]] = {
    Field.FULL_NAME: (
        "фио",
        "ф и о",
        "ф и о полностью",
        "фио полностью",
        "фамилия имя отчество",
        "фамилия имя и отчество",
        "фамилия имя отчество полностью",
        "фамилия и о",
        "фамилия имя",
    ),
    Field.LAST_NAME: ("фамилия",),
    Field.FIRST_NAME: ("имя",),
    Field.MIDDLE_NAME: ("отчество", "отчество при наличии"),
    Field.BIRTH_DATE: (
        "дата рождения",
        "дата рожд",
        "день рождения",
        "рождения",
        "д р",
        "др",
        "родился",
        "дата рождения дд мм гггг",
    ),
    Field.SEX: ("пол", "пол м ж"),
    Field.CLASS: ("класс", "класс обучения", "класс с литерой", "класс и литера"),
    Field.LEVEL: ("параллель", "номер класса", "год обучения"),
    Field.LETTER: ("литера", "литер", "буква", "литера класса", "буква класса"),
    Field.PHONE: (
        "телефон",
        "тел",
        "номер телефона",
        "контактный телефон",
        "мобильный телефон",
        "моб телефон",
        "моб тел",
        "сотовый телефон",
        "сотовый",
        "телефоны",
    ),
    Field.EMAIL: (
        "e mail",
        "email",
        "e mail адрес",
        "почта",
        "электронная почта",
        "эл почта",
        "адрес электронной почты",
        "адрес эл почты",
    ),
    Field.RELATION: ("родство", "степень родства", "кем приходится", "статус", "отношение"),
    Field.SNILS: ("снилс", "номер снилс", "страховой номер"),
    Field.POST: (
        "должность",
        "основная должность",
        "занимаемая должность",
        "наименование должности",
    ),
    Field.GRADE_RANK: ("разряд", "разряд етс", "тарифный разряд"),
    Field.CATEGORY: ("категория", "квалификационная категория", "квалиф категория", "кв категория"),
    Field.FUNCTIONS: ("функции", "функция", "выполняемые функции", "функционал", "обязанности"),
    Field.SPECIALITY: (
        "специальность",
        "специальность по диплому",
        "специальность по образованию",
        "квалификация по диплому",
    ),
}
BY_WORDS = {words: field for field, spellings in WORDS.items() for words in spellings}

PUPIL_FIELDS = frozenset(
    {*NAME_FIELDS, Field.BIRTH_DATE, Field.SEX, Field.CLASS, Field.LEVEL, Field.LETTER}
)
GUARDIAN_FIELDS = frozenset(
    {
        *NAME_FIELDS,
        Field.BIRTH_DATE,
        Field.SEX,
        Field.PHONE,
        Field.EMAIL,
        Field.RELATION,
        Field.SNILS,
    }
)
EMPLOYEE_FIELDS = frozenset(
    {
        *NAME_FIELDS,
        Field.BIRTH_DATE,
        Field.SEX,
        Field.POST,
        Field.GRADE_RANK,
        Field.CATEGORY,
        Field.FUNCTIONS,
        Field.SPECIALITY,
    }
)
# Without a word of whose they are, these belong to the guardian named to the left.
OF_GUARDIAN_ONLY = frozenset({Field.PHONE, Field.EMAIL, Field.RELATION})

PUPIL_WORDS = re.compile(
    r"\b(?:ребен(?:ок|ка)|учени(?:к|ка|ца|цы)(?: цы| ца)?|обучающ\w+|учащ\w+|воспитанни[кц]\w*)\b"
)
EMPLOYEE_WORDS = re.compile(r"\b(?:работник\w*|сотрудник\w*|учител\w+|педагог\w*)\b")
PARENTS = (
    (MOTHER, re.compile(r"\b(?:матери|мать|мамы|мама)\b")),
    (FATHER, re.compile(r"\b(?:отца|отец|папы|папа)\b")),
    (
        ANYONE,
        re.compile(
            r"\b(?:(?:законн\w+ )?представител\w+|родител\w+"
            r"(?: законн\w+ представител\w+)?|опекун\w*|попечител\w+|усыновител\w+)\b"
        ),
    ),
)
ORDINAL = re.compile(r"\b(\d)(?: ?(?:й|го|ый|ого))?\b")
ROW_NUMBER = frozenset({"", "п п", "no", "n", "n п п", "номер", "номер п п", "пп"})
NOT_WORDS = re.compile(r"[^a-zа-я0-9]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading says: the field, and which guardian it is about, if it is about one."""

    field: Field
    guardian: str = ""


def plain_heading(text: str) -> str:
    """Return the heading without case, signs and «ё»."""
    return NOT_WORDS.sub(" ", text.lower().replace("ё", "е")).strip()


def read_pupils_heading(text: str) -> Meaning | None:
    """Return what a heading of a list of pupils means, or None when the words are unknown.

    A guardian is "mother", "father" or "anyone", with the number if there are several:
    «Телефон родителя 2» is the phone of "anyone2". A bare «Мать» is the name of the mother.
    """
    words = plain_heading(text)
    for kind, pattern in PARENTS:
        rest, found = pattern.subn(" ", words)
        if found:
            ordinal = ORDINAL.search(rest)
            field = _field(ORDINAL.sub(" ", rest), Field.FULL_NAME)
            number = ordinal[1] if ordinal and ordinal[1] != "1" else ""
            return Meaning(field, f"{kind}{number}") if field in GUARDIAN_FIELDS else None
    return _read_plain(words, PUPIL_WORDS)


def read_employees_heading(text: str) -> Meaning | None:
    """Return what a heading of a list of employees means, or None when the words are unknown."""
    return _read_plain(plain_heading(text), EMPLOYEE_WORDS)


def _read_plain(words: str, owner: re.Pattern[str]) -> Meaning | None:
    rest, found = owner.subn(" ", words)
    field = _field(rest, Field.FULL_NAME if found else None)
    return Meaning(field) if field else None


def _field(words: str, default: Field | None) -> Field | None:
    plain = " ".join(words.split())
    return BY_WORDS.get(plain) if plain else default
