"""Personal cards (личные карты) as the office sees them (ACC-011…014, ACC-019, ROL-012).

What the actor may not see is not in the dataclass at all: contacts need their own right.
"""

from dataclasses import dataclass
from datetime import date, datetime

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from services.people.access import (
    check_on_duty,
    check_towards,
    may_on_duty,
    may_towards,
)
from services.people.models import (
    Employee,
    Guardian,
    GuardianLink,
    Look,
    PersonKind,
    Pupil,
)
from services.people.queries.days import on_day
from services.people.queries.families import get_pupil_card
from services.regulation.queries import get_setting


@dataclass(frozen=True, slots=True)
class Contacts:
    """Phone, e-mail, address, as far as the school keeps them (ACC-014)."""

    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class PersonalCard:
    """A card; `contacts` is None for who may not see them."""

    kind: str
    id: int
    name: FullName
    sex: str
    birth_date: date | None
    account_id: int | None
    contacts: Contacts | None
    place: str = ""
    class_id: int | None = None


@dataclass(frozen=True, slots=True)
class GuardianCard:
    """A guardian on a pupil's card, with the link between them."""

    link_id: int
    guardian_id: int
    name: FullName
    relation: str
    relation_title: str
    state: str
    state_title: str
    may_read_diary: bool
    may_see_contacts: bool
    limits_ground: str
    end_ground_title: str
    since_on: date
    until: date | None
    account_id: int | None
    contacts: Contacts | None

    def holds_on(self, day: date) -> bool:
        """Return whether the guardian stands for the child on a day."""
        return self.since_on <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class EmployeeCard:
    """An employee's card: work, first and last days, contacts."""

    person: PersonalCard
    post: str
    grade_rank: str
    category: str
    functions: str
    speciality: str
    hired_on: date | None
    first_day_on: date | None
    left_on: date | None
    leaving_order: str
    access_ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookCard:
    """Somebody looked: who, when, at what."""

    at: datetime
    account_id: int | None
    what_title: str


def get_pupils_card(*, actor: Actor, pupil_id: int, on: date) -> PersonalCard:
    """Return a pupil's personal card; raise `NotFound` for who may not see it."""
    check_towards(actor=actor, right=Right.CARDS_READ, pupil_id=pupil_id, on=on)
    row = Pupil.objects.filter(pk=pupil_id).first()
    if row is None:
        raise NotFound
    sees = may_towards(actor=actor, right=Right.CONTACTS_READ, pupil_id=pupil_id, on=on)
    place = get_pupil_card(pupil_id=pupil_id, on=on)
    return _card(PersonKind.PUPIL, row, sees, place.class_title, place.class_id)


def list_guardians_of(*, actor: Actor, pupil_id: int, on: date) -> list[GuardianCard]:
    """Return who stands, stood, or is proposed to stand for a pupil, the present ones first."""
    check_towards(actor=actor, right=Right.CARDS_READ, pupil_id=pupil_id, on=on)
    sees = may_towards(actor=actor, right=Right.CONTACTS_READ, pupil_id=pupil_id, on=on)
    rows = GuardianLink.objects.filter(pupil_id=pupil_id).select_related("guardian")
    cards = [_guardian(row, row.guardian, sees) for row in rows.order_by("pk")]
    return sorted(cards, key=lambda card: (not card.holds_on(on), card.link_id))


def get_guardians_card(*, actor: Actor, guardian_id: int, on: date) -> PersonalCard:
    """Return a guardian's card; raise `NotFound` for who may not see one of the children."""
    children = _children_of(guardian_id, on)
    if not any(
        may_towards(actor=actor, right=Right.CARDS_READ, pupil_id=pk, on=on) for pk in children
    ):
        check_on_duty(actor=actor, right=Right.CARDS_READ, on=on)
    row = Guardian.objects.filter(pk=guardian_id).first()
    if row is None:
        raise NotFound
    sees = may_on_duty(actor=actor, right=Right.CONTACTS_READ, on=on) or any(
        may_towards(actor=actor, right=Right.CONTACTS_READ, pupil_id=pk, on=on) for pk in children
    )
    return _card(PersonKind.GUARDIAN, row, sees)


def get_employees_card(*, actor: Actor, employee_id: int, on: date) -> EmployeeCard:
    """Return an employee's card; raise `NotFound` for who may not see the list of staff.

    Contacts are for who keeps the cards of employees.
    """
    check_on_duty(actor=actor, right=Right.STAFF_LIST, on=on)
    row = Employee.objects.filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    keeps = may_on_duty(actor=actor, right=Right.STAFF_KEEP, on=on)
    return EmployeeCard(
        _card(PersonKind.EMPLOYEE, row, keeps, row.post),
        row.post,
        row.grade_rank,
        row.category,
        row.functions,
        row.speciality,
        row.hired_on,
        row.first_day_on,
        row.left_on,
        row.leaving_order,
        row.access_ended_at,
    )


def list_looks(*, actor: Actor, kind: str, object_id: int, on: date) -> list[LookCard]:
    """Return who looked at a card or its contacts, the latest first; raise `NotFound`."""
    check_on_duty(actor=actor, right=Right.LOOKS_READ, on=on)
    rows = Look.objects.filter(kind=kind, object_id=object_id).order_by("-pk")[:100]
    return [LookCard(row.at, row.account_id, row.get_what_display()) for row in rows]


def list_extra_fields(*, on: date) -> list[str]:
    """Return which additional fields the school keeps (ACC-014)."""
    return list(get_setting(key="people.extra_fields", on=on).value)


def list_children_ids(*, guardian_id: int, on: date) -> list[int]:
    """Return the children a guardian stands for on a day, proposed links too."""
    return _children_of(guardian_id, on)


def _children_of(guardian_id: int, on: date) -> list[int]:
    rows = on_day(GuardianLink.objects.filter(guardian_id=guardian_id), on)
    return list(rows.order_by("pk").values_list("pupil_id", flat=True))


def _card(
    kind: PersonKind,
    row: Pupil | Guardian | Employee,
    sees_contacts: bool,
    place: str = "",
    class_id: int | None = None,
) -> PersonalCard:
    return PersonalCard(
        kind.value,
        row.pk,
        FullName(row.last_name, row.first_name, row.middle_name),
        row.get_sex_display() if row.sex else "",
        row.birth_date,
        row.account_id,
        Contacts(row.phone, row.email, row.address) if sees_contacts else None,
        place,
        class_id,
    )


def _guardian(link: GuardianLink, row: Guardian, sees_contacts: bool) -> GuardianCard:
    return GuardianCard(
        link.pk,
        row.pk,
        FullName(row.last_name, row.first_name, row.middle_name),
        link.relation,
        link.get_relation_display(),
        link.state,
        link.get_state_display(),
        link.may_read_diary,
        link.may_see_contacts,
        link.limits_ground,
        link.get_end_ground_display() if link.end_ground else "",
        link.since_on,
        link.until,
        row.account_id,
        Contacts(row.phone, row.email, row.address) if sees_contacts else None,
    )
