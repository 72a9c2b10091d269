"""The calendar of terms: the committee changes a day, every school hears, terms count anew."""

from datetime import date

import pytest
from django.db import connection

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import Role
from kernel.working_days import DayKind
from services.regulation import calendars
from services.regulation.calendars import copy_calendar
from services.regulation.handlers import SomeSchoolsAreLeft, spread_calendar
from services.regulation.operations import change_setting
from services.regulation.queries.terms import (
    count_working_days,
    explain_due_day,
    get_due_day,
    get_regional_days,
)
from services.regulation.tasks import spread_calendar_district
from tenants.registry.operations import (
    DayIsNotTheRegions,
    add_regional_day,
    remove_regional_day,
)
from tenants.registry.queries import list_regional_days

pytestmark = pytest.mark.django_db
Schools = dict[str, SchoolRef]
LAW = "Закон республики от 01.11.2026 № 5"
MONDAY = date(2026, 11, 16)


def add(day: str, kind: DayKind = "off", act: str = LAW) -> int:
    with public_transaction():
        return add_regional_day(account_id=7, day=date.fromisoformat(day), kind=kind, act=act)


def due_in(school: SchoolRef, start: date = MONDAY, number: int = 10) -> date:
    with school_transaction(Actor.system(school), school.id):
        return get_due_day(start=start, number=number).due_on


def count_changes(school: SchoolRef) -> int:
    with school_transaction(Actor.system(school), school.id):
        return OutboxEvent.objects.filter(name="regulation.CalendarChanged").count()


# --- Counting in a school ------------------------------------------------------------------------


