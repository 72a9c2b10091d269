"""Destroying what only a withdrawn consent allowed to keep, with an act (152-ФЗ ст. 21 ч. 5).

The record of learning stays: the law itself demands it. What is signed stays until its own term is
over (docs/adr/0008-sealed-consents.md), then goes with an act as well. The act holds the export of
the event log that приказ Роскомнадзора 28.10.2022 № 179 asks for.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from foundation.audit.queries import list_changes
from foundation.files.operations import erase_file
from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from services.people import access
from services.people.models import Consent, DestructionAct, Employee, Guardian, Pupil
from services.people.queries.consents import get_operator
from services.people.queries.destruction import (
    KEPT_BY_LAW,
    SYSTEM_NAME,
    add_years,
    is_term_over,
    list_extra_data,
    name_of_subject,
)
from services.regulation.queries import get_setting

REGISTER = "destruction-acts"
TABLES: dict[type, str] = {
    Guardian: "people_guardian",
    Pupil: "people_pupil",
    Employee: "people_employee",
}
FORGET = "SELECT people_forget_contacts(%s, %s)"


class NothingToDestroy(DomainError):
    """The consent is not withdrawn, or its term is not over."""

    code = "nothing-to-destroy"
    message = "Уничтожать пока нечего: согласие действует или срок его хранения не истёк."


class ActNeedsNames(DomainError):
    """Who destroys is named with the post."""

    code = "act-needs-names"
    message = "Назовите тех, кто уничтожает данные: должность, фамилия и инициалы."


@dataclass(frozen=True, slots=True)
class Witness:
    """Who destroyed the data and signs the act."""

    post: str
    name: str


def destroy_extra_data(
    *, actor: Actor, consent_id: int, witnesses: Sequence[Witness], now: datetime
) -> int:
    """Erase what the withdrawn consent alone held and return the act's id.

    Contacts go from the card and from the journal of actions; they stay while another consent of
    the person is live, and the act says so. The same consent again gives the same act.
    Raise `NotFound`, `NothingToDestroy`, `ActNeedsNames`.
    """
    access.check_may_destroy(actor)
    consent = _lock(consent_id)
    if consent.is_live:
        raise NothingToDestroy
    if consent.destruction_id is not None:
        return consent.destruction_id
    today = _today(actor, now)
    items, log = [], []
    for one in list_extra_data(consent=consent):
        card = type(one.card).objects.select_for_update(of=("self",)).get(pk=one.card.pk)
        for field in one.fields:
            setattr(card, field, "")
        card.save(update_fields=list(one.fields))
        table = TABLES[type(one.card)]
        forgotten = _forget(table, card.pk)
        items += [f"{title} ({one.whose})" for title in one.titles]
        log.append(_log_line(table, card.pk, one.titles, forgotten))
    consent.destruction = _make_act(
        actor=actor,
        consent=consent,
        reason=DestructionAct.Reason.ENDED
        if consent.is_over_by_term
        else DestructionAct.Reason.WITHDRAWAL,
        witnesses=witnesses,
        now=now,
        content={"items": items, "log": log, "kept": KEPT_BY_LAW, "today": today.isoformat()},
    )
    consent.save(update_fields=["destruction"])
    return consent.destruction.pk


def erase_signed(
    *, actor: Actor, consent_id: int, witnesses: Sequence[Witness], now: datetime
) -> int:
    """Erase what was signed, and its scan, when its term is over; return the act's id.

    The line of the register stays: number, day, applicant, child, accepter.
    """
    access.check_may_destroy(actor)
    consent = _lock(consent_id)
    if consent.erasure_id is not None:
        return consent.erasure_id
    today = _today(actor, now)
    if not is_term_over(actor=actor, consent=consent, today=today):
        raise NothingToDestroy
    items = ["текст согласия: адреса и реквизиты документов, удостоверяющих личность"]
    log: list[dict[str, Any]] = [
        {
            "at": now.isoformat(),
            "table": "people_consent",
            "row": consent.pk,
            "event": "стёрт текст подписанного согласия",
            "what": items[0],
        }
    ]
    if consent.scan_id is not None:
        fingerprint = erase_file(file_id=consent.scan_id)
        items.append("скан подписанного согласия")
        log.append(
            {
                "at": now.isoformat(),
                "table": "files_storedfile",
                "row": consent.scan_id,
                "event": f"стёрт файл, отпечаток {fingerprint[:16]}",
                "what": items[-1],
            }
        )
    consent.erasure = _make_act(
        actor=actor,
        consent=consent,
        reason=DestructionAct.Reason.TERM,
        witnesses=witnesses,
        now=now,
        content={"items": items, "log": log, "kept": [], "today": today.isoformat()},
    )
    consent.snapshot = None
    consent.scan_id = None
    consent.save(update_fields=["erasure", "snapshot", "scan_id"])
    return consent.erasure.pk


def _lock(consent_id: int) -> Consent:
    consent = Consent.objects.select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        raise NotFound
    return consent


def _make_act(
    *,
    actor: Actor,
    consent: Consent,
    reason: DestructionAct.Reason,
    witnesses: Sequence[Witness],
    now: datetime,
    content: dict[str, Any],
) -> DestructionAct:
    named = [one for one in witnesses if one.post.strip() and one.name.strip()]
    if not named:
        raise ActNeedsNames
    today = _today(actor, now)
    operator = get_operator(actor=actor, on=today)
    years = int(get_setting(key="retention.destruction_act_years", on=today).value)
    content |= {
        "operator": asdict(operator),
        "system": SYSTEM_NAME,
        "method": "стирание записей средствами системы без возможности восстановления",
        "witnesses": [asdict(one) for one in named],
        "consent": {
            "number": consent.number,
            "accepted_on": consent.accepted_on.isoformat(),
            "withdrawn_on": _day(actor, consent.withdrawn_at),
            "withdrawal_number": consent.withdrawal_number,
            "is_over_by_term": consent.is_over_by_term,
        },
    }
    return DestructionAct.objects.create(
        number=str(take_number(register=REGISTER, year=today.year)),
        made_on=today,
        made_at=now,
        made_by=actor.account_id,
        reason=reason,
        subject_name=name_of_subject(consent=consent),
        content=content,
        kept_until=add_years(today, years),
    )


def _forget(table: str, card_id: int) -> int:
    """Take the contacts out of what the journal of actions remembers; return of how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [table, card_id])
        return int(cursor.fetchone()[0])


def _log_line(table: str, card_id: int, titles: Sequence[str], forgotten: int) -> dict[str, Any]:
    """Return the line of the event log: the change that the journal of actions has just noted."""
    change = list_changes(table=table, row_id=card_id)[-1]
    return {
        "at": change.at.isoformat(),
        "table": table,
        "row": card_id,
        "event": f"значения стёрты в карточке и в записях журнала действий: {forgotten}",
        "what": ", ".join(titles),
    }


def _today(actor: Actor, now: datetime) -> date:
    return local_day(now, actor.school.timezone)


def _day(actor: Actor, moment: datetime | None) -> str:
    return _today(actor, moment).isoformat() if moment else ""
