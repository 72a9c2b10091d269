"""Paper: who gets it and until when, printing sheets, handing them over (INF-003…006, SRV-028).

Everything may be repeated: a pair has one live row, a sheet printed again the same day is the same
sheet with the same number, and what was handed over is handed over once.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from kernel.school_year import school_year_bounds, start_year_of
from services.cases.models import Application, Printout, PrintoutSubscription
from services.cases.operations.stepping import day_at
from services.cases.printout_rules import (
    LARGEST_BATCH,
    NobodyIsChosen,
    NotAReceiver,
    PaperIsGiven,
    Reason,
    TooManyAtOnce,
)
from services.cases.rules import Delivery, State
from services.diary.queries.paper import list_receivers
from services.people import queries as people
from services.people.access import check_towards
from services.people.queries.consents import find_live_consent
from services.regulation.queries import get_setting

REGISTER = "printouts"
# From the consent on the school knows who applied; a suspended case has paper meanwhile.
ON_PAPER = (State.ACCEPTED, State.SUSPENDED, State.ACCESS_GRANTED, State.ACTIVE)
OPEN_DIARY = (State.ACCESS_GRANTED, State.ACTIVE)
FIRST_SHEET = timedelta(days=14)  # the days of a first sheet where nothing falls due by itself

Rows = list[PrintoutSubscription]


def follow_case(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Let paper begin or end as the case's delivery and state say; repeated, nothing changes."""
    case = Application.objects.get(pk=case_id)
    if case.pupil_id is None:
        return
    today = day_at(actor, now)
    pair = (case.pupil_id, case.guardian_id)
    if case.delivery == Delivery.PAPER and case.state in ON_PAPER:
        if _is_in_school(case.pupil_id, today):
            _begin(pair, Reason.DELIVERY, today)
        return
    live = _live(pair)
    # A diary that is open again needs no paper for the consent once withdrawn.
    over = {Reason.DELIVERY} | ({Reason.CONSENT} if case.state in OPEN_DIARY else set())
    if live is not None and live.reason in over and not _is_paper_elsewhere(case):
        _end(live, today)


def follow_withdrawal(
    *, actor: Actor, pupil_id: int, guardian_id: int | None, now: datetime
) -> None:
    """Move the family to paper after a consent was withdrawn, unless it signed anew meanwhile."""
    if find_live_consent(pupil_id=pupil_id, guardian_id=guardian_id) is not None:
        return
    today = day_at(actor, now)
    if not _is_in_school(pupil_id, today):
        return
    pair = (pupil_id, guardian_id)
    row = _begin(pair, Reason.CONSENT, today)
    if row.reason != Reason.CONSENT:
        row.reason = Reason.CONSENT
        row.save(update_fields=["reason"])


def follow_all(*, actor: Actor, now: datetime) -> int:
    """Let every running case on paper have its row, and end those of pupils who left.

    Return how many families are on paper.
    """
    cases = Application.objects.in_states(*ON_PAPER).filter(delivery=Delivery.PAPER)
    for case_id in cases.order_by("pk").values_list("pk", flat=True):
        follow_case(actor=actor, case_id=case_id, now=now)
    today = day_at(actor, now)
    live = PrintoutSubscription.objects.filter(until=None).select_for_update(of=("self",))
    rows = list(live.order_by("pk"))
    cards = people.get_pupil_cards(pupil_ids={row.pupil_id for row in rows}, on=today)
    left = [row for row in rows if cards[row.pupil_id].class_id is None]
    for row in left:
        _end(row, today)
    return len(rows) - len(left)