@pytest.mark.requirement("SRV-009", part=True)
def test_access_is_due_ten_working_days_after_the_consent(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        due = get_due_day(start=date(2026, 12, 28), number=10)

    assert (due.due_on, due.week, due.unit) == (date(2027, 1, 20), 5, "working")
    assert (due.edition, due.is_provisional) == ("2026.1-5, 2027.0-5", True)
    assert due.skipped[0] == (date(2026, 12, 31), "выходной (четверг): перенос")


@pytest.mark.requirement("SRV-009", part=True)
def test_week_of_six_days_holds_from_the_day_the_school_chose(
    school: SchoolRef, system: Actor
) -> None:
    with school_transaction(system, school.id):
        change_setting(
            actor=system, key="deadline.week", value=6, clause="п. 5", since_on=date(2026, 12, 1)
        )

        assert get_due_day(start=date(2026, 12, 28), number=10).due_on == date(2027, 1, 18)
        assert get_due_day(start=date(2026, 11, 16), number=10).week == 5
        later = get_due_day(start=date(2026, 11, 16), number=10, on=date(2026, 12, 2))
        assert (later.week, later.due_on) == (6, date(2026, 11, 27))


def test_calendar_term_moves_unless_told_not_to(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        moved = get_due_day(start=date(2026, 4, 9), number=30, unit="calendar")
        exact = get_due_day(start=date(2026, 4, 9), number=30, unit="calendar", move=False)

    assert (moved.due_on, exact.due_on) == (date(2026, 5, 12), date(2026, 5, 9))


def test_working_days_are_counted_with_both_ends(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        assert count_working_days(since=date(2026, 11, 16), until=date(2026, 11, 20)) == 5
        assert count_working_days(since=date(2026, 11, 21), until=date(2026, 11, 22)) == 0
        assert count_working_days(since=date(2026, 11, 20), until=date(2026, 11, 16)) == 0


def test_year_without_a_decree_never_blocks(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        due = get_due_day(start=date(2027, 12, 27), number=10)
        explained = explain_due_day(start=date(2027, 12, 27), number=10)

    assert (due.due_on, due.is_provisional) == (date(2028, 1, 18), True)
    assert "2028.computed-5" in due.edition
    assert [one.place for one in explained.days if one.place] == list(range(1, 11))


# --- The committee's days ------------------------------------------------------------------------


def test_new_day_reaches_every_school_and_moves_terms_already_running(schools: Schools) -> None:
    assert due_in(schools["alpha"]) == date(2026, 11, 30)
    add("2026-11-27")

    assert deliver_waiting(None, clock.now()) == 1
    for school in schools.values():
        assert due_in(school) == date(2026, 12, 1)
        assert count_changes(school) == 1
    with school_transaction(Actor.system(schools["alpha"]), schools["alpha"].id):
        skipped = get_due_day(start=MONDAY, number=10).skipped
        assert (date(2026, 11, 27), "нерабочий день региона") in skipped
        assert get_regional_days() == {date(2026, 11, 27): "off"}


def test_removed_day_is_forgotten(schools: Schools) -> None:
    day_id = add("2026-11-27")
    deliver_waiting(None, clock.now())
    with public_transaction():
        remove_regional_day(day_id=day_id)
    deliver_waiting(None, clock.now())

    assert due_in(schools["beta"]) == date(2026, 11, 30)
    assert count_changes(schools["beta"]) == 2


def test_working_saturday_of_the_region_counts(schools: Schools) -> None:
    add("2026-11-21", "work")
    deliver_waiting(None, clock.now())

    assert due_in(schools["alpha"]) == date(2026, 11, 27)


def test_spreading_again_says_nothing_new(schools: Schools) -> None:
    add("2026-11-27")
    spread_calendar()
    spread_calendar()
    spread_calendar_district()

    assert count_changes(schools["alpha"]) == 1


def test_decree_of_a_release_is_noticed_at_night(
    schools: Schools, monkeypatch: pytest.MonkeyPatch
) -> None:
    spread_calendar()
    before = count_changes(schools["alpha"])
    monkeypatch.setattr(calendars, "calendar_fingerprint", lambda regional: "2027.1")

    spread_calendar_district()

    assert count_changes(schools["alpha"]) == before + 1


def test_school_in_trouble_does_not_stop_the_others(
    schools: Schools, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("2026-11-27")
    copied = []

    def copy(*, actor: Actor, **_: object) -> None:
        if actor.school.slug == "beta":
            raise RuntimeError
        copied.append(actor.school.slug)

    monkeypatch.setattr("services.regulation.handlers.copy_calendar", copy)

    with pytest.raises(SomeSchoolsAreLeft):
        spread_calendar()
    assert copied == ["alpha", "gamma", "delta", "epsilon"]


def test_only_the_system_copies(school: SchoolRef, make_actor) -> None:
    actor = make_actor(Role.ADMINISTRATOR)
    with school_transaction(actor, school.id), pytest.raises(NotFound):
        copy_calendar(actor=actor, regional={"2026-11-27": "off"}, acts=[LAW])


@pytest.mark.parametrize(
    ("day", "kind", "act", "why"),
    [
        ("2026-11-27", "off", "  ", "закон или указ"),
        ("2026-01-05", "work", LAW, "рабочим его сделать нельзя"),
        ("1999-01-05", "off", LAW, "Год"),
        ("2026-10-05", "off", LAW, "уже внесён"),
    ],
)
def test_day_that_is_not_the_regions_is_refused(
    schools: Schools, day: str, kind: DayKind, act: str, why: str
) -> None:
    add("2026-10-05")
    with pytest.raises(DayIsNotTheRegions, match=why):
        add(day, kind, act)

    with public_transaction():
        assert [card.date for card in list_regional_days()] == [date(2026, 10, 5)]
        assert OutboxEvent.objects.filter(name="registry.RegionalDaysChanged").count() == 1


def test_every_change_is_in_the_audit(schools: Schools) -> None:
    day_id = add("2026-10-05")
    with public_transaction(account_id=7):
        remove_regional_day(day_id=day_id)
        with pytest.raises(NotFound):
            remove_regional_day(day_id=day_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT action, account_id FROM audit_log "
                "WHERE table_name = 'registry_regionalday' ORDER BY id"
            )
            assert cursor.fetchall()[-1] == ("DELETE", 7)
