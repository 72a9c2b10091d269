"""Checks of schools (проверки) and their findings; a school sees what is sent to it; SRV-029."""

from dataclasses import dataclass
from datetime import date

from foundation.outbox.operations import record
from foundation.registers.operations import take_number
from kernel.actor import SchoolRef
from kernel.complaints import ComplaintHasMovedOn, ComplaintIsIncomplete
from kernel.errors import NotFound
from services.oversight import access
from services.oversight.access import Officer
from services.oversight.events import FindingSent
from services.oversight.models import Check, Finding

REGISTER = "checks"


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """What an officer writes of a check before it begins; `kind` as the model names it."""

    kind: str
    subject: str
    starts_on: date
    ends_on: date
    inspectors: str


def open_check(*, officer: Officer, school: SchoolRef, plan: CheckPlan, today: date) -> int:
    """Enter a check into the register and return its id."""
    access.check_may_work(officer)
    missing = {
        name: words
        for name, words in (
            ("subject", "Укажите предмет проверки."),
            ("inspectors", "Укажите, кто проверяет."),
        )
        if not getattr(plan, name).strip()
    }
    if plan.ends_on < plan.starts_on:
        missing["ends_on"] = "Проверка не может закончиться раньше, чем началась."
    if missing:
        raise ComplaintIsIncomplete(missing)
    return Check.objects.create(
        school_id=school.id,
        number=str(take_number(register=REGISTER, year=today.year)),
        kind=Check.Kind(plan.kind),
        subject=plan.subject,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        inspectors=plan.inspectors,
        created_by=officer.account_id,
    ).pk


def add_finding(
    *, officer: Officer, check_id: int, text: str, clause: str, cure_until: date, today: date
) -> int:
    """Write down a breach with the day by which it is cured. Raise `ComplaintIsIncomplete`."""
    check = _open_check(officer, check_id)
    missing = {}
    if not text.strip():
        missing["text"] = "Опишите нарушение."
    if cure_until < today:
        missing["cure_until"] = "Срок устранения уже прошёл."
    if missing:
        raise ComplaintIsIncomplete(missing)
    return Finding.objects.create(
        check_of=check, text=text, clause=clause, cure_until=cure_until
    ).pk


def send_findings(*, officer: Officer, check_id: int, today: date) -> int:
    """Send the findings that the school has not seen yet; return how many went."""
    check = _open_check(officer, check_id)
    fresh = list(check.findings.filter(sent_on=None).order_by("pk"))
    for finding in fresh:
        finding.sent_on = today
        finding.save(update_fields=["sent_on"])
        record(FindingSent(finding.pk))
    return len(fresh)


def take_finding_reply(
    *, finding_id: int, reply: str, replied_on: date, replied_by_name: str
) -> None:
    """Keep the school's reply; safe to repeat."""
    Finding.objects.filter(pk=finding_id, replied_on=None).update(
        reply=reply, replied_on=replied_on, replied_by_name=replied_by_name
    )


def note_cured(*, officer: Officer, finding_id: int, today: date) -> None:
    """Note that a breach is cured, once. Raise `ComplaintHasMovedOn` the second time."""
    access.check_may_work(officer)
    finding = Finding.objects.select_for_update(of=("self",)).filter(pk=finding_id).first()
    if finding is None:
        raise NotFound
    if finding.cured_on is not None:
        raise ComplaintHasMovedOn("Уже отмечено, что нарушение устранено.")
    finding.cured_on = today
    finding.save(update_fields=["cured_on"])


def close_check(*, officer: Officer, check_id: int, conclusion: str, today: date) -> None:
    """End a check with its conclusion; its findings live on until they are cured."""
    check = _open_check(officer, check_id)
    if not conclusion.strip():
        raise ComplaintIsIncomplete({"conclusion": "Напишите вывод проверки."})
    check.closed_on = today
    check.conclusion = conclusion
    check.save(update_fields=["closed_on", "conclusion"])


def _open_check(officer: Officer, check_id: int) -> Check:
    """Lock a check that is not over. Raise `NotFound`, `ComplaintHasMovedOn`."""
    access.check_may_work(officer)
    check = Check.objects.select_for_update(of=("self",)).filter(pk=check_id).first()
    if check is None or check.school_id in officer.school_ids:
        raise NotFound
    if check.closed_on is not None:
        raise ComplaintHasMovedOn("Проверка уже завершена.")
    return check