def ask_for_paper(
    *, actor: Actor, pupil_id: int, guardian_id: int | None, is_once: bool, now: datetime
) -> int:
    """Note what a family asked for, once or from now on; return the row (INF-004, INF-006).

    Raise `NotFound`, `NotAReceiver`, `PaperIsGiven`.
    """
    today = day_at(actor, now)
    check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=pupil_id, on=today)
    pair = (pupil_id, guardian_id)
    if not list_receivers(pairs=[pair], on=today):
        raise NotAReceiver
    wanted = Reason.ONCE if is_once else Reason.REQUEST
    row = _begin(pair, wanted, today)
    if row.reason == Reason.ONCE and not is_once:
        row.reason = Reason.REQUEST
        row.save(update_fields=["reason"])
    elif row.reason != wanted:
        raise PaperIsGiven
    return row.pk


def stop_paper(*, actor: Actor, subscription_id: int, now: datetime) -> None:
    """End the paper of a family that wants no more; raise `NotFound`.

    What an application chose is changed in the application.
    """
    today = day_at(actor, now)
    rows = PrintoutSubscription.objects.select_for_update(of=("self",)).filter(until=None)
    row = rows.exclude(reason=Reason.DELIVERY).filter(pk=subscription_id).first()
    if row is None:
        raise NotFound
    check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=row.pupil_id, on=today)
    _end(row, today)


def print_out(*, actor: Actor, subscription_ids: Collection[int], now: datetime) -> list[int]:
    """Enter the sheets of a batch in the register; return them by class and name.

    A sheet of today keeps its number; one that waits from an earlier day is replaced. Raise
    `NotFound`, `NobodyIsChosen`, `TooManyAtOnce`, `NotAReceiver`.
    """
    if not subscription_ids:
        raise NobodyIsChosen
    if len(subscription_ids) > LARGEST_BATCH:
        raise TooManyAtOnce
    today = day_at(actor, now)
    rows = _lock(actor, subscription_ids, today)
    rows = _sort(rows, today)
    first = int(get_setting(key="print.parent_interval_days", on=today).value or 0)
    pupils = {row.pupil_id for row in rows}
    printed = {
        one.pair: one for one in Printout.objects.filter(pupil_id__in=pupils, printed_on=today)
    }
    _void_waiting([row for row in rows if row.pair not in printed], today)
    ends = _last_days({row.pair for row in rows})
    found = []
    for row in rows:
        sheet = printed.get(row.pair)
        if sheet is None:
            begin = today - (timedelta(days=first - 1) if first else FIRST_SHEET)
            begin = ends.get(row.pair, begin - timedelta(days=1)) + timedelta(days=1)
            sheet = _enter(actor, row, begin, today)
        found.append(sheet.pk)
    return found


def hand_over(*, actor: Actor, printout_ids: Collection[int], now: datetime) -> int:
    """Tick that sheets were handed over; return how many were ticked now.

    A sheet handed over before stays as it is. Raise `NotFound`, `NobodyIsChosen`.
    """
    if not printout_ids:
        raise NobodyIsChosen
    today = day_at(actor, now)
    named = Printout.objects.filter(pk__in=list(printout_ids))
    families = PrintoutSubscription.objects.select_for_update(of=("self",)).order_by("pk")
    held = list(families.filter(pk__in=named.values("subscription_id")))  # as printing locks them
    sheets = list(named.select_for_update(of=("self",)).order_by("pk"))
    if len(sheets) != len(set(printout_ids)):
        raise NotFound
    for pupil_id in {sheet.pupil_id for sheet in sheets}:
        check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=pupil_id, on=today)
    waiting = [one for one in sheets if one.handed_on is None and one.voided_on is None]
    for sheet in waiting:
        sheet.handed_on = max(today, sheet.printed_on)
        sheet.handed_by, sheet.handed_by_name = actor.account_id, actor.name
        sheet.save(update_fields=["handed_on", "handed_by", "handed_by_name"])
    given = {one.subscription_id for one in waiting}
    for row in held:
        if row.pk in given and row.reason == Reason.ONCE and row.until is None:
            _end(row, today)
    return len(waiting)


