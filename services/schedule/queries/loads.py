"""Reading subjects, curriculum, loads, journals and the weekly timetable."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kernel.school_year import start_year_of
from services.people import queries as people
from services.schedule.models import CurriculumHours, Subject, TeachingLoad, TimetableSlot
from services.schedule.queries.calendar import list_bells
from services.schedule.rules import BellTime


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A subject under the name it has on some day; the code is the same for ever."""

    id: int
    code: str
    short_name: str
    name: str


def list_subjects(*, on: date) -> list[SubjectCard]:
    """Return the subjects under the names of a day, in the order of the dictionary."""
    rows = Subject.objects.filter(Q(valid_from=None) | Q(valid_from__lte=on))
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("pk")
    return [_subject(row) for row in rows]


def get_subjects(*, subject_ids: Iterable[int]) -> dict[int, SubjectCard]:
    """Return subjects by id, each under the name it was taught by."""
    return {row.pk: _subject(row) for row in Subject.objects.filter(pk__in=set(subject_ids))}


def _subject(row: Subject) -> SubjectCard:
    return SubjectCard(row.pk, row.code, row.short_name, row.name)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """How many lessons of a subject a class has in a week."""

    subject: SubjectCard
    hours: Decimal


def list_curriculum(*, school_class_id: int) -> list[PlanLine]:
    """Return the curriculum (учебный план) of a class."""
    rows = CurriculumHours.objects.filter(school_class_id=school_class_id)
    return [
        PlanLine(_subject(row.subject), row.hours)
        for row in rows.select_related("subject").order_by("subject_id", "pk")
    ]


@dataclass(frozen=True, slots=True)
class LoadCard:
    """Who teaches what to whom."""

    id: int
    employee_id: int
    group_id: int
    subject: SubjectCard
    start_year: int
    level: int
    shift: int
    hours: Decimal


def list_loads(*, start_year: int, employee_id: int | None = None) -> list[LoadCard]:
    """Return the loads of a school year, of one employee or of all."""
    rows = TeachingLoad.objects.filter(start_year=start_year).select_related("subject")
    if employee_id is not None:
        rows = rows.filter(employee_id=employee_id)
    return [
        LoadCard(
            id=row.pk,
            employee_id=row.employee_id,
            group_id=row.group_id,
            subject=_subject(row.subject),
            start_year=row.start_year,
            level=row.level,
            shift=row.shift,
            hours=row.hours,
        )
        for row in rows.order_by("level", "group_id", "subject_id", "pk")
    ]


@dataclass(frozen=True, slots=True)
class JournalCard:
    """A journal: a group and a subject, with those who teach it."""

    group_id: int
    group_title: str
    subject_id: int
    subject_code: str
    subject_name: str
    level: int
    employee_ids: tuple[int, ...]


def list_journals(*, start_year: int, employee_id: int | None = None) -> list[JournalCard]:
    """Return the journals of a school year, an employee's or all: by level, group, subject."""
    loads = list_loads(start_year=start_year)
    if employee_id is not None:
        own = {
            (load.group_id, load.subject.id) for load in loads if load.employee_id == employee_id
        }
        loads = [load for load in loads if (load.group_id, load.subject.id) in own]
    groups = people.get_groups(group_ids={load.group_id for load in loads})
    journals: dict[tuple[int, int], list[LoadCard]] = {}
    for load in loads:
        journals.setdefault((load.group_id, load.subject.id), []).append(load)
    cards = [
        JournalCard(
            group_id=group_id,
            group_title=groups[group_id].title,
            subject_id=subject_id,
            subject_code=shared[0].subject.code,
            subject_name=shared[0].subject.name,
            level=shared[0].level,
            employee_ids=tuple(load.employee_id for load in shared),
        )
        for (group_id, subject_id), shared in journals.items()
    ]
    return sorted(cards, key=lambda card: (card.level, card.group_title, card.subject_name))


@dataclass(frozen=True, slots=True)
class SlotCard:
    """A place in the week, with its hour when a bell of that day rings for it."""

    weekday: int
    number: int
    group_id: int
    subject: SubjectCard
    employee_id: int
    room: str
    bell: BellTime | None


def list_timetable(*, group_ids: Collection[int], on: date) -> list[SlotCard]:
    """Return the weekly timetable of groups as it holds on a day (TTC-014)."""
    rows = TimetableSlot.objects.filter(
        load__group_id__in=group_ids,
        load__start_year=start_year_of(on),
        valid_from__lte=on,
    ).filter(Q(valid_until=None) | Q(valid_until__gt=on))
    slots = list(rows.select_related("load", "load__subject").order_by("weekday", "number", "pk"))
    seats = {(slot.load.level, slot.load.shift) for slot in slots}
    bells = {
        (level, shift, bell.number): bell
        for level, shift in seats
        for bell in list_bells(level=level, shift=shift, on=on)
    }
    return [
        SlotCard(
            weekday=slot.weekday,
            number=slot.number,
            group_id=slot.load.group_id,
            subject=_subject(slot.load.subject),
            employee_id=slot.load.employee_id,
            room=slot.room,
            bell=bells.get((slot.load.level, slot.load.shift, slot.number)),
        )
        for slot in slots
    ]
