"""What people's coming sets going: links → grants → accounts with roles → a note on the card.

Each step with both schemas is its own transactions (docs/architecture.md §4), and each may be
repeated at any point: grants are made once per pair, an account is found by the membership of its
card before the card itself knows of it, a card keeps the account it has.
"""

from collections.abc import Iterable, Mapping

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import Role
from services.diary import operations
from services.diary.events import AccessGranted, AccessRevoked
from services.diary.queries.progress import list_granted_guardians, list_shut_out_guardians
from services.people import operations as people_operations
from services.people import queries as people
from services.people.events import (
    ConsentWithdrawn,
    EmployeesHired,
    GuardianLinkChanged,
    GuardianLinkRestored,
    GuardiansLinked,
    PupilLeft,
    PupilsEnrolled,
)
from services.people.queries import PersonCard
from services.people.queries.consents import find_live_consent
from tenants.accounts.opening import Newcomer, open_accounts
from tenants.accounts.operations import take_role


def on_guardians_linked(school: SchoolRef | None, event: GuardiansLinked) -> None:
    """Give the guardians of new links access to their children."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        operations.grant_by_lists(actor=actor, link_ids=event.link_ids, now=clock.now())


def on_access_granted(school: SchoolRef | None, event: AccessGranted) -> None:
    """Open the accounts of guardians who have access, with the role in this school."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        guardian_ids = list_granted_guardians(grant_ids=event.grant_ids)
        cards = people.get_guardians(guardian_ids=guardian_ids)
    _open_accounts(actor, Role.GUARDIAN, _newcomers(cards, Role.GUARDIAN))


def on_access_revoked(school: SchoolRef | None, event: AccessRevoked) -> None:
    """Take the role from guardians who have no child left in this school."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        guardian_ids = list_shut_out_guardians(grant_ids=event.grant_ids)
        cards = people.get_guardians(guardian_ids=guardian_ids)
    with public_transaction():
        for card in cards.values():
            if card.account_id is not None:
                take_role(account_id=card.account_id, role=Role.GUARDIAN, school_id=actor.school.id)


def on_consent_withdrawn(school: SchoolRef | None, event: ConsentWithdrawn) -> None:
    """Close the diary to the guardian who withdrew, to nobody else (152-ФЗ ст. 9 ч. 2).

    One who signed anew meanwhile keeps the access; one who never had it has nothing to lose.
    """
    if event.guardian_id is None:
        return
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        live = find_live_consent(pupil_id=event.pupil_id, guardian_id=event.guardian_id, lock=True)
        if live is not None:
            return
        try:
            operations.revoke_access(
                actor=actor,
                pupil_id=event.pupil_id,
                guardian_id=event.guardian_id,
                ground="consent",
                now=clock.now(),
            )
        except NotFound:  # the family asked for paper from the beginning
            return


def on_pupils_enrolled(school: SchoolRef | None, event: PupilsEnrolled) -> None:
    """Open the accounts of new pupils."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        cards = people.get_pupils(pupil_ids=event.pupil_ids)
    _open_accounts(actor, Role.PUPIL, _newcomers(cards, Role.PUPIL))


def on_employees_hired(school: SchoolRef | None, event: EmployeesHired) -> None:
    """Open the accounts of new employees whose posts give a role."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        staff = people.get_staff(employee_ids=event.employee_ids)
    newcomers = [
        _newcomer(card.person, card.roles) for _, card in sorted(staff.items()) if card.roles
    ]
    _open_accounts(actor, Role.TEACHER, newcomers)


def on_guardian_link_changed(school: SchoolRef | None, event: GuardianLinkChanged) -> None:
    """Close the diary to a guardian whose link opens it no more: ended, limited, not confirmed."""
    actor = _system(school)
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        for pupil_id, guardian_id in people.list_shut_links(link_id=event.link_id, on=today):
            operations.revoke_if_open(
                actor=actor, pupil_id=pupil_id, guardian_id=guardian_id, now=clock.now()
            )


def on_guardian_link_restored(school: SchoolRef | None, event: GuardianLinkRestored) -> None:
    """Give a guardian back the access that a theft had cost."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        for link in people.get_links(link_ids=[event.link_id]):
            operations.reopen_after_theft(
                actor=actor,
                pupil_id=link.pupil_id,
                guardian_id=link.guardian_id,
                now=clock.now(),
            )


def on_pupil_left(school: SchoolRef | None, event: PupilLeft) -> None:
    """Close the diary of a pupil who is in no class any more to the family."""
    actor = _system(school)
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        card = people.find_pupil_card(pupil_id=event.pupil_id, on=today)
        if card is not None and card.class_id is None:
            operations.close_to_family(actor=actor, pupil_id=card.id, now=clock.now())


def _open_accounts(actor: Actor, card_of: Role, newcomers: list[Newcomer]) -> None:
    """Open accounts in the public schema, then note them on the cards of the school."""
    if not newcomers:
        return
    with public_transaction():
        accounts = open_accounts(school_id=actor.school.id, newcomers=newcomers)
    with school_transaction(actor, actor.school.id):
        people_operations.set_accounts(actor=actor, role=card_of, accounts=accounts)


def _newcomers(cards: Mapping[int, PersonCard], role: Role) -> list[Newcomer]:
    return [_newcomer(card, [role]) for _, card in sorted(cards.items())]


def _newcomer(card: PersonCard, roles: Iterable[Role]) -> Newcomer:
    return Newcomer(
        person_id=card.id,
        name=str(card.name),
        roles=frozenset(roles),
        identity_digest=card.identity_digest,
        account_id=card.account_id,
    )


def _system(school: SchoolRef | None) -> Actor:
    assert school is not None, "people's events happen in schools"
    return Actor.system(school)
