"""Requests for own data: the office's queue, and what the person sees of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from kernel.roles import STAFF_ROLES, Role
from services.people import access
from services.people.models import GuardianLink, SubjectRequest
from services.people.queries.consents import get_person_name
from services.people.queries.days import on_day
from services.people.queries.own_data import Subject
from services.regulation.queries import get_setting


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request: who asks, about whom, until when, and how far it is."""

    id: int
    number: str
    asked_on: date
    channel_title: str
    asker: str
    about: str
    subject: Subject
    due_on: date
    days_left: int
    extended_on: date | None
    extension_reason: str
    answered_at: datetime | None
    answer_digest: str
    is_ready: bool

    @property
    def is_open(self) -> bool:
        """Return whether the person still waits."""
        return self.answered_at is None

    @property
    def state(self) -> str:
        """Return good, bad, warn or plain."""
        if not self.is_open:
            return "good"
        if self.days_left < 0:
            return "bad"
        return "warn" if self.days_left <= 3 else "plain"


def list_requests(*, actor: Actor, on: date, open_only: bool = False) -> list[RequestCard]:
    """Return the requests of the school, the open and most urgent first; raise `NotFound`."""
    access.check_may_see_subjects(actor)
    rows = SubjectRequest.objects.order_by("due_on", "pk")
    waiting = [to_request_card(one, actor, on) for one in _read(rows.filter(answered_at=None))]
    if open_only:
        return waiting
    answered = rows.exclude(answered_at=None).order_by("-answered_at", "-pk")[:100]
    return waiting + [to_request_card(one, actor, on) for one in _read(answered)]


def get_request(*, actor: Actor, request_id: int, on: date) -> RequestCard:
    """Return one request for the office; raise `NotFound`."""
    access.check_may_see_subjects(actor)
    row = _read(SubjectRequest.objects.filter(pk=request_id)).first()
    if row is None:
        raise NotFound
    return to_request_card(row, actor, on)


def find_employee_id(actor: Actor) -> int | None:
    """Return the card of the employee the actor is in this school, or None."""
    cards = {card for role in STAFF_ROLES if (card := actor.person(role)) is not None}
    return min(cards, default=None)


def list_requests_as_employee(*, actor: Actor, on: date) -> list[RequestCard]:
    """Return the requests of the employee who asks, newest first; raise `NotFound` for others."""
    rows = _of_employee(actor)
    return [to_request_card(one, actor, on) for one in _read(rows.order_by("-pk"))]


def get_request_as_employee(*, actor: Actor, request_id: int, on: date) -> RequestCard:
    """Return the employee's own request; raise `NotFound`."""
    row = _read(_of_employee(actor).filter(pk=request_id)).first()
    if row is None:
        raise NotFound
    return to_request_card(row, actor, on)


def _of_employee(actor: Actor) -> QuerySet[SubjectRequest]:
    employee_id = find_employee_id(actor)
    if employee_id is None:
        raise NotFound
    return SubjectRequest.objects.filter(employee_id=employee_id)


def list_own_requests(*, actor: Actor, on: date) -> list[RequestCard]:
    """Return the requests of the guardian or the pupil who asks, newest first."""
    rows = _own(actor)
    return [to_request_card(one, actor, on) for one in _read(rows.order_by("-pk"))]


def get_own_request(*, actor: Actor, request_id: int, on: date) -> RequestCard:
    """Return one's own request whose answer can be taken still; raise `NotFound`."""
    row = _read(_own(actor).filter(pk=request_id)).first()
    if row is None or not _may_take(row, on):
        raise NotFound
    return to_request_card(row, actor, on)


def count_open(*, on: date) -> tuple[int, int]:
    """Return how many requests wait, and how many of them are overdue."""
    waiting = SubjectRequest.objects.filter(answered_at=None)
    return waiting.count(), waiting.filter(due_on__lt=on).count()


def to_request_card(row: SubjectRequest, actor: Actor, on: date) -> RequestCard:
    """Return the card of a row; its answer can be taken for some days (a setting)."""
    days = int(get_setting(key="subject_request.answer_days", on=on).value)
    answered = row.answered_at
    zone = actor.school.timezone
    asker = row.guardian or row.employee or row.pupil
    about = row.pupil or row.guardian or row.employee
    return RequestCard(
        id=row.pk,
        number=row.number,
        asked_on=row.asked_on,
        channel_title=row.get_channel_display(),
        asker=get_person_name(asker),
        about=get_person_name(about),
        subject=subject_of(row),
        due_on=row.due_on,
        days_left=(row.due_on - on).days,
        extended_on=row.extended_on,
        extension_reason=row.extension_reason,
        answered_at=answered,
        answer_digest=row.answer_digest,
        is_ready=answered is not None and on <= local_day(answered, zone) + timedelta(days=days),
    )


def subject_of(row: SubjectRequest) -> Subject:
    """Return whose data are asked for: a guardian who names a child asks about the child."""
    if row.pupil_id is not None:
        return Subject(pupil_id=row.pupil_id)
    if row.guardian_id is not None:
        return Subject(guardian_id=row.guardian_id)
    return Subject(employee_id=row.employee_id)


def _may_take(row: SubjectRequest, on: date) -> bool:
    """Return whether who asked about a child stands for it still."""
    if row.guardian_id is None or row.pupil_id is None:
        return True
    return stands_for(guardian_id=row.guardian_id, pupil_id=row.pupil_id, on=on)


def stands_for(*, guardian_id: int, pupil_id: int, on: date) -> bool:
    """Return whether the school confirmed the guardian of a child, and his rights hold."""
    links = GuardianLink.objects.filter(
        guardian_id=guardian_id,
        pupil_id=pupil_id,
        state=GuardianLink.State.CONFIRMED,
        may_read_diary=True,
    )
    return on_day(links, on).exists()


def _own(actor: Actor) -> QuerySet[SubjectRequest]:
    guardian_id, pupil_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    rows = SubjectRequest.objects.none()
    if guardian_id is not None:
        rows = rows | SubjectRequest.objects.filter(guardian_id=guardian_id)
    if pupil_id is not None:
        rows = rows | SubjectRequest.objects.filter(guardian=None, pupil_id=pupil_id)
    return rows


def _read(rows: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
    return rows.select_related("guardian", "pupil", "employee")


@dataclass(frozen=True, slots=True)
class Askable:
    """About whom the person signed in may ask: themselves (`pupil_id` None), or a child."""

    pupil_id: int | None
    name: str
    is_self: bool


def list_askable(*, actor: Actor, on: date) -> list[Askable]:
    """Return about whom the guardian or pupil who asks may ask."""
    own = [Askable(None, actor.name, is_self=True)]
    guardian_id = actor.person(Role.GUARDIAN)
    if guardian_id is None or actor.person(Role.PUPIL) is not None:
        return own
    links = GuardianLink.objects.filter(
        guardian_id=guardian_id, state=GuardianLink.State.CONFIRMED, may_read_diary=True
    )
    rows = on_day(links, on).select_related("pupil").order_by("pk")
    return own + [Askable(row.pupil_id, get_person_name(row.pupil), is_self=False) for row in rows]
