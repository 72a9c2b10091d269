"""The register of print-outs: what was printed and handed over, as a page, a table, an extract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from foundation.documents.paper import PaperDocument
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from services.cases import access
from services.cases.models import Printout
from services.cases.queries.printouts import PAGE_SIZE, name_receivers
from services.people import queries as people
from services.people.access import Scope, get_scope, may_on_duty
from services.people.queries import PupilCard
from services.people.queries.consents import get_operator


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is asked for; empty asks for everything."""

    state: str = ""  # handed, waiting, voided
    class_id: int | None = None
    words: str = ""
    since: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the register of print-outs."""

    id: int
    number: str
    printed_on: date
    period_since: date
    period_last: date
    child: str
    class_title: str
    receiver: str
    reason_title: str
    printed_by: str
    handed_on: date | None
    handed_by: str
    state: str


REGISTER_HEAD = (
    "Номер",
    "Напечатано",
    "Сведения с",
    "Сведения по",
    "Обучающийся",
    "Класс",
    "Кому",
    "Почему на бумаге",
    "Напечатал(а)",
    "Вручено",
    "Вручил(а)",
    "Состояние",
)
STATE_TITLES = {"handed": "вручено", "waiting": "ждёт вручения", "voided": "заменено новой"}


def list_register(
    *, actor: Actor, wanted: RegisterFilter, on: date, page: int | None = 1
) -> tuple[list[RegisterRow], int]:
    """Return a page of the register, the newest first, and how many there are; None: all.

    The office and who exports registers see all, a class teacher the own class. Raise `NotFound`.
    """
    found = _filtered(_scope_of_register(actor, on), wanted, on)
    count = found.count()
    found = found.select_related("subscription").order_by("-printed_on", "-number", "-pk")
    if page is not None:
        start = (max(page, 1) - 1) * PAGE_SIZE
        found = found[start : start + PAGE_SIZE]
    sheets = list(found)
    cards = people.get_pupil_cards(pupil_ids={one.pupil_id for one in sheets}, on=on)
    names = name_receivers(sheets, cards)
    return [_to_register_row(one, cards[one.pupil_id], names[one.pair]) for one in sheets], count


def check_may_export(*, actor: Actor, on: date) -> None:
    """Raise `NotFound` unless the actor prints and exports registers."""
    if not may_export(actor=actor, on=on):
        raise NotFound


def may_export(*, actor: Actor, on: date) -> bool:
    """Return whether the actor prints and exports registers."""
    return may_on_duty(actor=actor, right=Right.REGISTERS_EXPORT, on=on)


def register_cells(rows: Iterable[RegisterRow]) -> list[tuple[str | date | None, ...]]:
    """Return the register as a table, its head first."""
    return [
        REGISTER_HEAD,
        *(
            (
                row.number,
                row.printed_on,
                row.period_since,
                row.period_last,
                row.child,
                row.class_title,
                row.receiver,
                row.reason_title,
                row.printed_by,
                row.handed_on,
                row.handed_by,
                STATE_TITLES[row.state],
            )
            for row in rows
        ),
    ]


def compose_register(
    *, actor: Actor, rows: Sequence[RegisterRow], subtitle: str, on: date
) -> PaperDocument:
    """Return the extract of the register for paper, with a column for signatures."""
    operator = get_operator(actor=actor, on=on)
    data = {
        "head": {"name": operator.name, "address": operator.address, "contacts": ""},
        "issuer": actor.name,
        "on": on,
        "subtitle": subtitle,
        "rows": [
            [
                row.number,
                f"{row.printed_on:%d.%m.%Y}",
                f"{row.period_since:%d.%m}–{row.period_last:%d.%m.%Y}",
                row.child,
                row.class_title,
                row.receiver,
                f"{row.handed_on:%d.%m.%Y}" if row.handed_on else STATE_TITLES[row.state],
                row.handed_by,
                "",
            ]
            for row in rows
        ],
    }
    return PaperDocument("cases/printout-register.typ", f"Реестр распечаток {on}.pdf", data)


@dataclass(frozen=True, slots=True)
class HandedSheet:
    """A sheet as the family sees it in the list of what it got."""

    number: str
    period_since: date
    period_last: date
    handed_on: date | None


def list_own_sheets(*, actor: Actor, case_id: int, on: date) -> list[HandedSheet]:
    """Return the sheets handed to the applicant of a case the actor may see. Raise `NotFound`."""
    case, _ = access.get_case(actor=actor, case_id=case_id, on=on)
    if case.pupil_id is None:
        return []
    rows = Printout.objects.of_pair((case.pupil_id, case.guardian_id)).exclude(handed_on=None)
    return [
        HandedSheet(one.number, one.period_since, one.period_last, one.handed_on)
        for one in rows.order_by("-handed_on", "-pk")[:PAGE_SIZE]
    ]


def _scope_of_register(actor: Actor, on: date) -> Scope:
    if may_export(actor=actor, on=on):
        return Scope(everybody=True)
    return get_scope(actor=actor, right=Right.PRINTOUTS_HAND, on=on)


def _to_register_row(one: Printout, card: PupilCard, receiver: str) -> RegisterRow:
    state = "handed" if one.handed_on else "voided" if one.voided_on else "waiting"
    return RegisterRow(
        id=one.pk,
        number=one.number,
        printed_on=one.printed_on,
        period_since=one.period_since,
        period_last=one.period_last,
        child=str(card.name),
        class_title=card.class_title,
        receiver=receiver,
        reason_title=one.subscription.get_reason_display(),
        printed_by=one.printed_by_name,
        handed_on=one.handed_on,
        handed_by=one.handed_by_name,
        state=state,
    )


def _filtered(scope: Scope, wanted: RegisterFilter, on: date) -> QuerySet[Printout]:
    rows = Printout.objects.all()
    if wanted.class_id is not None and not scope.everybody:
        scope = Scope(False, scope.class_ids & {wanted.class_id})
    if not scope.everybody:
        rows = rows.filter(pupil_id__in=_pupils_of(scope.class_ids, on))
    elif wanted.class_id is not None:
        rows = rows.filter(pupil_id__in=_pupils_of({wanted.class_id}, on))
    states = {
        "handed": Q(handed_on__isnull=False),
        "waiting": Q(handed_on=None, voided_on=None),
        "voided": Q(voided_on__isnull=False),
    }
    rows = rows.filter(states.get(wanted.state, Q()))
    if wanted.since is not None:
        rows = rows.filter(printed_on__gte=wanted.since)
    if wanted.last is not None:
        rows = rows.filter(printed_on__lte=wanted.last)
    return rows.filter(number__contains=wanted.words) if wanted.words else rows


def _pupils_of(class_ids: Iterable[int], on: date) -> set[int]:
    return {
        pupil.id
        for class_id in class_ids
        for pupil in people.list_class_pupils(class_id=class_id, on=on)
    }
