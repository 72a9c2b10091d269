"""Uploaded lists as the office sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.actor import Actor
from kernel.errors import NotFound
from services.people.access import check_may_import
from services.people.models import (
    ImportJob,
)


@dataclass(frozen=True, slots=True)
class ImportJobCard:
    """An uploaded list as the office sees it; `report` as `ImportReport.as_dict` gives it."""

    id: int
    kind: str
    kind_title: str
    filename: str
    state: str
    state_title: str
    created_at: datetime
    report: dict[str, Any]


def get_import_job(*, actor: Actor, job_id: int, on: date) -> ImportJobCard:
    """Return an uploaded list; raise `NotFound` for who may not load lists on a day."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound
    check_may_import(actor=actor, on=on, of_staff=job.kind == ImportJob.Kind.EMPLOYEES)
    return _job(job)


def list_import_jobs(*, actor: Actor, on: date) -> list[ImportJobCard]:
    """Return the latest uploads, newest first."""
    check_may_import(actor=actor, on=on)
    return [_job(job) for job in ImportJob.objects.defer("content").order_by("-pk")[:20]]


def _job(job: ImportJob) -> ImportJobCard:
    return ImportJobCard(
        id=job.pk,
        kind=job.kind,
        kind_title=job.get_kind_display(),
        filename=job.filename,
        state=job.state,
        state_title=job.get_state_display(),
        created_at=job.created_at,
        report=job.report,
    )
