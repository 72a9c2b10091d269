"""Importing lists of people: the same reading and the same plan for the preview and for good."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.conf import settings

from foundation.outbox.operations import record
from foundation.spreadsheets import Severity, Table, read_table
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.identity import identity_digest
from kernel.roles import Role
from kernel.school_year import school_year_bounds, start_year_of
from services.people.access import check_may_import
from services.people.events import EmployeesHired, GuardiansLinked, PupilsEnrolled
from services.people.imports.employees import read_employees
from services.people.imports.families import plan_families
from services.people.imports.known import KnownFamilies, load_employees, load_families
from services.people.imports.plans import FamiliesPlan
from services.people.imports.pupils import read_pupils
from services.people.imports.report import ImportReport, in_order
from services.people.imports.staff import StaffPlan, plan_staff
from services.people.imports.writing import (
    Written,
    wait_for_other_imports,
    write_families,
    write_staff,
)
from services.people.models import ImportJob
from services.regulation.queries import get_setting

IDS_IN_EVENT = 200
NO_FAMILIES = KnownFamilies({}, [], [], [], [])


class ImportIsRefused(DomainError):
    """The list has errors: nothing of it was written. `report` names each."""

    code = "import-is-refused"
    message = "В файле есть ошибки, ничего не загружено."

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


class ImportIsOver(DomainError):
    """The upload was applied or put aside before."""

    code = "import-is-over"
    message = "Эта загрузка уже завершена."


@dataclass(frozen=True, slots=True)
class _Import:
    """A list that was read and compared with the school."""

    report: ImportReport
    plan: FamiliesPlan | StaffPlan
    known: KnownFamilies
    start_year: int


def preview_import(
    *, actor: Actor, kind: str, table: Table, today: date, start_year: int | None = None
) -> ImportReport:
    """Return what importing the table would do; nothing is written."""
    _check_access(actor, kind, today)
    return _prepare(kind, table, today, start_year).report


def apply_import(
    *, actor: Actor, kind: str, table: Table, today: date, start_year: int | None = None
) -> ImportReport:
    """Import the table and return what was done. Raise `ImportIsRefused` when it has errors.

    All or nothing: the caller's transaction is the import's. A second import of the same table
    changes nothing. `start_year` is the school year of the classes, today's by default.
    """
    _check_access(actor, kind, today)
    wait_for_other_imports()
    prepared = _prepare(kind, table, today, start_year)
    if not prepared.report.is_acceptable:
        raise ImportIsRefused(prepared.report)
    if isinstance(prepared.plan, StaffPlan):
        written = write_staff(prepared.plan)
    else:
        written = write_families(prepared.plan, prepared.known.classes, prepared.start_year)
    _tell(written)
    return prepared.report


def upload_import(
    *, actor: Actor, kind: str, filename: str, content: bytes, today: date
) -> tuple[int, ImportReport]:
    """Keep an uploaded file with its preview; return the job's id and the report.

    Raise a subclass of `UnreadableFile` when the file gives no table: nothing is kept then.
    """
    _check_access(actor, kind, today)
    report = preview_import(
        actor=actor, kind=kind, table=read_table(content, filename), today=today
    )
    job = ImportJob.objects.create(
        kind=kind,
        filename=filename[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        state=ImportJob.State.PREVIEWED,
        report=report.as_dict(),
        created_by=actor.account_id,
    )
    return job.pk, report


def apply_import_job(*, actor: Actor, job_id: int, now: datetime, today: date) -> ImportReport:
    """Import an uploaded file. Raise `ImportIsRefused`, `ImportIsOver` or `NotFound`."""
    job = _lock_job(actor, job_id, today)
    table = read_table(bytes(job.content or b""), job.filename)
    report = apply_import(actor=actor, kind=job.kind, table=table, today=today)
    _finish(job, ImportJob.State.APPLIED, report)
    job.applied_at = now
    job.save(update_fields=["applied_at"])
    return report


def drop_import_job(*, actor: Actor, job_id: int, on: date) -> None:
    """Put an uploaded file aside: the content is wiped. Raise `ImportIsOver` or `NotFound`."""
    job = _lock_job(actor, job_id, on)
    _finish(job, ImportJob.State.REFUSED, None)


def wipe_stale_imports(*, actor: Actor, before: datetime) -> int:
    """Put aside uploads nobody applied and return how many; their content is personal data."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    stale = ImportJob.objects.filter(state=ImportJob.State.PREVIEWED, created_at__lt=before)
    jobs = list(stale.select_for_update(of=("self",)).order_by("pk"))
    for job in jobs:
        _finish(job, ImportJob.State.REFUSED, None)
    return len(jobs)


def _check_access(actor: Actor, kind: str, on: date) -> None:
    check_may_import(actor=actor, on=on, of_staff=kind == ImportJob.Kind.EMPLOYEES)


def _lock_job(actor: Actor, job_id: int, on: date) -> ImportJob:
    job = ImportJob.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    _check_access(actor, job.kind, on)
    if job.state != ImportJob.State.PREVIEWED:
        raise ImportIsOver
    return job


def _finish(job: ImportJob, state: ImportJob.State, report: ImportReport | None) -> None:
    """Wipe the content and keep the counts only: the lines quote personal data."""
    job.state = state
    job.content = None
    job.report = {**(report.as_dict() if report else job.report), "lines": []}
    job.save(update_fields=["state", "content", "report"])


def _prepare(kind: str, table: Table, today: date, start_year: int | None) -> _Import:
    year = start_year or start_year_of(today)
    if kind == ImportJob.Kind.EMPLOYEES:
        return _prepare_staff(table, today, year)
    return _prepare_families(table, today, year)


def _prepare_families(table: Table, today: date, start_year: int) -> _Import:
    youngest, oldest = get_setting(key="import.age_bounds", on=today).value
    reading = read_pupils(table, today=today, ages=(youngest, oldest))
    year_began = school_year_bounds(start_year).since
    known = NO_FAMILIES
    if not any(line.severity == Severity.ERROR for line in reading.problems):
        known = load_families(start_year=start_year, year_began=year_began)
    plan = plan_families(
        reading.pupils,
        known,
        digest=partial(_digest, settings.IDENTITY_KEY.encode()),
        today=today,
        year_began=year_began,
    )
    lines = in_order([*reading.problems, *plan.problems])
    report = ImportReport(
        ImportJob.Kind.PUPILS.value, table.sheet, reading.header_row, plan.counts, lines
    )
    return _Import(report, plan, known, start_year)


def _prepare_staff(table: Table, today: date, start_year: int) -> _Import:
    reading = read_employees(table, today=today)
    plan = plan_staff(reading.employees, load_employees())
    lines = in_order([*reading.problems, *plan.problems])
    report = ImportReport(
        ImportJob.Kind.EMPLOYEES.value, table.sheet, reading.header_row, plan.counts, lines
    )
    return _Import(report, plan, NO_FAMILIES, start_year)


def _digest(key: bytes, snils: str, birth_date: date) -> str:
    return identity_digest(key=key, snils=snils, birth_date=birth_date)


def _tell(written: Written) -> None:
    for ids in _chunks(written.enrolled_pupil_ids):
        record(PupilsEnrolled(pupil_ids=ids))
    for ids in _chunks(written.link_ids):
        record(GuardiansLinked(link_ids=ids))
    for ids in _chunks(written.employee_ids):
        record(EmployeesHired(employee_ids=ids))


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), IDS_IN_EVENT):
        yield list(ids[start : start + IDS_IN_EVENT])
