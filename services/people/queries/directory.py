"""The lists of the office: search by words, page by page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kernel.names import FullName, matching_key
from services.people.models import (
    BY_NAME,
    ClassEnrollment,
    Employee,
    Guardian,
    Pupil,
)
from services.people.queries.days import on_day
from services.people.queries.families import PupilCard, get_pupil_cards
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


def find_pupils(*, name: FullName, birth_date: date, on: date) -> list[PupilCard]:
    """Return the pupils who bear a name and were born on a day, with the class of a day.

    Spelling is forgiven as in lists: case, «ё», hyphens. Several are namesakes: never choose.
    """
    rows = Pupil.objects.filter(birth_date=birth_date)
    wanted = matching_key(name)
    ids = [
        row.pk
        for row in rows.order_by(*BY_NAME)
        if matching_key(to_person_card(row).name) == wanted
    ]
    cards = get_pupil_cards(pupil_ids=ids, on=on)
    return [cards[pk] for pk in ids]


def search_pupils(
    *, words: str, on: date, page: int = 1, class_ids: Collection[int] | None = None
) -> DirectoryPage:
    """Return a page of the pupils whose name has all the words, with the class on a day.

    Of some classes only when they are named.
    """
    rows = _by_words(Pupil.objects.all(), words)
    if class_ids is not None:
        enrolled = on_day(ClassEnrollment.objects.filter(school_class_id__in=class_ids), on)
        rows = rows.filter(pk__in=enrolled.values("pupil"))
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


def search_employees(*, words: str, page: int = 1, on: date = date.max) -> DirectoryPage:
    """Return a page of the employees at work whose name has all the words, with the post.

    Who leaves later is at work on the day; without a day, only those nobody has dismissed.
    """
    at_work = Employee.objects.filter(Q(left_on=None) | Q(left_on__gte=on))
    rows = _by_words(at_work, words)
    shown = [
        DirectoryRow(row.pk, str(to_person_card(row).name), row.post, bool(row.account_id))
        for row in _page(rows, page)
    ]
    return DirectoryPage(shown, rows.count())


def search_guardians(*, words: str, page: int = 1) -> DirectoryPage:
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
