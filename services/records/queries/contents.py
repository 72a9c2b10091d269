"""Which reports somebody may open: the school's, of his classes, of their subjects."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.school_year import start_year_of
from services.people import queries as people
from services.people.queries import ClassCard
from services.records import access
from services.records.queries.school import list_years
from services.schedule import queries as schedule
from services.schedule.queries import JournalCard


@dataclass(frozen=True, slots=True)
class ClassReports:
    """A class in reach with the journals there are reports on.

    A finished year has the `pupils` of its last day of lessons.
    """

    card: ClassCard
    teacher: str
    pupils: int
    journals: tuple[JournalCard, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in reach in a school year; `courses` are electives of several classes."""

    start_year: int
    years: tuple[int, ...]
    has_school: bool
    classes: tuple[ClassReports, ...]
    courses: tuple[JournalCard, ...]
    teachers: dict[int, str]


def get_contents(*, actor: Actor, today: date, start_year: int | None = None) -> Contents:
    """Return the reports in reach, of this year unless another is asked; raise `NotFound`."""
    scope = access.get_scope(actor=actor, on=today)
    this_year = start_year_of(today)
    year = start_year if scope.whole_school and start_year else this_year
    groups = {group.id: group for group in people.list_groups(start_year=year)}
    journals = [
        card
        for card in schedule.list_journals(start_year=year)
        if card.group_id in groups and access.opens_group(scope, groups[card.group_id])
    ]
    of_class: dict[int | None, list[JournalCard]] = defaultdict(list)
    for card in journals:
        of_class[groups[card.group_id].school_class_id].append(card)
    cards = [
        one for one in people.list_classes(start_year=year) if access.opens_class(scope, one.id)
    ]
    named = {one.class_teacher_id for one in cards if one.class_teacher_id}
    teachers = people.get_employee_names(
        employee_ids=named | {pk for card in journals for pk in card.employee_ids}
    )
    last_day = schedule.find_last_day(start_year=year) or today
    pupils = people.list_groups_on(day=min(today, last_day))
    return Contents(
        start_year=year,
        years=list_years(today) if scope.whole_school else (this_year,),
        has_school=scope.whole_school,
        classes=tuple(
            ClassReports(
                one,
                teachers.get(one.class_teacher_id or 0, ""),
                len(pupils[one.group_id].pupil_ids) if one.group_id in pupils else 0,
                tuple(of_class[one.id]),
            )
            for one in cards
        ),
        courses=tuple(of_class[None]),
        teachers=teachers,
    )
