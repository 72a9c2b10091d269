"""Nightly work: what nobody applied is wiped, the rest stays."""

from datetime import timedelta

import pytest

from config.schedule import SCHEDULE
from foundation import clock
from foundation.db.door import school_transaction
from services.people.models import ImportJob
from services.people.tasks import KEPT_FOR, wipe_stale_imports_district

pytestmark = pytest.mark.django_db


def test_uploads_nobody_applied_are_wiped_in_every_school(schools, system, school):
    with school_transaction(system, school.id):
        for days in (1, 8):
            job = ImportJob.objects.create(
                kind="pupils",
                filename="список.xlsx",
                digest="",
                content=b"x",
                state="previewed",
                report={},
            )
            past = clock.now() - timedelta(days=days)
            ImportJob.objects.filter(pk=job.pk).update(created_at=past)

    wipe_stale_imports_district()

    with school_transaction(system, school.id):
        fresh, stale = ImportJob.objects.order_by("-created_at")
        assert bytes(fresh.content or b"") == b"x"
        assert stale.content is None
        assert timedelta(days=7) == KEPT_FOR


def test_every_periodic_task_exists(settings):
    from config.celery import app  # noqa: PLC0415 the tasks are found when it loads

    app.loader.import_default_modules()

    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)
