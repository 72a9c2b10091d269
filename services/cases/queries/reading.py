"""Turning rows of cases into what pages and other rooms see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.cases import rules
from services.cases.models import Application, Attachment, CaseEvent
from services.cases.rules import Action, Standing, State
from services.people import queries as people
from services.regulation.queries import get_settings
from services.regulation.queries.terms import count_working_days

NEARING = "service.nearing_workdays"
# What the system does by itself is offered to nobody.
SILENT = (Action.REGISTER, Action.RECOUNT, Action.LOSE_CONSENT, Action.LEAVE)


@dataclass(frozen=True, slots=True)
class Term:
    """Where the term of the access stands; `state` is overdue, due, nearing or "" (SRV-009)."""

    due_on: date
    days_left: int  # working days, today not counted; negative when it is over
    state: str
    is_running: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the queue or of the applicant's list."""

    id: int
    number: str
    state: str
    state_title: str
    registered_on: date | None
    applicant: str
    child: str
    class_title: str
    channel_title: str
    delivery: str
    is_recognised: bool
    term: Term | None


@dataclass(frozen=True, slots=True)
class LogRow:
    """A step of a case as people read it."""

    id: int
    at: datetime
    action: str
    from_state: str
    to_state: str
    party: str
    who: str
    ground_title: str
    ground_clause: str
    note: str
    paper: str
    paper_number: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that came with the application; without a file it lies in the school."""

    id: int
    kind: str
    title: str
    name: str
    file_id: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A step a person may take now, with the closed list of grounds it asks for."""

    action: str
    target: str
    grounds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A whole case, as one who may see it sees it."""

    row: CaseRow
    kind: str
    kind_title: str
    relation: str
    phone: str
    email: str
    delivery_title: str
    child_birth_date: date | None
    typed_class: str
    submitted_at: datetime | None
    accepted_on: date | None
    granted_on: date | None
    ended_on: date | None
    ground_title: str
    ground_clause: str
    pupil_id: int | None
    guardian_id: int | None
    consent_id: int | None
    week: int | None
    edition: str
    moved_to_school_id: int | None
    came_from_school_id: int | None
    account_id: int | None
    papers: tuple[PaperRow, ...]
    log: tuple[LogRow, ...]
    offers: tuple[Offer, ...]

    @property
    def actions(self) -> frozenset[str]:
        """Return the names of the steps that are offered."""
        return frozenset(one.action for one in self.offers)


def name_of(*parts: str) -> str:
    """Return the parts of a name in one line."""
    return " ".join(part for part in parts if part)


def to_term(case: Application, on: date, nearing_days: int) -> Term | None:
    """Return the term of a case, or None while it has none."""
    if case.due_on is None:
        return None
    is_running = case.state == State.ACCEPTED
    if on <= case.due_on:
        left = count_working_days(since=on, until=case.due_on)
        left -= count_working_days(since=on, until=on)
    else:
        left = -count_working_days(since=case.due_on, until=on)
        left += count_working_days(since=case.due_on, until=case.due_on)
    state = ""
    if is_running:
        state = "overdue" if on > case.due_on else "due" if on == case.due_on else ""
        state = state or ("nearing" if left <= nearing_days else "")
    return Term(case.due_on, left, state, is_running, case.is_provisional)


def to_rows(cases: Sequence[Application], on: date) -> list[CaseRow]:
    """Return lines: two queries for the classes, whatever their number."""
    nearing = int(get_settings(keys=[NEARING], on=on)[NEARING].value)
    ids = {case.pupil_id for case in cases if case.pupil_id is not None}
    pupils = people.get_pupil_cards(pupil_ids=ids, on=on) if ids else {}
    rows = []
    for case in cases:
        card = pupils.get(case.pupil_id or 0)
        rows.append(
            CaseRow(
                id=case.pk,
                number=case.number,
                state=case.state,
                state_title=case.get_state_display(),
                registered_on=case.registered_on,
                applicant=name_of(
                    case.applicant_last_name,
                    case.applicant_first_name,
                    case.applicant_middle_name,
                ),
                child=name_of(case.child_last_name, case.child_first_name, case.child_middle_name),
                class_title=card.class_title if card else case.child_class,
                channel_title=case.get_channel_display(),
                delivery=case.delivery,
                is_recognised=card is not None,
                term=to_term(case, on, nearing),
            )
        )
    return rows


def to_view(case: Application, standing: Standing, on: date) -> CaseView:
    """Return a whole case with what the one who looks may do."""
    grounds = read_grounds(on)
    log = _to_log(case.log.order_by("at", "pk"), grounds)
    # The ground of what stands: one on which the case was once suspended is of the past.
    last_ground = next(
        (row for row in reversed(log) if row.ground_title and row.to_state == case.state), None
    )
    return CaseView(
        row=to_rows([case], on)[0],
        kind=case.kind,
        kind_title=case.get_kind_display(),
        relation=case.relation,
        phone=case.phone,
        email=case.email,
        delivery_title=case.get_delivery_display(),
        child_birth_date=case.child_birth_date,
        typed_class=case.child_class,
        submitted_at=case.submitted_at,
        accepted_on=case.accepted_on,
        granted_on=case.granted_on,
        ended_on=case.ended_on,
        ground_title=last_ground.ground_title if last_ground else "",
        ground_clause=last_ground.ground_clause if last_ground else "",
        pupil_id=case.pupil_id,
        guardian_id=case.guardian_id,
        consent_id=case.consent_id,
        week=case.week,
        edition=case.edition,
        moved_to_school_id=case.moved_to_school_id,
        came_from_school_id=case.came_from_school_id,
        account_id=case.account_id,
        papers=tuple(_to_papers(case.attachments.order_by("pk"))),
        log=log,
        offers=_to_offers(case, standing, grounds),
    )


def read_grounds(on: date) -> dict[str, list[tuple[str, str]]]:
    """Return the grounds of each closed list as it holds on a day: (code, title)."""
    held = get_settings(keys=list(rules.DEMANDED_GROUNDS), on=on)
    return {key: [(code, title) for code, title in one.value] for key, one in held.items()}


def _to_offers(
    case: Application, standing: Standing, grounds: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[Offer, ...]:
    return tuple(
        Offer(row.action, row.target, tuple(grounds.get(row.grounds, ())))
        for row in rules.list_offered(State(case.state), standing, grounds)
        if row.action not in SILENT
    )


def _to_log(
    events: Iterable[CaseEvent], grounds: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[LogRow, ...]:
    events = list(events)
    accounts = {one.account_id for one in events if one.account_id and one.party == "staff"}
    names = people.get_employee_names_by_account(accounts) if accounts else {}
    return tuple(
        LogRow(
            id=one.pk,
            at=one.at,
            action=one.action,
            from_state=one.from_state,
            to_state=one.to_state,
            party=one.party,
            who=names.get(one.account_id or 0, ""),
            ground_title=rules.say_ground(code=one.ground, state=one.to_state, listed=grounds),
            ground_clause=one.ground_clause,
            note=one.note,
            paper=one.paper,
            paper_number=one.paper_number,
            due_on=one.due_on,
        )
        for one in events
    )


def _to_papers(attachments: Iterable[Attachment]) -> Iterable[PaperRow]:
    for one in attachments:
        yield PaperRow(one.pk, one.kind, one.get_kind_display(), one.name, one.file_id)