def _is_in_school(pupil_id: int, today: date) -> bool:
    return people.get_pupil_card(pupil_id=pupil_id, on=today).class_id is not None


def _begin(pair: tuple[int, int | None], reason: Reason, today: date) -> PrintoutSubscription:
    """Return the live row of a pair, made when there is none; two at once make one."""
    pupil_id, guardian_id = pair
    rows = PrintoutSubscription.objects.of_pair(pair).select_for_update(of=("self",))
    row, _ = rows.get_or_create(
        until=None,
        defaults={
            "pupil_id": pupil_id,
            "guardian_id": guardian_id,
            "reason": reason,
            "since_on": today,
        },
    )
    return row


def _live(pair: tuple[int, int | None]) -> PrintoutSubscription | None:
    rows = PrintoutSubscription.objects.of_pair(pair).select_for_update(of=("self",))
    return rows.filter(until=None).first()


def _end(row: PrintoutSubscription, today: date) -> None:
    row.until = max(today, row.since_on)
    row.save(update_fields=["until"])


def _is_paper_elsewhere(case: Application) -> bool:
    """Return whether another case of the same pair goes on on paper."""
    assert case.pupil_id is not None
    rows = Application.objects.of_pair(case.pupil_id, case.guardian_id).exclude(pk=case.pk)
    return rows.in_states(*ON_PAPER).filter(delivery=Delivery.PAPER).exists()


def _lock(actor: Actor, subscription_ids: Collection[int], today: date) -> Rows:
    """Return the rows of a batch, held until the end: the next clerk waits, and finds the sheets.

    Who asked once and was given the sheet today may have it printed again.
    """
    rows = PrintoutSubscription.objects.select_for_update(of=("self",)).order_by("pk")
    found = list(rows.filter(pk__in=list(subscription_ids), until=None))
    if len(found) != len(set(subscription_ids)):
        raise NotFound
    for pupil_id in {row.pupil_id for row in found}:
        check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=pupil_id, on=today)
    pairs = {row.pair for row in found}
    if list_receivers(pairs=pairs, on=today) != pairs:
        raise NotAReceiver
    return found


def _sort(rows: Rows, today: date) -> Rows:
    cards = people.get_pupil_cards(pupil_ids=[row.pupil_id for row in rows], on=today)

    def place(row: PrintoutSubscription) -> tuple[int, str, str, int]:
        card = cards[row.pupil_id]
        return card.level or 0, card.class_title, str(card.name).replace("ё", "е"), row.pk

    return sorted(rows, key=place)


def _void_waiting(rows: Rows, today: date) -> None:
    """Take the sheets nobody fetched out of the pile: newer ones take their place."""
    pairs = {row.pair for row in rows}
    waiting = Printout.objects.select_for_update(of=("self",)).filter(
        pupil_id__in={pupil for pupil, _ in pairs}, handed_on=None, voided_on=None
    )
    for sheet in waiting.order_by("pk"):
        if sheet.pair in pairs:
            sheet.voided_on = today
            sheet.save(update_fields=["voided_on"])


def _last_days(pairs: Collection[tuple[int, int | None]]) -> dict[tuple[int, int | None], date]:
    """Return the last day each pair was told of on paper."""
    rows = Printout.objects.filter(
        pupil_id__in={pupil for pupil, _ in pairs}, handed_on__isnull=False
    )
    return {sheet.pair: sheet.period_last for sheet in rows.order_by("period_last", "pk")}


def _enter(actor: Actor, row: PrintoutSubscription, begin: date, today: date) -> Printout:
    year = school_year_bounds(start_year_of(today))
    return Printout.objects.create(
        subscription=row,
        pupil_id=row.pupil_id,
        guardian_id=row.guardian_id,
        number=str(take_number(register=REGISTER, year=today.year)),
        period_since=min(max(begin, year.since), today),
        period_last=today,
        printed_on=today,
        printed_by=actor.account_id,
        printed_by_name=actor.name,
    )
