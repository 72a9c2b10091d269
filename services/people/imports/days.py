"""Reading days: every spelling people use, Excel's serial numbers, years of two digits."""

import re
from datetime import date, datetime, time, timedelta

from foundation.spreadsheets import Cell
from kernel.day_words import MONTHS
from services.people.imports.values import Read, ValueIsWrong, text_of

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(10_000, 60_000)  # 1927–2064

MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[./,\- ]\s*(\d{1,2})\s*[./,\- ]\s*(\d{4}|\d{2})")
ISO_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ]00:00(?::00)?)?")
WORDED_DATE = re.compile(r"(\d{1,2})\s+([а-яё]+)\s+(\d{4})")
YEAR_MARK = re.compile(r"\s*(?:года|год|г\.?)$")
ZERO_LIKE = re.compile(r"(?<=\d)[оo](?=[\d.,/\-])|(?<![а-яa-z])[оo](?=\d)|(?<=[.,/\-])[оo](?=\d)")


def read_date(cell: Cell, today: date) -> Read[date]:
    """Return a day that is not in the future. Raises ValueIsWrong."""
    read = _any_date(cell, today)
    if read.value > today:
        raise ValueIsWrong("date-in-future", "Дата ещё не наступила.", "Проверьте год в дате.")
    return read


def _any_date(cell: Cell, today: date) -> Read[date]:
    if isinstance(cell, datetime):
        return Read(cell.date())
    if isinstance(cell, date):
        return Read(cell)
    if isinstance(cell, bool | time):
        raise _not_a_date()
    if isinstance(cell, int | float):
        return _from_serial(cell)
    return _from_text(text_of(cell), today)


def _from_serial(number: float) -> Read[date]:
    if int(number) not in SERIALS:
        raise _not_a_date()
    day = EXCEL_EPOCH + timedelta(days=int(number))
    return Read(day, f"Число прочитано как дата Excel: {day:%d.%m.%Y}.")


def _from_text(text: str, today: date) -> Read[date]:
    plain = YEAR_MARK.sub("", text.lower())
    healed, zeros = ZERO_LIKE.subn("0", plain)
    note = "Буква «О» в дате заменена нулём." if zeros else ""
    if healed.isdecimal() and len(healed) == 5:
        return _from_serial(int(healed))
    if match := ISO_DATE.fullmatch(healed):
        year, month, day = match.groups()
        return Read(_day(int(year), int(month), int(day)), note)
    if (match := WORDED_DATE.fullmatch(healed)) and match[2] in MONTH_NUMBERS:
        return Read(_day(int(match[3]), MONTH_NUMBERS[match[2]], int(match[1])), note)
    if match := NUMERIC_DATE.fullmatch(healed):
        return _from_numbers(match, today, note)
    raise _not_a_date()


def _from_numbers(match: re.Match[str], today: date, note: str) -> Read[date]:
    day, month, year = (int(part) for part in match.groups())
    if len(match[3]) == 4:
        return Read(_day(year, month, day), note)
    century = today.year // 100 * 100
    full = century + year if century + year <= today.year else century - 100 + year
    return Read(_day(full, month, day), f"Год из двух цифр прочитан как {full}.")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueIsWrong(
            "date-is-impossible", "Такого дня в календаре нет.", "Проверьте день, месяц и год."
        ) from error


def _not_a_date() -> ValueIsWrong:
    return ValueIsWrong("date-is-unreadable", "Это не дата.", "Запишите дату так: 01.09.2016.")
