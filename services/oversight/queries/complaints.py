"""Reading the committee's complaints: the register, a card, the applicant's own, the numbers."""

from dataclasses import dataclass
from datetime import date, datetime

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
from kernel.complaints import (
    OPEN_STATES,
    Action,
    Body,
    ComplaintDraft,
    State,
    is_addressed_to,
    list_actions,
)
from services.oversight import access
from services.oversight.access import Officer
from services.oversight.models import CaseSnapshot, Complaint, Inquiry
from services.oversight.queries.procedure import get_procedure, get_terms


@dataclass(frozen=True, slots=True)
class SnapshotCard:
    """A case asked for; what it holds is read by `look_at_snapshot`, which notes who looked."""

    id: int
    case_number: str
    asked_at: datetime
    asked_by_name: str
    taken_at: datetime | None
    is_missing: bool
    digest: str
    looks: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class InquiryCard:
    """A question to the school and what it answered."""

    id: int
    text: str
    asked_on: date
    asked_by_name: str
    due_on: date
    reply: str
    replied_on: date | None
    replied_by_name: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Casework:
    """What an officer sees beside the complaint itself."""

    school_id: int
    assigned_to: int | None
    is_his: bool
    came_from_school: bool
    moves: frozenset[Action]
    snapshots: tuple[SnapshotCard, ...]
    inquiries: tuple[InquiryCard, ...]


def list_complaints(*, officer: Officer, asked: RegisterFilter, today: date) -> list[ComplaintRow]:
    """Return the register by a filter, the newest first, without those he may not see."""
    access.check_may_work(officer)
    rows = apply_filter(Complaint.objects.all(), asked, today)
    if asked.school_id is not None:
        rows = rows.filter(school_id=asked.school_id)
    if asked.assigned_to is not None:
        rows = rows.filter(assigned_to=asked.assigned_to)
    procedure, terms = get_procedure(on=today), get_terms()
    return [
        to_row(one, procedure=procedure, terms=terms, today=today)
        for one in access.keep_seen(rows, officer)
    ]


def get_complaint(
    *, officer: Officer, complaint_id: int, today: date
) -> tuple[ComplaintCard, Casework]:
    """Return a complaint and the work on it. Raise `NotFound`."""
    one = access.get_complaint(officer=officer, complaint_id=complaint_id)
    moves = list_actions(one.stands, officer.parties)
    if not is_addressed_to(one.aims_at, Body.COMMITTEE, get_procedure(on=today)):
        moves -= {Action.DECIDE, Action.LEAVE}
    work = Casework(
        school_id=one.school_id,
        assigned_to=one.assigned_to,
        is_his=access.is_his(one, officer),
        came_from_school=one.came_from_school,
        moves=moves,
        snapshots=tuple(
            _snapshot(row) for row in one.snapshots.prefetch_related("looks").order_by("pk")
        ),
        inquiries=tuple(_inquiry(row, today) for row in one.inquiries.order_by("pk")),
    )
    return _card(one, today), work


def get_own_complaint(*, account_id: int, complaint_id: int, today: date) -> ComplaintCard:
    """Return the applicant's own complaint. Raise `NotFound`."""
    own = access.get_own_complaint(account_id=account_id, complaint_id=complaint_id)
    return _card(own, today)


def list_own_complaints(*, account_id: int, today: date) -> list[ComplaintRow]:
    """Return the complaints of an account to the committee, the newest first."""
    procedure, terms = get_procedure(on=today), get_terms()
    rows = Complaint.objects.filter(account_id=account_id).order_by("-received_on", "-pk")
    return [to_row(one, procedure=procedure, terms=terms, today=today) for one in rows]


def find_by_code(*, typed: str, code: str, today: date) -> ComplaintCard | None:
    """Return a complaint by its number or reference and the secret code; None when not both fit."""
    one = find(Complaint.objects.all(), typed=typed, code=code)
    return None if one is None else _card(one, today)


def count_complaints(*, since: date, last: date) -> list[ComplaintCount]:
    """Return how many complaints received in these days ended how, by school and ground."""
    rows = Complaint.objects.filter(received_on__gte=since, received_on__lte=last)
    return count(rows, get_procedure(on=last))


