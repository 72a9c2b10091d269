"""What puts a family on paper and takes it off; every handler may be repeated, in any order."""

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from services.cases.events import CaseChanged, DeliveryChanged
from services.cases.operations.printouts import follow_case, follow_withdrawal
from services.people.events import ConsentWithdrawn


def on_case_moved(school: SchoolRef | None, event: CaseChanged | DeliveryChanged) -> None:
    """Let paper begin or end with the case and its delivery (SRV-032)."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        follow_case(actor=actor, case_id=event.case_id, now=clock.now())


def on_consent_withdrawn(school: SchoolRef | None, event: ConsentWithdrawn) -> None:
    """Move the family to paper: the diary on the portal is closed to it."""
    actor = _system(school)
    with school_transaction(actor, actor.school.id):
        follow_withdrawal(
            actor=actor,
            pupil_id=event.pupil_id,
            guardian_id=event.guardian_id,
            now=clock.now(),
        )


def _system(school: SchoolRef | None) -> Actor:
    assert school is not None, "paper is printed in schools"
    return Actor.system(school)
