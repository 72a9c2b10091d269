"""A subject's request for own data (152-ФЗ ст. 14, 20): ten working days, five more with a reason.

The answer is not stored: it would be one more copy of personal data. It is put together when it is
taken; the register keeps its sha256 as it was on the day of the answer.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from foundation.notify.operations import notify
from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.people import access
from services.people.models import Employee, Guardian, Pupil, SubjectRequest
from services.people.queries.own_data import Subject, get_subject_account
from services.people.queries.subject_requests import (
    RequestCard,
    find_employee_id,
    stands_for,
    subject_of,
    to_request_card,
)
from services.regulation.queries import get_setting
from services.regulation.queries.terms import get_due_day

REGISTER = "subject-requests"


class RequestIsThere(DomainError):
    """The same request waits for its answer already."""

    code = "request-is-there"
    message = "Такой запрос уже подан, школа готовит ответ."


class ExtensionNeedsReason(DomainError):
    """The law lets a term be extended once, with a reasoned notice."""

    code = "extension-needs-reason"
    message = "Напишите, почему нужно больше времени: человек получит это объяснение."


class CannotBeExtended(DomainError):
    """The term was extended already, is over, or the answer is given."""

    code = "cannot-be-extended"
    message = "Срок можно продлить один раз и пока он не истёк."


def ask_for_data(*, actor: Actor, pupil_id: int | None, now: datetime) -> RequestCard:
    """Register the request of the guardian or pupil signed in: about themselves, or about a child.

    Raise `NotFound` for somebody else's child, `RequestIsThere`.
    """
    today = _today(actor, now)
    guardian_id, own_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    if own_id is not None and pupil_id in (None, own_id):
        return _register(actor, None, own_id, None, SubjectRequest.Channel.ACCOUNT, now)
    if guardian_id is None:
        raise NotFound
    if pupil_id is not None:
        _check_stands_for(guardian_id, pupil_id, today)
    return _register(actor, guardian_id, pupil_id, None, SubjectRequest.Channel.ACCOUNT, now)


def ask_as_employee(*, actor: Actor, now: datetime) -> RequestCard:
    """Register the request of the employee signed in about the own data.

    Raise `NotFound` for who has no card of an employee, `RequestIsThere`.
    """
    employee_id = find_employee_id(actor)
    if employee_id is None:
        raise NotFound
    return _register(actor, None, None, employee_id, SubjectRequest.Channel.ACCOUNT, now)


def write_down_request(
    *,
    actor: Actor,
    guardian_id: int | None,
    pupil_id: int | None,
    employee_id: int | None,
    now: datetime,
) -> RequestCard:
    """Register a request that came to the school on paper. Raise `NotFound`, `RequestIsThere`."""
    access.check_may_answer_subjects(actor)
    if guardian_id is not None and pupil_id is not None:
        _check_stands_for(guardian_id, pupil_id, _today(actor, now))
    return _register(actor, guardian_id, pupil_id, employee_id, SubjectRequest.Channel.DESK, now)


def extend_request(*, actor: Actor, request_id: int, reason: str, now: datetime) -> RequestCard:
    """Give the school five more working days, once, and tell the person why.

    Raise `NotFound`, `ExtensionNeedsReason`, `CannotBeExtended`.
    """
    access.check_may_answer_subjects(actor)
    row, today = _lock(request_id), _today(actor, now)
    if not reason.strip():
        raise ExtensionNeedsReason
    if row.answered_at is not None or row.extended_on is not None or today > row.due_on:
        raise CannotBeExtended
    number = int(get_setting(key="subject_request.extension_workdays", on=today).value)
    row.due_on = get_due_day(start=row.due_on, number=number, on=today).due_on
    row.extended_on, row.extension_reason = today, reason.strip()
    row.save(update_fields=["due_on", "extended_on", "extension_reason"])
    _tell(
        actor,
        row,
        key="extended",
        title="Срок ответа на ваш запрос продлён",
        text=f"Новый срок: {row.due_on:%d.%m.%Y}. Причина: {row.extension_reason}",
    )
    return to_request_card(row, actor, today)


def answer_request(*, actor: Actor, request_id: int, digest: str, now: datetime) -> RequestCard:
    """Note that the answer is given, with its sha256; one answered already stays as it is.

    Raise `NotFound`.
    """
    access.check_may_answer_subjects(actor)
    row, today = _lock(request_id), _today(actor, now)
    if row.answered_at is not None:
        return to_request_card(row, actor, today)
    row.answered_at, row.answered_by, row.answer_digest = now, actor.account_id, digest
    row.save(update_fields=["answered_at", "answered_by", "answer_digest"])
    _tell(
        actor,
        row,
        key="answered",
        title="Школа ответила на ваш запрос",
        text="Ответ можно забрать на странице «Согласия и мои данные»."
        if row.employee_id is None
        else "Ответ можно забрать на странице «Мои данные».",
    )
    return to_request_card(row, actor, today)


def _register(
    actor: Actor,
    guardian_id: int | None,
    pupil_id: int | None,
    employee_id: int | None,
    channel: SubjectRequest.Channel,
    now: datetime,
) -> RequestCard:
    today = _today(actor, now)
    _lock_asker(guardian_id, pupil_id, employee_id)
    asked = {"guardian_id": guardian_id, "pupil_id": pupil_id, "employee_id": employee_id}
    if SubjectRequest.objects.filter(**asked, answered_at=None).exists():
        raise RequestIsThere
    number = int(get_setting(key="subject_request.due_workdays", on=today).value)
    due = get_due_day(start=today, number=number, on=today)
    row = SubjectRequest.objects.create(
        number=str(take_number(register=REGISTER, year=today.year)),
        asked_on=today,
        asked_at=now,
        asked_by=actor.account_id,
        channel=channel,
        **asked,
        due_on=due.due_on,
        calendar_edition=due.edition,
    )
    return to_request_card(row, actor, today)


def _check_stands_for(guardian_id: int, pupil_id: int, today: date) -> None:
    """Raise `NotFound` unless the guardian stands for the child, by the school's own word."""
    if not stands_for(guardian_id=guardian_id, pupil_id=pupil_id, on=today):
        raise NotFound


def _lock_asker(guardian_id: int | None, pupil_id: int | None, employee_id: int | None) -> None:
    """Lock the card of who asks: the same request twice at once makes one row."""
    rows: QuerySet[Any]
    if guardian_id is not None:
        rows = Guardian.objects.filter(pk=guardian_id)
    elif pupil_id is not None:
        rows = Pupil.objects.filter(pk=pupil_id)
    else:
        rows = Employee.objects.filter(pk=employee_id or 0)
    if rows.select_for_update(of=("self",), no_key=True).first() is None:
        raise NotFound


def _tell(actor: Actor, row: SubjectRequest, *, key: str, title: str, text: str) -> None:
    asker = Subject(guardian_id=row.guardian_id) if row.guardian_id else subject_of(row)
    account_id = get_subject_account(asker)
    if account_id is None:
        return
    notify(
        account_ids=[account_id],
        kind="own-data",
        title=title,
        text=text,
        url=f"/family/consents/{actor.school.slug}/"
        if row.employee_id is None
        else f"/s/{actor.school.slug}/office/my-data/",
        key=f"subject-request-{row.pk}-{key}",
    )


def _lock(request_id: int) -> SubjectRequest:
    row = SubjectRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if row is None:
        raise NotFound
    return row


def _today(actor: Actor, now: datetime) -> date:
    return local_day(now, actor.school.timezone)
