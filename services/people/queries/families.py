"""Pupils with their classes, and whose children they are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.db.door import planned_cursor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.school_year import start_year_of
from services.people.models import (
    BY_NAME,
    ClassEnrollment,
    Guardian,
    GuardianLink,
    Pupil,
)
from services.people.queries.days import on_day

PROPOSED = GuardianLink.State.PROPOSED


@dataclass(frozen=True, slots=True)
class PupilCard:
    """A pupil as the diary names him: his name, his class on a day."""

    id: int
    name: FullName
    class_title: str
    level: int | None
    class_id: int | None
    account_id: int | None


def get_pupil_card(*, pupil_id: int, on: date) -> PupilCard:
    """Return a pupil with his class on a day; raise `NotFound`."""
    cards = get_pupil_cards(pupil_ids=[pupil_id], on=on)
    if pupil_id not in cards:
        raise NotFound
    return cards[pupil_id]


def get_pupil_cards(*, pupil_ids: Collection[int], on: date) -> dict[int, PupilCard]:
    """Return pupils by id, each with the class on a day: two queries."""
    enrolments = on_day(ClassEnrollment.objects.filter(pupil_id__in=pupil_ids), on)
    classes = {row.pupil_id: row.school_class for row in enrolments.select_related("school_class")}
    cards = {}
    for row in Pupil.objects.filter(pk__in=pupil_ids):
        school_class = classes.get(row.pk)
        cards[row.pk] = PupilCard(
            id=row.pk,
            name=FullName(row.last_name, row.first_name, row.middle_name),
            class_title=school_class.title if school_class else "",
            level=school_class.level if school_class else None,
            class_id=school_class.pk if school_class else None,
            account_id=row.account_id,
        )
    return cards


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A guardian's relation to a child, as the rooms above ask it."""

    id: int
    pupil_id: int
    guardian_id: int
    relation: str
    may_read_diary: bool
    is_confirmed: bool = True


def get_links(*, link_ids: Iterable[int]) -> list[LinkCard]:
    """Return links by id."""
    return [_link(row) for row in GuardianLink.objects.filter(pk__in=list(link_ids))]


def list_children_of_guardian(*, guardian_id: int, on: date) -> list[LinkCard]:
    """Return the links of a guardian that the school confirmed and that hold on a day."""
    links = GuardianLink.objects.filter(guardian_id=guardian_id).exclude(state=PROPOSED)
    rows = on_day(links, on).order_by("pk")
    return [_link(row) for row in rows]


def list_guardian_links(*, pupil_id: int, on: date) -> list[LinkCard]:
    """Return who stands for a child on a day, also those the school has not confirmed yet."""
    rows = on_day(GuardianLink.objects.filter(pupil_id=pupil_id), on).order_by("pk")
    return [_link(row) for row in rows]


def _link(row: GuardianLink) -> LinkCard:
    return LinkCard(
        row.pk,
        row.pupil_id,
        row.guardian_id,
        row.relation,
        row.may_read_diary,
        row.state != PROPOSED,
    )


# A guardian's children, or one pupil himself, with the class of a day: one statement for both.
WARDS = """
SELECT p.id, p.last_name, p.first_name, p.middle_name, p.account_id, c.id, c.level, c.letter,
       l.relation, l.may_read_diary, l.since_on, l.until, l.state
FROM people_pupil p
LEFT JOIN people_guardianlink l ON l.pupil_id = p.id AND l.guardian_id = %(guardian)s
LEFT JOIN people_classenrollment e ON e.pupil_id = p.id
    AND e.since_on <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)
LEFT JOIN people_schoolclass c ON c.id = e.school_class_id
WHERE {condition}
ORDER BY c.level DESC NULLS LAST, p.sort_key, p.id
"""


@dataclass(frozen=True, slots=True)
class Ward:
    """A child with a guardian's link to it; the link may be over, its rights may be taken away."""

    card: PupilCard
    relation: str
    may_read_diary: bool
    since_on: date
    until: date | None
    state: str = "confirmed"


