"""Two clerks print and hand over at once, on a real PostgreSQL: one sheet, one number."""

from foundation.db.door import school_transaction
from services.cases.models import Printout, PrintoutSubscription
from services.cases.operations.printouts import ask_for_paper, hand_over, print_out
from tests.rooms.cases.families import Family, noon
from tests.rooms.cases.test_races import at_once, inside
from tests.rooms.cases.test_races import there as there


def test_two_clerks_print_and_hand_over_at_once_and_one_sheet_is_registered(there: Family) -> None:
    pair = {"pupil_id": there.small.gleb, "guardian_id": there.small.vera}

    def ask() -> None:
        ask_for_paper(actor=there.secretary, **pair, is_once=False, now=noon())

    asked = at_once(there, ask, ask)
    with school_transaction(there.system, there.school.id):
        row = PrintoutSubscription.objects.get().pk
    clerks = (there.secretary, there.administrator)
    printed = at_once(
        there,
        *(
            lambda clerk=clerk: print_out(actor=clerk, subscription_ids=[row], now=noon())
            for clerk in clerks
        ),
    )
    (sheet,) = inside(there, lambda: list(Printout.objects.all()))
    counts: list[int] = []
    handed = at_once(
        there,
        *(
            lambda clerk=clerk: counts.append(
                hand_over(actor=clerk, printout_ids=[sheet.pk], now=noon())
            )
            for clerk in clerks
        ),
    )

    assert asked == printed == handed == ["done", "done"]
    assert sheet.number == "2026/000001"
    assert sorted(counts) == [0, 1]
