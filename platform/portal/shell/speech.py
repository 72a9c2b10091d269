"""How the portal says dates, numbers and names in Russian: pure functions behind the filters."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from kernel.day_words import MONTHS, WEEKDAYS

NBSP: Final = "\u00a0"
# How our own documents name a rule: nothing a person could look up.
OUR_NAMES: Final = re.compile(
    r"\b[A-Z]{3}-\d{3}\b|\blaw\.md §[\d.]+|Требования к регламенту, ч\. A"
)

WEEKDAYS_SHORT: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


def say_date(day: date) -> str:
    """Return «12 марта, чт»."""
    return f"{_day_and_month(day)}, {WEEKDAYS_SHORT[day.weekday()]}"


def say_full_date(day: date) -> str:
    """Return «12 марта 2026 г.», the form of documents."""
    return f"{_day_and_month(day)} {day.year}{NBSP}г."


def say_day(day: date, today: date | None = None) -> str:
    """Return «Четверг, 12 марта»; with `today` near days are «Вчера», «Сегодня», «Завтра»."""
    word = WEEKDAYS[day.weekday()]
    if today is not None:
        near = {-1: "вчера", 0: "сегодня", 1: "завтра"}
        word = near.get((day - today) // timedelta(days=1), word)
    return f"{word.capitalize()}, {_day_and_month(day)}"


def choose_form(number: int, forms: Sequence[str]) -> str:
    """Return the form of a noun for the number: forms are (урок, урока, уроков)."""
    one, few, many = forms
    tail = abs(number) % 100
    if 11 <= tail <= 14:
        return many
    if tail % 10 == 1:
        return one
    return few if 2 <= tail % 10 <= 4 else many


def say_count(number: int) -> str:
    """Return «12 340»; a thin space parts the thousands."""
    return f"{number:,}".replace(",", "\u202f")


def count_things(number: int, forms: Sequence[str]) -> str:
    """Return «5 уроков», «12 340 учеников»."""
    return f"{say_count(number)}{NBSP}{choose_form(number, forms)}"


def say_ground(clause: str) -> str:
    """Return the ground of a rule as people look it up; a rule of ours alone is the school's."""
    named = [OUR_NAMES.sub("", part).strip(" ,") for part in clause.split(";")]
    return "; ".join(filter(None, named)) or "регламент школы"


def say_sentence(text: str) -> str:
    """Return what a person typed as a sentence: a capital first, one sign at its end."""
    said = text.strip()
    said = said[:1].upper() + said[1:]
    return said if said.endswith((".", "!", "?", "…")) or not said else f"{said}."


def shorten_name(full_name: str) -> str:
    """Return «Петрова О. И.» for «Петрова Ольга Ивановна»; a single word stays as it is."""
    last, *given = full_name.split()
    initials = [f"{part[0].upper()}." for part in given[:2]]
    return f"{last} {NBSP.join(initials)}".rstrip()


def _day_and_month(day: date) -> str:
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"