def list_pressing(*, today: date) -> list[ComplaintRow]:
    """Return the open complaints whose term is near, due or over."""
    procedure, terms = get_procedure(on=today), get_terms()
    rows = [
        to_row(one, procedure=procedure, terms=terms, today=today)
        for one in Complaint.objects.filter(state__in=OPEN_STATES).order_by("pk")
    ]
    return [row for row in rows if row.lateness]


# --- What travels to a school, read by the handlers ---------------------------------------------


@dataclass(frozen=True, slots=True)
class ComplaintForSchool:
    """A complaint as the school's head gets it when it is sent to him."""

    school_id: int
    draft: ComplaintDraft
    account_id: int | None
    reference: str
    code_digest: str


def get_sent(*, complaint_id: int) -> ComplaintForSchool | None:
    """Return what a school gets of a complaint; None for one that was not sent to it."""
    one = Complaint.objects.filter(pk=complaint_id, state=State.FORWARDED).first()
    if one is None:
        return None
    parts = {name: getattr(one, name) for name in ComplaintDraft.__slots__}
    draft = ComplaintDraft(
        **{
            **parts,
            "target": one.aims_at,
            "grounds": tuple(one.grounds),
            "file_ids": tuple(one.file_ids),
        }
    )
    return ComplaintForSchool(one.school_id, draft, one.account_id, one.reference, one.code_digest)


@dataclass(frozen=True, slots=True)
class AskedCase:
    """Which case of which school a snapshot is to be taken of."""

    school_id: int
    case_number: str


def get_asked_case(*, snapshot_id: int) -> AskedCase:
    """Return what a snapshot is asked for."""
    row = CaseSnapshot.objects.select_related("complaint").get(pk=snapshot_id)
    return AskedCase(row.complaint.school_id, row.case_number)


@dataclass(frozen=True, slots=True)
class SentInquiry:
    """A question as the school gets it: no name of the applicant but what the officer wrote."""

    school_id: int
    complaint_number: str
    text: str
    asked_by_name: str
    asked_on: date
    due_on: date


def get_inquiry(*, inquiry_id: int) -> SentInquiry:
    """Return what a school gets of a question."""
    row = Inquiry.objects.select_related("complaint").get(pk=inquiry_id)
    return SentInquiry(
        school_id=row.complaint.school_id,
        complaint_number=row.complaint.number or "",
        text=row.text,
        asked_by_name=row.asked_by_name,
        asked_on=row.asked_on,
        due_on=row.due_on,
    )


@dataclass(frozen=True, slots=True)
class ShownCase:
    """What was shown of a school's case, for the school's own record."""

    snapshot_id: int
    case_number: str
    taken_at: datetime
    asked_by_name: str
    digest: str


def list_shown(*, complaint_id: int) -> tuple[int, list[ShownCase]]:
    """Return the school of a complaint and what of its cases the committee was shown."""
    one = Complaint.objects.get(pk=complaint_id)
    taken = one.snapshots.filter(taken_at__isnull=False, is_missing=False).order_by("pk")
    return one.school_id, [
        ShownCase(row.pk, row.case_number, row.taken_at, row.asked_by_name, row.digest)
        for row in taken
        if row.taken_at is not None
    ]


def get_complaint_id_of_inquiry(*, inquiry_id: int) -> int:
    """Return the complaint a question belongs to."""
    return Inquiry.objects.values_list("complaint_id", flat=True).get(pk=inquiry_id)


def _card(one: Complaint, today: date) -> ComplaintCard:
    return to_card(
        one,
        one.steps.order_by("at", "pk"),
        procedure=get_procedure(on=today),
        terms=get_terms(),
        today=today,
    )


def _snapshot(row: CaseSnapshot) -> SnapshotCard:
    looks = sorted(row.looks.all(), key=lambda one: one.pk)
    return SnapshotCard(
        id=row.pk,
        case_number=row.case_number,
        asked_at=row.asked_at,
        asked_by_name=row.asked_by_name,
        taken_at=row.taken_at,
        is_missing=row.is_missing,
        digest=row.digest,
        looks=tuple((one.at, one.by_name) for one in looks),
    )


def _inquiry(row: Inquiry, today: date) -> InquiryCard:
    return InquiryCard(
        id=row.pk,
        text=row.text,
        asked_on=row.asked_on,
        asked_by_name=row.asked_by_name,
        due_on=row.due_on,
        reply=row.reply,
        replied_on=row.replied_on,
        replied_by_name=row.replied_by_name,
        is_late=row.replied_on is None and today > row.due_on,
    )