def list_wards(*, guardian_id: int, on: date) -> list[Ward]:
    """Return every link of a guardian, past ones too, with the child's class on a day: one query.

    The eldest child stands first. Whether a link gives a right is decided by who asks.
    """
    rows = _read_wards("l.guardian_id = %(guardian)s", guardian=guardian_id, on=on)
    return [Ward(_card_of_ward(row), *row[8:13]) for row in rows]


def find_pupil_card(*, pupil_id: int, on: date) -> PupilCard | None:
    """Return a pupil with his class on a day, or None: one query."""
    rows = _read_wards("p.id = %(pupil)s", pupil=pupil_id, guardian=None, on=on)
    return _card_of_ward(rows[0]) if rows else None


def has_left_by_order(*, pupil_id: int, on: date) -> bool:
    """Return whether a pupil is in no class on a day because an order said so.

    A year that is over with the next class not made yet is no leaving.
    """
    rows = ClassEnrollment.objects.filter(pupil_id=pupil_id)
    last = rows.order_by("since_on").last()
    return last is not None and bool(last.order) and last.until is not None and last.until <= on


def _read_wards(condition: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with planned_cursor() as cursor:
        cursor.execute(WARDS.format(condition=condition), parameters)
        return list(cursor.fetchall())


def _card_of_ward(row: tuple[Any, ...]) -> PupilCard:
    pk, last, first, middle, account_id, class_id, level, letter = row[:8]
    return PupilCard(
        id=pk,
        name=FullName(last, first, middle),
        class_title=f"{level}{letter}" if class_id else "",
        level=level,
        class_id=class_id,
        account_id=account_id,
    )


def list_readable_pairs(*, on: date) -> set[tuple[int, int]]:
    """Return (guardian, pupil) of confirmed links that hold on a day and open the diary."""
    rows = on_day(GuardianLink.objects.filter(may_read_diary=True).exclude(state=PROPOSED), on)
    return set(rows.values_list("guardian_id", "pupil_id"))


def list_pupil_accounts(*, on: date) -> dict[int, int | None]:
    """Return the pupils of the day's classes with their accounts."""
    rows = on_day(ClassEnrollment.objects.all(), on).select_related("pupil")
    return dict(rows.values_list("pupil_id", "pupil__account_id"))


def list_guardian_accounts() -> dict[int, int | None]:
    """Return the guardians of the school with their accounts."""
    return dict(Guardian.objects.values_list("pk", "account_id"))


@dataclass(frozen=True, slots=True)
class PupilYear:
    """A school year of a pupil and the class he was in, the last one if there were several."""

    start_year: int
    level: int
    class_title: str


def list_pupil_years(*, pupil_id: int) -> list[PupilYear]:
    """Return the school years of a pupil, oldest first."""
    rows = ClassEnrollment.objects.filter(pupil_id=pupil_id).select_related("school_class")
    years = {}
    for row in rows.order_by("since_on", "pk"):
        school_class = row.school_class
        years[school_class.start_year] = PupilYear(
            school_class.start_year, school_class.level, school_class.title
        )
    return [years[start_year] for start_year in sorted(years)]


def choose_year(
    years: Sequence[PupilYear], *, start_year: int | None, today: date
) -> PupilYear | None:
    """Return the year asked for, else the one that runs or the last before it, else the first.

    None without any. In June a pupil may stand in the class of September: it is not his year yet.
    Raise `NotFound` for an unknown one.
    """
    if start_year is None:
        begun = [one for one in years if one.start_year <= start_year_of(today)]
        return begun[-1] if begun else next(iter(years), None)
    for year in years:
        if year.start_year == start_year:
            return year
    raise NotFound


@dataclass(frozen=True, slots=True)
class ClassPupil:
    """A pupil of a class on a day."""

    id: int
    name: FullName
    birth_date: date | None
    since: date


def list_class_pupils(*, class_id: int, on: date) -> list[ClassPupil]:
    """Return the pupils of a class on a day, sorted as Russian names are."""
    rows = on_day(ClassEnrollment.objects.filter(school_class_id=class_id), on)
    return [
        ClassPupil(
            row.pupil_id,
            FullName(row.pupil.last_name, row.pupil.first_name, row.pupil.middle_name),
            row.pupil.birth_date,
            row.since_on,
        )
        for row in rows.select_related("pupil").order_by(*(f"pupil__{key}" for key in BY_NAME))
    ]
