"""Reading single values of a list: a class, a sex, a phone, a СНИЛС, a name; `days` reads days.

Each reader returns the value with what was healed on the way, or raises `ValueIsWrong` with the
reason and the cure that go into the report.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, TypeVar

from foundation.spreadsheets import Cell
from kernel.errors import DomainError
from kernel.lookalikes import heal_lookalikes
from kernel.names import FullName, parse_full_name

T = TypeVar("T")

NOTHING = frozenset({"", "-", "–", "—", "нет", "не указано", "отсутствует", "б/о", "н/д", "0"})
LONGEST_NAME = 60

CLASS = re.compile(r"(\d{1,2})\s*(?:[-–—./]?\s*([а-яё]{0,6})|[-–—./]\s*(\d))")
CLASS_NOISE = re.compile(r"[«»\"'“”„‘’`()]|\bкласса?\b|\bкл\b\.?")

MALE = frozenset({"м", "муж", "мужской", "мальчик", "m", "male"})
FEMALE = frozenset({"ж", "жен", "женский", "девочка", "f", "female"})

SNILS_WEIGHTS = range(9, 0, -1)
FIRST_CHECKED_SNILS = 1_001_998
EMAIL = re.compile(r"[a-z0-9._%+\-]+@[a-z0-9а-яё\-]+(?:\.[a-z0-9а-яё\-]+)+")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value, and what was healed to get it ("" when it stood there as it should)."""

    value: T
    healed: str = ""


