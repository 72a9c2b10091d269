"""Who waits for the way in: sheets of activation with their due days (ACC-004, ACC-005, ACC-008).

The clock starts with the document, but not before the card was in the system: nobody is late
for a list that came today. An account that its owner uses already needs no sheet; whose do, the
door asks the public schema.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from services.people.access import Scope, get_scope, may_on_duty
from services.people.models import (
    BY_NAME,
    ActivationSheet,
    ClassEnrollment,
    Employee,
    GuardianLink,
    PersonKind,
)
from services.people.queries.days import on_day
from services.regulation.queries import get_settings
from services.regulation.queries.terms import get_due_day

TERMS = ["access.account_due_workdays", "access.staff_due_days"]


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """Somebody who has, or is to get, a sheet of activation."""

    kind: str
    person_id: int
    name: FullName
    place: str  # the class, or the post
    class_id: int | None
    pupil_id: int | None  # the pupil, or the child of a guardian
    account_id: int | None
    started_on: date
    due_on: date
    printed_at: datetime | None = None
    handed_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return how a form names the person."""
        return f"{self.kind}-{self.person_id}"

    def is_overdue(self, on: date) -> bool:
        """Return whether the sheet should have been handed over before a day."""
        return self.handed_at is None and self.due_on < on


@dataclass(frozen=True, slots=True)
class _Newest:
    printed_at: datetime
    handed_at: datetime | None


class _Terms:
    """Due days, each counted once."""

    def __init__(self, on: date) -> None:
        settings = get_settings(keys=TERMS, on=on)
        self._working = int(settings["access.account_due_workdays"].value)
        self._first_days = int(settings["access.staff_due_days"].value)
        self._known: dict[date, date] = {}

    def after_enrolment(self, start: date) -> date:
        if start not in self._known:
            self._known[start] = get_due_day(start=start, number=self._working).due_on
        return self._known[start]

    def after_hiring(self, start: date, first_day: date | None) -> date:
        due = self.after_enrolment(start)
        if first_day is None:
            return due
        return min(due, max(first_day, start) + timedelta(days=self._first_days))


def list_sheet_people(*, actor: Actor, on: date) -> list[SheetPerson]:
    """Return everybody in the actor's sight who has or waits for a sheet, by class and name.

    A class teacher sees the own class; staff is shown to who sees everybody. Raise `NotFound`.
    """
    scope = get_scope(actor=actor, right=Right.ACCOUNTS_READ, on=on)
    people = list_class_people(
        class_ids=None if scope.everybody else scope.class_ids, on=on, timezone=_zone(actor)
    )
    if scope.everybody:
        people += list_staff_people(on=on, timezone=_zone(actor))
    return people


def list_class_people(
    *, class_ids: Collection[int] | None, on: date, timezone: str
) -> list[SheetPerson]:
    """Return pupils and guardians of classes (None: of all) with the sheets they have.

    A guardian without an account has no access yet and waits for the service, not for a sheet.
    """
    enrolments = on_day(ClassEnrollment.objects.all(), on)
    if class_ids is not None:
        enrolments = enrolments.filter(school_class_id__in=class_ids)
    order = ["school_class__level", "school_class__letter", *(f"pupil__{k}" for k in BY_NAME)]
    rows = list(enrolments.select_related("pupil", "school_class").order_by(*order))
    links: dict[int, list[GuardianLink]] = {}
    held = on_day(GuardianLink.objects.exclude(state=GuardianLink.State.PROPOSED), on)
    held = held.filter(pupil_id__in=[row.pupil_id for row in rows]).select_related("guardian")
    for link in held.filter(guardian__account_id__isnull=False).order_by("pk"):
        links.setdefault(link.pupil_id, []).append(link)
    terms, zone = _Terms(on), ZoneInfo(timezone)
    pupils, guardians = _newest(PersonKind.PUPIL), _newest(PersonKind.GUARDIAN)
    found: dict[tuple[str, int], SheetPerson] = {}
    for row in rows:
        pupil = row.pupil
        place, class_id = row.school_class.title, row.school_class_id
        start = max(row.since_on, pupil.entered_at.astimezone(zone).date())
        found[PersonKind.PUPIL, pupil.pk] = SheetPerson(
            PersonKind.PUPIL.value,
            pupil.pk,
            FullName(pupil.last_name, pupil.first_name, pupil.middle_name),
            place,
            class_id,
            pupil.pk,
            pupil.account_id,
            start,
            terms.after_enrolment(start),
            *_state(pupils, pupil.pk),
        )
        for link in links.get(pupil.pk, []):
            one = link.guardian
            since = max(start, link.since_on, one.entered_at.astimezone(zone).date())
            found.setdefault(
                (PersonKind.GUARDIAN, one.pk),
                SheetPerson(
                    PersonKind.GUARDIAN.value,
                    one.pk,
                    FullName(one.last_name, one.first_name, one.middle_name),
                    place,
                    class_id,
                    pupil.pk,
                    one.account_id,
                    since,
                    terms.after_enrolment(since),
                    *_state(guardians, one.pk),
                ),
            )
    return list(found.values())


def list_staff_people(*, on: date, timezone: str) -> list[SheetPerson]:
    """Return the employees at work with the sheets they have."""
    terms, zone, sheets = _Terms(on), ZoneInfo(timezone), _newest(PersonKind.EMPLOYEE)
    rows = Employee.objects.filter(Q(left_on=None) | Q(left_on__gte=on)).order_by(*BY_NAME)
    found = []
    for row in rows:
        start = row.hired_on or row.entered_at.astimezone(zone).date()
        found.append(
            SheetPerson(
                PersonKind.EMPLOYEE.value,
                row.pk,
                FullName(row.last_name, row.first_name, row.middle_name),
                row.post,
                None,
                None,
                row.account_id,
                start,
                terms.after_hiring(start, row.first_day_on),
                *_state(sheets, row.pk),
            )
        )
    return found


def may_print(*, actor: Actor, on: date) -> tuple[Scope | None, Scope | None]:
    """Return whose sheets the actor prints, and whose the actor hands over; None: nobody's."""
    return _scope(actor, Right.SHEETS_PRINT, on), _scope(actor, Right.SHEETS_HAND, on)


def _scope(actor: Actor, right: Right, on: date) -> Scope | None:
    if may_on_duty(actor=actor, right=right, on=on):
        return Scope(everybody=True)
    try:
        return get_scope(actor=actor, right=right, on=on)
    except NotFound:
        return None


def _newest(kind: PersonKind) -> dict[int, _Newest]:
    rows = ActivationSheet.objects.filter(kind=kind).order_by("person_id", "-pk")
    return {
        person_id: _Newest(printed_at, handed_at)
        for person_id, printed_at, handed_at in rows.distinct("person_id").values_list(
            "person_id", "printed_at", "handed_at"
        )
    }


def _state(sheets: dict[int, _Newest], person_id: int) -> tuple[datetime | None, datetime | None]:
    sheet = sheets.get(person_id)
    return (sheet.printed_at, sheet.handed_at) if sheet else (None, None)


def _zone(actor: Actor) -> str:
    return actor.school.timezone
