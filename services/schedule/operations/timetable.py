"""Curriculum, loads, bells and the weekly timetable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.school_year import school_year_bounds
from services.people import queries as people
from services.schedule.access import check_may_set_up
from services.schedule.models import Bell, CurriculumHours, TeachingLoad, TimetableSlot
from services.schedule.queries import list_subjects
from services.schedule.queries.calendar import to_bell_times
from services.schedule.rules import (
    BellTime,
    SlotFacts,
    find_bell_breaches,
    find_clashes,
    minutes,
)

WHOLE_CLASS = "class"  # GroupCard.kind of a whole class


class SubjectIsUnknown(DomainError):
    """No subject of this code is taught in the year."""

    code = "subject-is-unknown"
    message = "Такого предмета нет в справочнике этого учебного года."


class BellsBreakRules(DomainError):
    """The bells do not keep the sanitary rules (СП 2.4.3648-20)."""

    code = "bells-break-rules"
    message = "Расписание звонков нарушает санитарные правила."


class BellIsMissing(DomainError):
    """A slot has a number for which no bell ever rings."""

    code = "bell-is-missing"
    message = "Для этого урока нет звонка: сначала задайте расписание звонков."


class SlotsClash(DomainError):
    """A teacher, a class or a room would be in two lessons at once."""

    code = "slots-clash"
    message = "Учитель, класс или кабинет заняты в двух уроках сразу."


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """An employee is to teach a subject to a group."""

    employee_id: int
    group_id: int
    subject_code: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A place in the week for a load; without `until` it holds as long as the timetable."""

    load_id: int
    weekday: int
    number: int
    room: str = ""
    since_on: date | None = None
    until: date | None = None


def set_curriculum(
    *, actor: Actor, start_year: int, hours: Mapping[int, Mapping[str, Decimal]]
) -> None:
    """Make these the weekly hours of classes (class id → subject code → hours).

    Raise `SubjectIsUnknown`.
    """
    check_may_set_up(actor)
    subjects = _subject_ids(start_year)
    CurriculumHours.objects.filter(school_class_id__in=hours).delete()
    CurriculumHours.objects.bulk_create(
        CurriculumHours(
            school_class_id=school_class_id, subject_id=_subject(subjects, code), hours=weekly
        )
        for school_class_id, plan in hours.items()
        for code, weekly in plan.items()
    )


def assign_loads(*, actor: Actor, start_year: int, loads: Sequence[LoadPlan]) -> list[int]:
    """Assign loads and return their ids in order; a known one gets the new hours.

    Raise `SubjectIsUnknown`, `NotFound` for a group that is not there.
    """
    check_may_set_up(actor)
    subjects = _subject_ids(start_year)
    groups = people.get_groups(group_ids={plan.group_id for plan in loads})
    shifts = {card.id: card.shift for card in people.list_classes(start_year=start_year)}
    if len(groups) < len({plan.group_id for plan in loads}):
        raise NotFound
    rows = [
        TeachingLoad(
            employee_id=plan.employee_id,
            group_id=plan.group_id,
            subject_id=_subject(subjects, plan.subject_code),
            start_year=start_year,
            level=groups[plan.group_id].level,
            shift=shifts.get(groups[plan.group_id].school_class_id or 0, 1),
            hours=plan.hours,
        )
        for plan in loads
    ]
    saved = TeachingLoad.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["employee", "group", "subject"],
        update_fields=["hours", "level", "shift"],
    )
    return [row.pk for row in saved]


