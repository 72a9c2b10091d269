"""Families on paper: the queue of what is due, and who may ask for a sheet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.periods import Period
from kernel.rights import Right
from kernel.school_year import start_year_of
from services.cases import printout_rules
from services.cases.models import Printout, PrintoutSubscription
from services.cases.printout_rules import Due, Reason
from services.diary.queries.paper import list_receivers
from services.people import queries as people
from services.people.access import Scope, check_towards, get_scope
from services.people.queries import PupilCard
from services.people.queries.families import list_guardian_links
from services.regulation.queries import get_setting
from services.regulation.queries.terms import get_deadline_calendar
from services.schedule import queries as schedule

INTERVAL = "print.parent_interval_days"
NOTE = "print.note"
PAGE_SIZE = 50
Pair = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A printed sheet that waits for its hand-over."""

    id: int
    number: str
    printed_on: date


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A family on paper: what is due when, and the sheet that lies printed."""

    id: int
    pupil_id: int
    child: str
    class_id: int | None
    class_title: str
    receiver: str
    reason: str
    reason_title: str
    since_on: date
    last_on: date | None
    due_on: date | None
    due: Due
    waiting: SheetCard | None

    @property
    def is_to_print(self) -> bool:
        """Return whether a sheet is due and none lies printed."""
        return self.waiting is None and self.due in (Due.TODAY, Due.OVERDUE)

    @property
    def may_stop(self) -> bool:
        """Return whether the desk ends it; what an application chose is changed there."""
        return self.reason != Reason.DELIVERY


@dataclass(frozen=True, slots=True)
class Queue:
    """The families an actor prints for; `interval` 0: nothing falls due by itself."""

    rows: tuple[QueueRow, ...]
    interval: int


def get_queue(*, actor: Actor, on: date) -> Queue:
    """Return the families on paper the actor prints for, what is due first. Raise `NotFound`."""
    scope = get_scope(actor=actor, right=Right.PRINTOUTS_HAND, on=on)
    subscriptions = list(PrintoutSubscription.objects.filter(until=None).order_by("pk"))
    cards = people.get_pupil_cards(pupil_ids={one.pupil_id for one in subscriptions}, on=on)
    receivers = list_receivers(pairs={one.pair for one in subscriptions}, on=on)
    seen = [
        one
        for one in subscriptions
        if one.pair in receivers and _is_in(scope, cards[one.pupil_id].class_id)
    ]
    interval = int(get_setting(key=INTERVAL, on=on).value or 0)
    handed, waiting = _list_sheets({one.pupil_id for one in seen})
    dues = _Dues.read(interval, on, min((one.since_on for one in seen), default=on))
    names = name_receivers(seen, cards)
    rows = [
        _to_row(one, cards[one.pupil_id], names[one.pair], handed, waiting, dues) for one in seen
    ]
    rows.sort(key=lambda row: (row.due_on or date.max, _place(cards[row.pupil_id]), row.id))
    return Queue(tuple(rows), interval)


@dataclass(frozen=True, slots=True)
class ReceiverCard:
    """Somebody who may be given paper about a child; `guardian_id` None: the pupil himself."""

    guardian_id: int | None
    name: str
    is_given: bool


def list_askers(*, actor: Actor, pupil_id: int, on: date) -> tuple[PupilCard, list[ReceiverCard]]:
    """Return a pupil and who may ask for paper about him. Raise `NotFound`."""
    check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=pupil_id, on=on)
    card = people.get_pupil_card(pupil_id=pupil_id, on=on)
    links = list_guardian_links(pupil_id=pupil_id, on=on)
    pairs: list[Pair] = [(pupil_id, one.guardian_id) for one in links]
    receivers = list_receivers(pairs=pairs, on=on)
    names = people.get_guardians(guardian_ids=[one.guardian_id for one in links])
    live = PrintoutSubscription.objects.filter(pupil_id=pupil_id, until=None)
    given = set(live.exclude(reason=Reason.ONCE).values_list("guardian_id", flat=True))
    found = [
        ReceiverCard(guardian, str(names[guardian].name), guardian in given)
        for _, guardian in pairs
        if guardian is not None and (pupil_id, guardian) in receivers
    ]
    if people.is_of_age(pupil_id=pupil_id, on=on):
        found.append(ReceiverCard(None, str(card.name), None in given))
    return card, found


@dataclass(frozen=True, slots=True)
class _Dues:
    """The days sheets fall due on, with the study days of each level read once."""

    interval: int
    today: date
    since: date
    study_days: dict[int, list[date]] = field(default_factory=dict)
    years: list[schedule.YearCalendar] = field(default_factory=list)

    @classmethod
    def read(cls, interval: int, today: date, since: date) -> "_Dues":
        dues = cls(interval, today, since)
        for start_year in range(start_year_of(since), start_year_of(today) + 2):
            try:
                dues.years.append(schedule.get_calendar(start_year=start_year))
            except NotFound:
                continue
        return dues

    def of(self, level: int | None, row: PrintoutSubscription, last_on: date | None) -> date | None:
        calendar = get_deadline_calendar(on=self.today)
        if row.reason == Reason.ONCE:
            return calendar.working_day_from(row.since_on)
        if level is None:
            return None
        if level not in self.study_days:
            days = Period(self.since)
            self.study_days[level] = [
                one.day for year in self.years for one in year.study_days(level, days)
            ]
        return printout_rules.due_day(
            last_on=max(last_on or row.since_on, row.since_on),
            interval=self.interval,
            calendar=calendar,
            study_days=self.study_days[level],
        )


def _is_in(scope: Scope, class_id: int | None) -> bool:
    if class_id is None:
        return False  # who is in no class has no marks to print
    return scope.everybody or class_id in scope.class_ids


def _list_sheets(pupil_ids: Collection[int]) -> tuple[dict[Pair, Printout], dict[Pair, Printout]]:
    """Return the last sheet handed over to each pair, and the one that waits."""
    handed: dict[Pair, Printout] = {}
    waiting: dict[Pair, Printout] = {}
    rows = Printout.objects.filter(pupil_id__in=pupil_ids, voided_on=None)
    for one in rows.order_by("handed_on", "pk"):
        (waiting if one.handed_on is None else handed)[one.pair] = one
    return handed, waiting


def name_receivers(
    rows: Iterable[PrintoutSubscription | Printout], cards: Mapping[int, PupilCard]
) -> dict[Pair, str]:
    pairs = {row.pair for row in rows}
    guardians = people.get_guardians(
        guardian_ids=[guardian for _, guardian in pairs if guardian is not None]
    )
    return {
        (pupil, guardian): str(cards[pupil].name if guardian is None else guardians[guardian].name)
        for pupil, guardian in pairs
    }


def _to_row(
    one: PrintoutSubscription,
    card: PupilCard,
    receiver: str,
    handed: Mapping[Pair, Printout],
    waiting: Mapping[Pair, Printout],
    dues: _Dues,
) -> QueueRow:
    last = handed.get(one.pair)
    last_on = last.handed_on if last else None
    due_on = dues.of(card.level, one, last_on)
    sheet = waiting.get(one.pair)
    return QueueRow(
        id=one.pk,
        pupil_id=one.pupil_id,
        child=str(card.name),
        class_id=card.class_id,
        class_title=card.class_title,
        receiver=receiver,
        reason=one.reason,
        reason_title=one.get_reason_display(),
        since_on=one.since_on,
        last_on=last_on,
        due_on=due_on,
        due=printout_rules.state_on(due_on, dues.today),
        waiting=SheetCard(sheet.pk, sheet.number, sheet.printed_on) if sheet else None,
    )


def _place(card: PupilCard) -> tuple[int, str, str]:
    return card.level or 0, card.class_title, _plain(card.name)


def _plain(name: FullName) -> str:
    return str(name).lower().replace("ё", "е")