class ValueIsWrong(DomainError):
    """A cell that cannot be taken as it is."""

    code = "value-is-wrong"

    def __init__(self, code: str, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.problem = code
        self.cure = cure


def text_of(cell: Cell) -> str:
    """Return the cell as one line of text; «-» and «нет» are nothing."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%d.%m.%Y}"
    text = " ".join(str(cell).replace("\xa0", " ").split())
    return "" if text.lower() in NOTHING else text


def show(cell: Cell) -> str:
    """Return the cell as the report shows it."""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else " ".join(str(cell).split())[:100]


# --- Classes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class ClassName:
    """A class: level and letter."""

    level: int
    letter: str

    def __str__(self) -> str:
        return f"{self.level}{self.letter}"


def read_class(cell: Cell) -> Read[ClassName]:
    """Return a class of «7А», «7 "А"», «7-а класс», 7. Raises ValueIsWrong."""
    if isinstance(cell, date):
        raise ValueIsWrong(
            "class-became-date",
            "Табличный редактор превратил название класса в дату.",
            "Сделайте столбец текстовым и впишите класс заново.",
        )
    if isinstance(cell, bool | float | time):
        raise _not_a_class()
    text = text_of(cell)
    plain = " ".join(CLASS_NOISE.sub(" ", text.lower()).split())
    match = CLASS.fullmatch(_cyrillic_class(plain))
    if match is None:
        raise _not_a_class()
    healed = "Латинская буква в классе заменена русской." if _has_latin(plain) else ""
    letter = (match[2] or match[3] or "").upper()
    return Read(ClassName(_level(int(match[1])), letter), healed)


def read_level(cell: Cell) -> int:
    """Return the level of a class, 1 to 11. Raises ValueIsWrong."""
    text = text_of(cell)
    plain = CLASS_NOISE.sub(" ", text.lower()).strip()
    if isinstance(cell, bool | float) or not plain.isdecimal() or len(plain) > 2:
        raise _not_a_class()
    return _level(int(plain))


def read_letter(cell: Cell) -> Read[str]:
    """Return the letter of a class, perhaps empty. Raises ValueIsWrong."""
    plain = CLASS_NOISE.sub(" ", text_of(cell).lower()).strip()
    letter = _cyrillic_class(plain)
    if not re.fullmatch(r"[а-яё]{0,6}|\d", letter):
        raise _not_a_class()
    return Read(
        letter.upper(), "Латинская буква в классе заменена русской." if _has_latin(plain) else ""
    )


def _level(number: int) -> int:
    if not 1 <= number <= 11:
        raise ValueIsWrong(
            "class-is-impossible", "Классы бывают с 1 по 11.", "Проверьте номер класса."
        )
    return number


def _not_a_class() -> ValueIsWrong:
    return ValueIsWrong("class-is-unreadable", "Это не название класса.", "Запишите класс так: 7А.")


def _cyrillic_class(text: str) -> str:
    # One letter alone has no Cyrillic neighbour to be healed by: «7A» is always a look-alike.
    return text.translate(str.maketrans("abcehkmoptxy", "авсенкмортху"))


def _has_latin(text: str) -> bool:
    return re.search("[a-z]", text) is not None


# --- People ------------------------------------------------------------------------------------


def read_name(text: str) -> Read[FullName]:
    """Return the parts of a full name, look-alike letters healed. Raises ValueIsWrong."""
    try:
        name = parse_full_name(text)
        healed = heal_lookalikes(text).changed
    except DomainError as error:
        raise ValueIsWrong(
            error.code, error.message, "Запишите так: Иванова Анна Петровна."
        ) from error
    if max(len(name.last), len(name.first), len(name.middle)) > LONGEST_NAME:
        raise ValueIsWrong("name-is-too-long", "Имя слишком длинное.", "Проверьте столбец.")
    return Read(name, "Латинские буквы в имени заменены русскими." if healed else "")


def read_sex(cell: Cell) -> str:
    """Return "m", "f" or "" of an empty cell. Raises ValueIsWrong."""
    plain = text_of(cell).lower().rstrip(".")
    if not plain:
        return ""
    if plain in MALE:
        return "m"
    if plain in FEMALE:
        return "f"
    raise ValueIsWrong("sex-is-unreadable", "Это не пол.", "Запишите «м» или «ж».")


def sex_of(name: FullName) -> str:
    """Return the sex a middle name tells, or ""."""
    middle = name.middle.lower()
    if middle.endswith(("вич", "ьич", "мич", "кич", "оглы", "оглу")):
        return "m"
    return "f" if middle.endswith(("вна", "чна", "кызы", "гызы")) else ""


def read_phone(cell: Cell) -> Read[str]:
    """Return «+79001234567» or "" of an empty cell. Raises ValueIsWrong."""
    text = text_of(cell)
    if not text:
        return Read("")
    first, *others = re.split(r"[;,/]| и ", text)
    digits = re.sub(r"\D", "", first)
    healed = "Взят первый из нескольких телефонов." if any(o.strip() for o in others) else ""
    if len(digits) == 11 and digits[0] in "78":
        return Read(f"+7{digits[1:]}", healed)
    if len(digits) == 10 and digits[0] in "3489":
        return Read(f"+7{digits}", healed)
    if first.strip().startswith("+") and 11 <= len(digits) <= 15:
        return Read(f"+{digits}", healed)
    raise ValueIsWrong(
        "phone-is-unreadable",
        "Это не номер телефона, он не загружен.",
        "Запишите так: +7 900 123-45-67.",
    )


def read_email(cell: Cell) -> Read[str]:
    """Return the address in small letters or "" of an empty cell. Raises ValueIsWrong."""
    text = text_of(cell).lower()
    if not text:
        return Read("")
    first, *others = [part for part in re.split(r"[;,\s]+", text) if part] or [""]
    if not EMAIL.fullmatch(first) or len(first) > 254:
        raise ValueIsWrong(
            "email-is-unreadable",
            "Это не адрес электронной почты, он не загружен.",
            "Запишите так: name@example.ru.",
        )
    return Read(first, "Взят первый из нескольких адресов." if others else "")


def read_snils(cell: Cell) -> Read[str]:
    """Return the eleven digits or "" of an empty cell. Raises ValueIsWrong without the number."""
    text = text_of(cell)
    if not text:
        return Read("")
    digits = re.sub(r"[\s\-]", "", text)
    healed = ""
    if isinstance(cell, int) and 9 <= len(digits) < 11:
        digits, healed = digits.zfill(11), "В начало СНИЛС возвращены нули."
    if not re.fullmatch(r"\d{11}", digits) or not _snils_is_true(digits):
        raise ValueIsWrong(
            "snils-is-wrong",
            "Номер СНИЛС написан с ошибкой: не сходится контрольное число.",
            "Сверьте номер с документом.",
        )
    return Read(digits, healed)


def _snils_is_true(digits: str) -> bool:
    number, control = digits[:9], int(digits[9:])
    if int(number) <= FIRST_CHECKED_SNILS:
        return int(number) > 0
    total = sum(int(digit) * weight for digit, weight in zip(number, SNILS_WEIGHTS, strict=True))
    return total % 101 % 100 == control