def set_bells(*, actor: Actor, bells: Sequence[BellTime], since_on: date) -> None:
    """Let these bells ring from a day on; those before ring up to that day.

    Raise `BellsBreakRules` with the list of breaches.
    """
    check_may_set_up(actor)
    breaches = find_bell_breaches(bells)
    if breaches:
        raise BellsBreakRules(breaches=breaches)
    Bell.objects.filter(valid_from__gte=since_on).delete()
    Bell.objects.filter(Q(valid_until=None) | Q(valid_until__gt=since_on)).update(
        valid_until=since_on
    )
    Bell.objects.bulk_create(
        Bell(
            shift=bell.shift,
            number=bell.number,
            starts_at=bell.starts_at,
            ends_at=bell.ends_at,
            level_from=bell.level_from,
            level_to=bell.level_to,
            valid_from=max(bell.valid_from or since_on, since_on),
            valid_until=bell.valid_until,
        )
        for bell in bells
    )


def set_timetable(
    *, actor: Actor, start_year: int, slots: Sequence[SlotPlan], since_on: date
) -> None:
    """Let this be the weekly timetable from a day on; what held before ends that day.

    Lessons yielded before stay: change them one by one. Raise `NotFound` for a load of another
    year, `BellIsMissing`, `SlotsClash`.
    """
    check_may_set_up(actor)
    loads = {row.pk: row for row in TeachingLoad.objects.filter(start_year=start_year)}
    if any(plan.load_id not in loads for plan in slots):
        raise NotFound
    _check_clashes(slots, loads)
    held = TimetableSlot.objects.filter(load__start_year=start_year)
    held.filter(valid_from__gte=since_on).delete()
    held.filter(Q(valid_until=None) | Q(valid_until__gt=since_on)).update(valid_until=since_on)
    until = school_year_bounds(start_year).until
    TimetableSlot.objects.bulk_create(
        [
            TimetableSlot(
                load_id=plan.load_id,
                weekday=plan.weekday,
                number=plan.number,
                room=plan.room,
                valid_from=plan.since_on or since_on,
                valid_until=plan.until or until,
            )
            for plan in slots
        ]
    )


def _subject_ids(start_year: int) -> dict[str, int]:
    first_day = school_year_bounds(start_year).since
    return {subject.code: subject.id for subject in list_subjects(on=first_day)}


def _subject(subjects: Mapping[str, int], code: str) -> int:
    if code not in subjects:
        raise SubjectIsUnknown(subject=code)
    return subjects[code]


def _check_clashes(slots: Sequence[SlotPlan], loads: Mapping[int, TeachingLoad]) -> None:
    """Look at the slots that hold together: those with days of their own are seen apart."""
    groups = people.get_groups(group_ids={loads[plan.load_id].group_id for plan in slots})
    rows = Bell.objects.filter(valid_from__lt=F("valid_until")) | Bell.objects.filter(
        valid_until=None
    )
    bells = to_bell_times(rows.order_by("valid_from", "pk"))
    facts = []
    for place, plan in enumerate(slots):
        load = loads[plan.load_id]
        group = groups[load.group_id]
        bell = _last_bell(bells, load, plan.number)
        facts.append(
            SlotFacts(
                slot=place,
                employee_id=load.employee_id,
                group_id=load.group_id,
                class_id=group.school_class_id,
                is_whole_class=group.kind == WHOLE_CLASS,
                weekday=plan.weekday,
                starts=minutes(bell.starts_at),
                ends=minutes(bell.ends_at),
                room=plan.room,
            )
        )
    clashes = [
        clash
        for clash in find_clashes(facts)
        if _hold_together(slots[clash.slot], slots[clash.other])
    ]
    if clashes:
        raise SlotsClash(clashes=clashes)


def _last_bell(bells: Iterable[BellTime], load: TeachingLoad, number: int) -> BellTime:
    """Return the latest bell of the number: first-graders have the fourth only from November."""
    found = None
    for bell in bells:
        if bell.number == number and bell.serves(shift=load.shift, level=load.level):
            found = bell
    if found is None:
        raise BellIsMissing(number=number, level=load.level, shift=load.shift)
    return found


def _hold_together(one: SlotPlan, other: SlotPlan) -> bool:
    starts = [plan.since_on or date.min for plan in (one, other)]
    ends = [plan.until or date.max for plan in (one, other)]
    return max(starts) < min(ends)
