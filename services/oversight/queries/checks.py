"""Reading the register of checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.errors import NotFound
from services.oversight import access
from services.oversight.access import Officer
from services.oversight.models import Check, Finding

KINDS = [(one.value, one.label) for one in Check.Kind]


@dataclass(frozen=True, slots=True)
class FindingCard:
    """A breach and how its cure stands: "", sent, overdue, cured."""

    id: int
    check_id: int
    school_id: int
    subject: str
    number: str
    text: str
    clause: str
    cure_until: date
    sent_on: date | None
    reply: str
    replied_on: date | None
    replied_by_name: str
    cured_on: date | None
    standing: str


@dataclass(frozen=True, slots=True)
class CheckCard:
    """A check with its findings."""

    id: int
    number: str
    school_id: int
    kind_title: str
    subject: str
    starts_on: date
    ends_on: date
    inspectors: str
    closed_on: date | None
    conclusion: str
    standing: str  # planned, running, late, closed
    findings: tuple[FindingCard, ...]

    @property
    def overdue(self) -> int:
        """Return how many findings are not cured in time."""
        return sum(one.standing == "overdue" for one in self.findings)

    @property
    def uncured(self) -> int:
        """Return how many findings are not cured."""
        return sum(one.cured_on is None for one in self.findings)


def list_checks(
    *, officer: Officer, today: date, school_id: int | None = None, standing: str = ""
) -> list[CheckCard]:
    """Return the register of checks, the latest first. Raise `NotFound` for a stranger."""
    access.check_may_work(officer)
    rows = Check.objects.prefetch_related("findings").order_by("-starts_on", "-pk")
    if school_id is not None:
        rows = rows.filter(school_id=school_id)
    cards = [_card(one, today) for one in rows if one.school_id not in officer.school_ids]
    if standing == "overdue":
        return [one for one in cards if one.overdue]
    return [one for one in cards if standing in ("", one.standing)]


def get_check(*, officer: Officer, check_id: int, today: date) -> CheckCard:
    """Return a check. Raise `NotFound`."""
    access.check_may_work(officer)
    row = Check.objects.prefetch_related("findings").filter(pk=check_id).first()
    if row is None or row.school_id in officer.school_ids:
        raise NotFound
    return _card(row, today)


def get_finding(*, finding_id: int, today: date) -> FindingCard:
    """Return a finding, for the handler that sends it."""
    row = Finding.objects.select_related("check_of").get(pk=finding_id)
    return _finding(row, row.check_of, today)


def count_overdue_findings(*, today: date) -> int:
    """Return how many breaches are not cured in time."""
    return Finding.objects.filter(
        sent_on__isnull=False, cured_on=None, cure_until__lt=today
    ).count()


def _card(row: Check, today: date) -> CheckCard:
    findings: Iterable[Finding] = sorted(row.findings.all(), key=lambda one: one.pk)
    return CheckCard(
        id=row.pk,
        number=row.number,
        school_id=row.school_id,
        kind_title=Check.Kind(row.kind).label,
        subject=row.subject,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        inspectors=row.inspectors,
        closed_on=row.closed_on,
        conclusion=row.conclusion,
        standing=_standing(row, today),
        findings=tuple(_finding(one, row, today) for one in findings),
    )


def _standing(row: Check, today: date) -> str:
    if row.closed_on is not None:
        return "closed"
    if today < row.starts_on:
        return "planned"
    return "late" if today > row.ends_on else "running"


def _finding(row: Finding, check: Check, today: date) -> FindingCard:
    standing = ""
    if row.cured_on is not None:
        standing = "cured"
    elif row.sent_on is not None:
        standing = "overdue" if today > row.cure_until else "sent"
    return FindingCard(
        id=row.pk,
        check_id=check.pk,
        school_id=check.school_id,
        subject=check.subject,
        number=check.number,
        text=row.text,
        clause=row.clause,
        cure_until=row.cure_until,
        sent_on=row.sent_on,
        reply=row.reply,
        replied_on=row.replied_on,
        replied_by_name=row.replied_by_name,
        cured_on=row.cured_on,
        standing=standing,
    )
