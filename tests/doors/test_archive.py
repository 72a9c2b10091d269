"""Asking for the archive of a school at the office, and taking it: XCH-013, NFR-017."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.db.door import school_transaction
from foundation.notify.models import Notice
from foundation.outbox.dispatch import deliver_waiting
from kernel.roles import Role
from tenants.accounts.models import Session
from tenants.archive import operations
from tenants.archive.dumping import UnableToExport
from tenants.archive.models import SchoolExport
from tenants.archive.operations import LONGEST_WORK, path_of, sweep_exports
from tests.factories.archives import CONTENT, keep_archive
from tests.factories.district import ALPHA, BETA, TwoSchools

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.ARCHIVES_ROOT = tmp_path


@pytest.fixture
def boris(two: TwoSchools) -> Client:
    """The head teacher's browser."""
    return two.sign_in(Role.MANAGEMENT)


def page(slug: str = ALPHA) -> str:
    return reverse("office:archive", kwargs={"school": slug})


def taking(export_id: int, slug: str = ALPHA) -> str:
    return reverse("office:archive-take", kwargs={"school": slug, "export_id": export_id})


def count_notices(two: TwoSchools) -> list[tuple[str, str]]:
    with school_transaction(two.system_of(), two.refs[ALPHA].id):
        return list(Notice.objects.filter(kind="archive").values_list("title", "url"))


@pytest.mark.requirement("XCH-013", "NFR-017")
def test_head_asks_for_the_archive_and_takes_it(two, boris):
    assert "Архива ещё не просили" in boris.get(page()).text

    answer = boris.post(page(), follow=True)
    assert "Архив уже делается" in answer.text
    deliver_waiting(None, clock.now())  # the worker is asked, and works at once in a test

    export = SchoolExport.objects.get()
    answer = boris.get(page())
    assert export.sha256 in answer.text.replace("<wbr>", "")
    assert "скачан" not in answer.text
    taken = boris.get(taking(export.pk))
    content = b"".join(taken.streaming_content)
    assert (taken["Content-Type"], taken["Cache-Control"]) == (
        "application/zip",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert f"alpha-{export.pk}.zip" in taken["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"manifest.json", "КАК-ЧИТАТЬ.md", "data/people_pupil.csv"} <= set(
            archive.namelist()
        )
    assert count_notices(two) == [("Архив школы готов", "/s/alpha/office/archive/")]
    assert "скачан" in boris.get(page()).text


def test_who_asked_and_who_took_stand_in_the_journal_of_actions(two, boris):
    boris.post(page())
    deliver_waiting(None, clock.now())
    boris.get(taking(SchoolExport.objects.get().pk))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, account_id IS NULL, after ->> 'state', after ->> 'taken_by' IS NULL "
            "FROM audit_log WHERE table_name = 'archive_schoolexport' ORDER BY id"
        )
        assert cursor.fetchall() == [
            ("INSERT", False, "asked", True),
            ("UPDATE", True, "making", True),
            ("UPDATE", True, "ready", True),
            ("UPDATE", False, "ready", False),
        ]


@pytest.mark.parametrize("step", ["see", "ask", "take"])
def test_each_step_asks_who_it_is_once_more(two, boris, step):
    export_id = keep_archive(two.refs[ALPHA])
    Session.objects.update(confirmed_at=clock.now() - timedelta(minutes=11))
    before = SchoolExport.objects.count()

    answer = {
        "see": lambda: boris.get(page()),
        "ask": lambda: boris.post(page()),
        "take": lambda: boris.get(taking(export_id)),
    }[step]()

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/")
    assert SchoolExport.objects.count() == before
    assert SchoolExport.objects.get(pk=export_id).taken_at is None


def test_one_archive_at_a_time(two, boris):
    boris.post(page())

    answer = boris.post(page(), follow=True)

    assert "Архив школы уже делается. Дождитесь его." in answer.text
    assert SchoolExport.objects.count() == 1


def test_work_asked_twice_is_done_once(two, boris):
    boris.post(page())
    deliver_waiting(None, clock.now())
    made = SchoolExport.objects.get()

    operations.make_export(export_id=made.pk, now=clock.now())

    assert SchoolExport.objects.get().archive_id == made.archive_id
    assert len(count_notices(two)) == 1


def test_archive_of_another_school_is_not_there(two, boris):
    foreign = keep_archive(two.refs[BETA])

    assert boris.get(taking(foreign)).status_code == 404
    assert boris.get(taking(foreign, BETA)).status_code == 404


def test_archive_goes_when_its_days_are_over(two, boris):
    export_id = keep_archive(two.refs[ALPHA], days=7)
    place = path_of(SchoolExport.objects.get(pk=export_id).key)
    lost = place.with_name("lost.zip")
    lost.write_bytes(CONTENT)

    assert sweep_exports(now=clock.now() + timedelta(days=6)) == 1  # nobody's file
    assert (place.exists(), lost.exists()) == (True, False)
    assert sweep_exports(now=clock.now() + timedelta(days=7, seconds=1)) == 1
    assert not place.exists()
    assert SchoolExport.objects.get(pk=export_id).state == "wiped"
    assert boris.get(taking(export_id)).status_code == 404
    assert "удалён по сроку" in boris.get(page()).text


def test_trouble_is_told_and_another_archive_may_be_asked_for(two, boris, monkeypatch):
    def fail(**_: Any) -> None:
        raise UnableToExport("Школа ещё не обновлена.")

    with monkeypatch.context() as patch:
        patch.setattr(operations, "dump_school", fail)
        boris.post(page())
        deliver_waiting(None, clock.now())

    assert count_notices(two) == [("Архив школы не получился", "/s/alpha/office/archive/")]
    assert "Школа ещё не обновлена." in boris.get(page()).text
    boris.post(page())
    assert SchoolExport.objects.filter(state="asked").count() == 1


def test_work_of_a_process_that_is_gone_is_given_up(two, boris):
    boris.post(page())
    now = clock.now()
    SchoolExport.objects.update(state="making", started_at=now)

    sweep_exports(now=now + LONGEST_WORK - timedelta(minutes=1))
    assert SchoolExport.objects.get().state == "making"
    sweep_exports(now=now + LONGEST_WORK + timedelta(minutes=1))

    assert SchoolExport.objects.get().state == "failed"
    assert "Попросите ещё раз" in boris.get(page()).text
