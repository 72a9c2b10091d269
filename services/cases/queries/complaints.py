"""Reading the complaints of a school: the queue, a card, the applicant's own, the register."""

from dataclasses import dataclass
from datetime import date

from foundation.complaints.reading import (
    ComplaintCard,
    ComplaintCount,
    ComplaintRow,
    RegisterFilter,
    apply_filter,
    count,
    find,
    to_card,
    to_row,
)
from kernel.actor import Actor
from kernel.complaints import OPEN_STATES, Action, Body, Party, is_addressed_to, list_actions
from kernel.complaints import ComplaintDraft as Draft
from services.cases import complaint_access as access
from services.cases.models import Application, Complaint
from services.cases.queries.complaint_procedure import get_procedure, get_terms


def list_complaints(*, actor: Actor, asked: RegisterFilter, today: date) -> list[ComplaintRow]:
    """Return the register by a filter, the newest first, without those about the actor.

    Raise `NotFound` for who does not work on complaints.
    """
    hand = access.check_may_work(actor)
    procedure, terms = get_procedure(on=today), get_terms()
    rows = access.keep_seen(apply_filter(Complaint.objects.all(), asked, today), hand, procedure)
    return [to_row(one, procedure=procedure, terms=terms, today=today) for one in rows]


def get_complaint(*, actor: Actor, complaint_id: int, today: date) -> ComplaintCard:
    """Return a whole complaint for somebody at the desk. Raise `NotFound`."""
    procedure = get_procedure(on=today)
    one = access.get_complaint(actor=actor, complaint_id=complaint_id, procedure=procedure)
    return _card(one, today)


def get_own_complaint(*, actor: Actor, complaint_id: int, today: date) -> ComplaintCard:
    """Return the applicant's own complaint. Raise `NotFound`."""
    return _card(access.get_own_complaint(actor=actor, complaint_id=complaint_id), today)


def list_own_complaints(*, actor: Actor, today: date) -> list[ComplaintRow]:
    """Return the complaints of the account itself, the newest first."""
    if actor.account_id is None:
        return []
    procedure, terms = get_procedure(on=today), get_terms()
    rows = Complaint.objects.filter(account_id=actor.account_id).order_by("-received_on", "-pk")
    return [to_row(one, procedure=procedure, terms=terms, today=today) for one in rows]


def find_by_code(*, typed: str, code: str, today: date) -> ComplaintCard | None:
    """Return a complaint by its number or reference and the secret code; None when not both fit."""
    one = find(Complaint.objects.all(), typed=typed, code=code)
    return None if one is None else _card(one, today)


def list_moves(*, actor: Actor, complaint_id: int, today: date) -> frozenset[Action]:
    """Return what the actor may do with a complaint now. Raise `NotFound`."""
    procedure = get_procedure(on=today)
    one = access.get_complaint(actor=actor, complaint_id=complaint_id, procedure=procedure)
    moves = list_actions(one.stands, access.parties_of(actor))
    if not is_addressed_to(one.aims_at, Body.SCHOOL, procedure):
        return moves - {Action.DECIDE, Action.LEAVE}
    return moves


def check_may_work(*, actor: Actor) -> None:
    """Raise `NotFound` for who does not work on complaints."""
    access.check_may_work(actor)


def is_head(actor: Actor) -> bool:
    """Return whether the actor decides complaints."""
    return Party.HEAD in access.parties_of(actor)


def count_complaints(*, since: date, last: date, today: date) -> list[ComplaintCount]:
    """Return how many complaints received in these days ended how, by ground: for the board."""
    rows = Complaint.objects.filter(received_on__gte=since, received_on__lte=last)
    return count(rows, get_procedure(on=today))


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How many open complaints are near their term, due today and overdue."""

    nearing: int
    due: int
    overdue: int

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing presses."""
        return not (self.nearing or self.due or self.overdue)


def count_due(*, today: date) -> DueCounts:
    """Return how the terms of the open complaints stand."""
    procedure, terms = get_procedure(on=today), get_terms()
    states = [
        to_row(one, procedure=procedure, terms=terms, today=today).lateness
        for one in Complaint.objects.filter(state__in=OPEN_STATES)
    ]
    return DueCounts(states.count("nearing"), states.count("due"), states.count("overdue"))


def find_case_id(*, number: str) -> int | None:
    """Return the case a complaint names by the number of its application, or None."""
    if not number.strip():
        return None
    found = Application.objects.filter(number=number.strip())
    return found.values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class ForwardedComplaint:
    """A complaint as it goes to the committee."""

    draft: Draft
    account_id: int | None
    reference: str
    code_digest: str
    note: str


def get_forwarded(*, complaint_id: int) -> ForwardedComplaint | None:
    """Return what the committee gets of a forwarded complaint; None for one that was not."""
    one = Complaint.objects.filter(pk=complaint_id, forwarded_on__isnull=False).first()
    if one is None:
        return None
    return ForwardedComplaint(
        draft=Draft(
            target=one.aims_at,
            against=one.against,
            grounds=tuple(one.grounds),
            last_name=one.last_name,
            first_name=one.first_name,
            middle_name=one.middle_name,
            residence=one.residence,
            phone=one.phone,
            email=one.email,
            postal_address=one.postal_address,
            contested=one.contested,
            arguments=one.arguments,
            case_number=one.case_number,
            file_ids=tuple(one.file_ids),
        ),
        account_id=one.account_id,
        reference=one.reference,
        code_digest=one.code_digest,
        note=one.forward_reason,
    )


@dataclass(frozen=True, slots=True)
class Suspects:
    """Whom news of a complaint must not reach: the card and the words of the applicant."""

    against_id: int | None
    against: str


def get_suspects(*, complaint_id: int) -> Suspects:
    """Return whom a complaint is about, as far as it is known."""
    one = Complaint.objects.get(pk=complaint_id)
    return Suspects(one.against_id, one.against)


def _card(one: Complaint, today: date) -> ComplaintCard:
    return to_card(
        one,
        one.steps.order_by("at", "pk"),
        procedure=get_procedure(on=today),
        terms=get_terms(),
        today=today,
    )
