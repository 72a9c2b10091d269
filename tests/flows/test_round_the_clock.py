"""The diary is open twenty-four hours a day, every day of the year; the journal too (NFR-004)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.roles import Role
from services.upkeep.operations import announce_works
from services.upkeep.queries import forget_works
from tests.factories.district import sign_in
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db
MOMENTS = {  # Moscow is three hours ahead
    "a working noon": datetime(2026, 11, 20, 9, tzinfo=UTC),
    "the dead of night": datetime(2026, 11, 20, 0, 30, tzinfo=UTC),
    "the last minute of a day": datetime(2026, 11, 20, 20, 59, 30, tzinfo=UTC),
    "Sunday night": datetime(2026, 11, 22, 1, tzinfo=UTC),
    "New Year": datetime(2026, 12, 31, 21, 0, 1, tzinfo=UTC),
    "the first of May": datetime(2027, 5, 1, 0, tzinfo=UTC),
    "July": datetime(2027, 7, 15, 3, tzinfo=UTC),
    "the first of September": datetime(2027, 9, 1, 4, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def _fresh_works():
    forget_works()
    yield
    forget_works()


@pytest.fixture
def small(school, system):
    with school_transaction(system, school.id):
        return make_small_school(system)


def addresses(school, small) -> dict[str, list[str]]:
    """Return the pages of the diary and of the journal."""
    child = {"school": school.slug, "child": small.gleb}
    page = {
        "school": school.slug,
        "group": small.group_id,
        "subject": small.subject_id,
        "term": small.term_id,
    }
    return {
        "diary": [
            reverse(f"guardian:{name}", kwargs=child)
            for name in ("day", "week", "marks", "absences", "calendar")
        ],
        "journal": [reverse(f"teacher:{name}", kwargs=page) for name in ("journal", "cells")],
    }


@pytest.mark.requirement("NFR-004")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_diary_and_journal_open_at_any_hour_of_any_day(school, small, moment):
    vera = (Role.GUARDIAN, school, small.vera)
    anna = (Role.TEACHER, school, small.anna)
    with time_machine.travel(moment, tick=False):
        for who, pages in ((vera, "diary"), (anna, "journal")):
            client = sign_in(who)
            for address in addresses(school, small)[pages]:
                assert client.get(address).status_code == 200, address


@pytest.mark.requirement("NFR-004", "NFR-005", part=True)
def test_announced_works_warn_and_shut_nothing(school, small):
    starts_at = datetime(2026, 11, 24, 23, tzinfo=UTC)  # 02:00 in Moscow
    announce_works(
        schools=[school],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        now=MOMENTS["a working noon"],
        school_id=None,
        studying=set(),
        reason="Обновление",
        account_id=1,
    )
    with time_machine.travel(starts_at + timedelta(hours=1), tick=False):
        client = sign_in((Role.GUARDIAN, school, small.vera))
        answer = client.get(addresses(school, small)["diary"][0])

    assert answer.status_code == 200
    assert "Плановые работы" in answer.text
