"""Who may keep the school's lists (JRN-029), and who its consents (SRV-014)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Hat, Right
from kernel.roles import Role
from kernel.school_year import start_year_of
from services.people.hats import list_duties, list_hats_towards, list_own_classes
from services.people.models import ClassEnrollment, SchoolClass
from services.regulation import access as rights

MAY_KEEP_PEOPLE = (Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM)
MAY_KEEP_STAFF = (*MAY_KEEP_PEOPLE, Role.PERSONNEL)


def check_may_keep_people(actor: Actor) -> None:
    """Raise `NotFound` unless the actor keeps the lists of pupils and classes."""
    rights.check(actor=actor, right=Right.PEOPLE_KEEP)


def check_may_keep_staff(actor: Actor) -> None:
    """Raise `NotFound` unless the actor keeps the list of employees."""
    rights.check(actor=actor, right=Right.STAFF_KEEP)


def check_may_import(*, actor: Actor, on: date, of_staff: bool = False) -> None:
    """Raise `NotFound` unless the actor loads lists: by a role, or the technical specialist.

    Who keeps the cards of employees loads the lists of employees as well.
    """
    if of_staff and rights.may(actor=actor, right=Right.STAFF_KEEP):
        return
    check_on_duty(actor=actor, right=Right.PEOPLE_IMPORT, on=on)


def check_on_duty(*, actor: Actor, right: Right, on: date) -> None:
    """Raise `NotFound` unless a role of the actor, or a duty by order on a day, gives the right."""
    if not may_on_duty(actor=actor, right=right, on=on):
        raise NotFound


def may_on_duty(*, actor: Actor, right: Right, on: date) -> bool:
    """Return whether a role of the actor, or a duty by order on a day, gives the right."""
    if rights.may(actor=actor, right=right, on=on):
        return True
    duties = list_duties(actor=actor, on=on)
    return bool(duties) and rights.may(actor=actor, right=right, hats=duties, on=on)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose: every pupil's, or those of some classes only."""

    everybody: bool
    class_ids: frozenset[int] = frozenset()


def get_scope(*, actor: Actor, right: Right, on: date) -> Scope:
    """Return towards which pupils the actor has a right on a day; raise `NotFound` when none."""
    if may_on_duty(actor=actor, right=right, on=on):
        return Scope(everybody=True)
    own = list_own_classes(actor=actor, on=on)
    if not own or not rights.may(actor=actor, right=right, hats={Hat.CLASS_TEACHER}, on=on):
        raise NotFound
    return Scope(everybody=False, class_ids=own)


def may_towards(*, actor: Actor, right: Right, pupil_id: int, on: date) -> bool:
    """Return whether the actor has a right towards one pupil on a day."""
    if rights.may(actor=actor, right=right, on=on):
        return True
    hats = list_hats_towards(actor=actor, pupil_id=pupil_id, on=on)
    return bool(hats) and rights.may(actor=actor, right=right, hats=hats, on=on)


def check_towards(*, actor: Actor, right: Right, pupil_id: int, on: date) -> None:
    """Raise `NotFound` unless the actor has a right towards one pupil on a day."""
    if not may_towards(actor=actor, right=right, pupil_id=pupil_id, on=on):
        raise NotFound


def check_may_confirm_family(actor: Actor) -> None:
    """Raise `NotFound` unless the actor says who stands for a child, and with which rights."""
    rights.check(actor=actor, right=Right.FAMILY_CONFIRM)


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """Whose consents an actor sees: every pupil's, some classes' only; the employees' or not."""

    all_pupils: bool
    class_ids: frozenset[int]
    staff: bool


def get_consent_scope(*, actor: Actor, on: date) -> ConsentScope:
    """Return whose consents the actor sees on a day; raise `NotFound` when nobody's.

    The office sees all, a class teacher his class (SRV-014, ROL-013), the personnel officer staff.
    """
    staff = rights.may(actor=actor, right=Right.STAFF_KEEP, on=on)
    if rights.may(actor=actor, right=Right.CONSENTS_READ, on=on):
        return ConsentScope(all_pupils=True, class_ids=frozenset(), staff=True)
    class_ids = _own_classes(actor, on)
    if not rights.may(actor=actor, right=Right.CONSENTS_READ, hats=_hats(class_ids), on=on):
        class_ids = frozenset()
    if not class_ids and not staff:
        raise NotFound
    return ConsentScope(all_pupils=False, class_ids=class_ids, staff=staff)


def check_may_accept_consent(*, actor: Actor, pupil_id: int | None, on: date) -> None:
    """Raise `NotFound` unless the actor accepts consents: of this pupil, of employees (None).

    The office, and the class teacher for a pupil of the class (SRV-014).
    """
    if pupil_id is None:
        rights.check(actor=actor, right=Right.STAFF_KEEP, on=on)
        return
    if rights.may(actor=actor, right=Right.CONSENTS_ACCEPT, on=on):
        return
    rows = ClassEnrollment.objects.filter(pupil_id=pupil_id, since_on__lte=on).filter(
        Q(until=None) | Q(until__gt=on), school_class_id__in=_own_classes(actor, on)
    )
    hats = _hats(frozenset(rows.values_list("school_class_id", flat=True)))
    rights.check(actor=actor, right=Right.CONSENTS_ACCEPT, hats=hats, on=on)


def check_may_see_subjects(actor: Actor) -> None:
    """Raise `NotFound` unless the actor follows requests for own data and destruction."""
    rights.check(actor=actor, right=Right.CONSENTS_READ)


def check_may_answer_subjects(actor: Actor) -> None:
    """Raise `NotFound` unless the actor answers requests for own data."""
    rights.check(actor=actor, right=Right.SUBJECTS_ANSWER)


def check_may_destroy(actor: Actor) -> None:
    """Raise `NotFound` unless the actor destroys what a withdrawn consent held."""
    rights.check(actor=actor, right=Right.DATA_DESTROY)


def check_may_word_consents(actor: Actor) -> None:
    """Raise `NotFound` unless the actor words the school's consents."""
    rights.check(actor=actor, right=Right.REGULATION_CHANGE)


def _hats(class_ids: frozenset[int]) -> frozenset[Hat]:
    return frozenset({Hat.CLASS_TEACHER} if class_ids else ())


def _own_classes(actor: Actor, on: date) -> frozenset[int]:
    """Return the classes whose class teacher the actor is."""
    employee_id = actor.person(Role.TEACHER)
    if employee_id is None:
        return frozenset()
    rows = SchoolClass.objects.filter(class_teacher_id=employee_id, start_year=start_year_of(on))
    return frozenset(rows.values_list("pk", flat=True))
