"""What consents, the calendar and a transfer set going in cases; every handler may be repeated."""

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.inner_keys import inner_key
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.cases.events import ApplicationRegistered, ServiceMoved
from services.cases.operations.applying import Door, continue_service
from services.cases.operations.desk import accept_by_consent
from services.cases.operations.moving import get_leaving
from services.cases.operations.reminding import tell_of_new
from services.cases.operations.service import end_by_consent, end_by_leaving, recount_terms
from services.people.events import ConsentAccepted, ConsentWithdrawn, PupilLeft
from tenants.accounts.queries.members import list_members
from tenants.registry.queries import get_school_by_id

CLERKS = (Role.SECRETARY, Role.ADMINISTRATOR)


def on_application_registered(school: SchoolRef | None, event: ApplicationRegistered) -> None:
    """Tell the office and the class teacher."""
    actor = _system(school)
    with public_transaction():
        accounts = list_members(school_id=actor.school.id, roles=CLERKS)
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        tell_of_new(actor=actor, case_id=event.case_id, account_ids=accounts, today=today)


def on_consent_accepted(school: SchoolRef | None, event: ConsentAccepted) -> None:
    """Start the term of the case that waited for this consent."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        accept_by_consent(
            actor=actor, consent_id=event.consent_id, pupil_id=event.pupil_id, now=clock.now()
        )


def on_consent_withdrawn(school: SchoolRef | None, event: ConsentWithdrawn) -> None:
    """End the case that rested on the consent."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        end_by_consent(actor=actor, consent_id=event.consent_id, now=clock.now())


def on_pupil_left(school: SchoolRef | None, event: PupilLeft) -> None:
    """End the cases of a pupil whom an order let go."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        end_by_leaving(
            actor=actor,
            pupil_id=event.pupil_id,
            ground=event.ground,
            to_school_id=event.to_school_id,
            now=clock.now(),
        )


def on_calendar_changed(school: SchoolRef | None, event: object) -> None:
    """Count the terms that run anew."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        recount_terms(actor=actor, now=clock.now())


def on_service_moved(school: SchoolRef | None, event: ServiceMoved) -> None:
    """Let the service go on in the other school: one school is open at a time."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        leaving = get_leaving(case_id=event.case_id)
    there = Actor.system(get_school_by_id(event.to_school_id))
    # Repeated, it is the same form; nobody else can name it.
    key = inner_key(f"continuation {actor.school.id}/{event.case_id}")
    door = Door("transfer", key, leaving.account_id, is_account_holder=True)
    with school_transaction(there, there.school.id):
        continue_service(
            actor=there,
            door=door,
            typed=leaving.typed,
            came_from=(actor.school.id, event.case_id),
            now=clock.now(),
        )


def _system(school: SchoolRef | None) -> Actor:
    assert school is not None, "cases happen in schools"
    return Actor.system(school)
