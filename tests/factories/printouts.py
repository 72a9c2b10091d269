"""Paper in a small school: Vera asked for it, and a sheet about Gleb lies printed."""

from dataclasses import dataclass

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from services.cases.operations.printouts import ask_for_paper, print_out
from tests.factories.school import SmallSchool


@dataclass(frozen=True)
class PaperRows:
    """Ids of the family's row and of the sheet."""

    row: int
    sheet: int


def print_for_vera(school: SchoolRef, small: SmallSchool) -> PaperRows:
    """Let Vera ask for paper from now on, and the office print the first sheet."""
    system, now = Actor.system(school), clock.now()
    with school_transaction(system, school.id):
        row = ask_for_paper(
            actor=system, pupil_id=small.gleb, guardian_id=small.vera, is_once=False, now=now
        )
        (sheet,) = print_out(actor=system, subscription_ids=[row], now=now)
    return PaperRows(row, sheet)
