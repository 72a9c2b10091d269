"""The lists of the office: search by words, page by page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from services.people.models import (
    BY_NAME,
    Employee,
    Guardian,
    Pupil,
)
from services.people.queries.families import get_pupil_cards
from services.people.queries.persons import to_person_card

PAGE_SIZE = 50
WORDS_HEEDED = 4


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """A line of the office's lists: the name, and the class or the post."""

    id: int
    name: str
    place: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of a list with the number of all that were found."""

    rows: list[DirectoryRow]
    found: int


def find_pupils(*, words: str, on: date, page: int = 1) -> DirectoryPage:
    """Return a page of the pupils whose name has all the words, with the class on a day."""
    rows = _by_words(Pupil.objects.all(), words)
    found = rows.count()
    shown = list(_page(rows, page))
    cards = get_pupil_cards(pupil_ids=[row.pk for row in shown], on=on)
    return DirectoryPage(
        [
            DirectoryRow(
                row.pk, str(cards[row.pk].name), cards[row.pk].class_title, bool(row.account_id)
            )
            for row in shown
        ],
        found,
    )


def find_employees(*, words: str, page: int = 1) -> DirectoryPage:
    """Return a page of the employees at work whose name has all the words, with the post."""
    rows = _by_words(Employee.objects.filter(left_on=None), words)
    shown = [
        DirectoryRow(row.pk, str(to_person_card(row).name), row.post, bool(row.account_id))
        for row in _page(rows, page)
    ]
    return DirectoryPage(shown, rows.count())


def find_guardians(*, words: str, page: int = 1) -> DirectoryPage:
    """Return a page of the guardians whose name has all the words."""
    rows = _by_words(Guardian.objects.all(), words)
    shown = [
        DirectoryRow(row.pk, str(to_person_card(row).name), "", bool(row.account_id))
        for row in _page(rows, page)
    ]
    return DirectoryPage(shown, rows.count())


def _by_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Return people who have a name beginning with each of the words, «ё» typed as «е» or not."""
    for word in words.lower().replace("ё", "е").split()[:WORDS_HEEDED]:
        rows = rows.filter(Q(sort_key__startswith=word) | Q(sort_key__contains=f" {word}"))
    return rows.order_by(*BY_NAME)


def _page(rows: QuerySet[Any], page: int) -> QuerySet[Any]:
    start = (max(page, 1) - 1) * PAGE_SIZE
    return rows[start : start + PAGE_SIZE]
