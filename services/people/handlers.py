"""What follows in the public schema from the school's word on roles and on leaving.

Each handler may be repeated at any point; a school is never left without an administrator, even
when two give the role up at once.
"""

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.roles import STAFF_ROLES, Role
from services.people import operations, queries
from services.people.events import EmployeeLeft, PupilLeft, RoleGiven, RoleTaken
from services.people.queries import PersonCard
from tenants.accounts.opening import Newcomer, open_accounts
from tenants.accounts.operations import take_role
from tenants.accounts.operations.leaving import (
    leave_school,
    open_for_newcomer,
    take_role_but_the_last,
)

LAST = "Последний администратор: роль оставлена, пока её не получит другой."


def on_role_given(school: SchoolRef | None, event: RoleGiven) -> None:
    """Give the employee's account the role; who has no account gets one."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        card = _card_of(event)
    if card is None:
        return
    with public_transaction():
        if card.account_id is not None:
            open_for_newcomer(account_id=card.account_id)
        accounts = open_accounts(
            school_id=actor.school.id, newcomers=[_newcomer(card, Role(event.role))]
        )
    with school_transaction(actor, actor.school.id):
        operations.set_accounts(actor=actor, role=Role.TEACHER, accounts=accounts)
        operations.note_role_change(actor=actor, change_id=event.change_id, now=clock.now())


def on_role_taken(school: SchoolRef | None, event: RoleTaken) -> None:
    """Take the role from the employee's account, unless nobody else administers the school."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        card = _card_of(event)
    refusal = ""
    if card is not None and card.account_id is not None:
        with public_transaction():
            if Role(event.role) is Role.ADMINISTRATOR:
                taken = take_role_but_the_last(
                    account_id=card.account_id,
                    role=Role.ADMINISTRATOR,
                    school_id=actor.school.id,
                )
                refusal = "" if taken else LAST
            else:
                take_role(
                    account_id=card.account_id,
                    role=Role(event.role),
                    school_id=actor.school.id,
                )
    with school_transaction(actor, actor.school.id):
        operations.note_role_change(
            actor=actor, change_id=event.change_id, now=clock.now(), refusal=refusal
        )


def on_employee_left(school: SchoolRef | None, event: EmployeeLeft) -> None:
    """Take every role at work in this school; an account left without any role is closed."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        card = queries.get_employees(employee_ids=[event.employee_id]).get(event.employee_id)
    now = clock.now()
    if card is not None and card.account_id is not None:
        with public_transaction():
            leave_school(
                account_id=card.account_id,
                roles=STAFF_ROLES,
                school_id=actor.school.id,
                now=now,
            )
    with school_transaction(actor, actor.school.id):
        operations.note_access_ended(actor=actor, employee_id=event.employee_id, now=now)


def on_pupil_left(school: SchoolRef | None, event: PupilLeft) -> None:
    """Take the role of a pupil who is in no class any more; the account stays for the next school.

    A pupil who is enrolled again meanwhile keeps it.
    """
    actor = _system(school)
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        card = queries.find_pupil_card(pupil_id=event.pupil_id, on=today)
    if card is None or card.class_id is not None or card.account_id is None:
        return
    with public_transaction():
        take_role(account_id=card.account_id, role=Role.PUPIL, school_id=actor.school.id)


def _card_of(event: RoleGiven | RoleTaken) -> PersonCard | None:
    """Return the employee's card, or None when a later word on the role has been said."""
    newest = queries.find_newest_role_change(employee_id=event.employee_id, role=Role(event.role))
    if newest is None or newest.id != event.change_id:
        return None
    return queries.get_employees(employee_ids=[event.employee_id]).get(event.employee_id)


def _newcomer(card: PersonCard, role: Role) -> Newcomer:
    return Newcomer(
        person_id=card.id,
        name=str(card.name),
        roles=frozenset({role}),
        account_id=card.account_id,
    )


def _system(school: SchoolRef | None) -> Actor:
    assert school is not None, "people's events happen in schools"
    return Actor.system(school)
