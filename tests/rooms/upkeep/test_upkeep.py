"""Works are announced in time, incidents counted, availability kept as facts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from foundation.db.door import school_transaction
from foundation.notify.models import Notice
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.periods import Period
from kernel.roles import Role
from services.schedule.models import Holiday, SchoolYear, Term
from services.upkeep.events import IncidentReported, WorksAnnounced, WorksCancelled
from services.upkeep.handlers import (
    on_incident_reported,
    on_works_announced,
    on_works_cancelled,
)
from services.upkeep.models import AvailabilityDay, Incident, PlannedWorks, Sample
from services.upkeep.operations import (
    IncidentIsUnreadable,
    WorksAreRefused,
    announce_works,
    cancel_works,
    count_days,
    end_incident,
    keep_sample,
    report_incident,
    sweep_samples,
)
from services.upkeep.queries import (
    count_emergencies,
    find_studying,
    forget_works,
    get_availability_goal,
    list_availability,
    list_incidents,
    list_near_works,
)
from services.upkeep.tasks import count_availability_district
from tenants.registry.models import DistrictSetting, School
from tenants.registry.queries import forget_schools, list_schools
from tests.factories.district import open_account

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _fresh_works():
    forget_works()
    yield
    forget_works()


def moscow(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=MOSCOW)


def announce(schools, starts_at, ends_at, **more) -> int:
    """Announce works of the whole district."""
    told: dict[str, Any] = {
        "school_id": None,
        "studying": set(),
        "reason": "Обновление",
        "account_id": 1,
    }
    return announce_works(
        schools=list(schools.values()),
        starts_at=starts_at,
        ends_at=ends_at,
        now=NOW,
        **(told | more),
    )


def report(started_at, ended_at, **more) -> int:
    """Note an incident of the district."""
    told = {"school_id": None, "kind": "platform", "cause": "Диск", "told": "", "account_id": 1}
    return report_incident(
        started_at=started_at,
        ended_at=ended_at,
        now=NOW,
        **({"is_in_study": True} | told | more),
    )


# --- Works ----------------------------------------------------------------------------


@pytest.mark.requirement("NFR-005", part=True)
def test_works_at_night_are_announced_and_shown_to_all(schools, school):
    works = announce(schools, moscow(25, 2), moscow(25, 6))

    (near,) = list_near_works(now=NOW, school_id=school.id)
    assert (near.id, near.is_at_night, near.reason) == (works, True, "Обновление")
    assert list_near_works(now=moscow(25, 6)) == []
    assert OutboxEvent.objects.get().name == "upkeep.WorksAnnounced"


@pytest.mark.requirement("NFR-005", "NFR-008", part=True)
def test_night_must_be_night_in_every_school(schools, school):
    School.objects.filter(pk=school.id).update(timezone="Asia/Omsk")
    forget_schools()
    schools = {one.slug: one for one in list_schools()}

    with pytest.raises(WorksAreRefused, match="Предупредить надо за 7 дней"):
        announce(schools, moscow(25, 2), moscow(25, 6))  # in Omsk it is five to nine
    announce(schools, moscow(25, 2), moscow(25, 3))

    assert PlannedWorks.objects.count() == 1


@pytest.mark.requirement("NFR-005")
def test_works_by_day_wait_for_the_holidays_of_every_school(schools, school):
    for one in schools.values():
        with school_transaction(Actor.system(one), one.id):
            year = SchoolYear.objects.create(
                start_year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 26)
            )
            Term.objects.create(
                school_year=year,
                kind="quarter",
                number=2,
                level_from=1,
                level_to=11,
                starts_on=date(2026, 11, 2),
                ends_on=date(2026, 12, 30),
            )
            starts_on = date(2026, 12, 31) if one != school else date(2027, 1, 2)
            Holiday.objects.create(
                school_year=year,
                title="зимние",
                starts_on=starts_on,
                ends_on=date(2027, 1, 10),
                level_from=1,
                level_to=11,
            )
    new_year = datetime(2027, 1, 1, 10, tzinfo=MOSCOW)
    later = new_year + timedelta(days=2)

    def studying(starts_at: datetime) -> set[str]:
        return find_studying(
            schools=schools.values(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=20)
        )

    assert studying(new_year) == {school.short_name}
    assert studying(later) == set()
    assert studying(moscow(3, 10, month=12)) == {one.short_name for one in schools.values()}
    with pytest.raises(WorksAreRefused, match=f"Не каникулы: {school.short_name}"):
        announce(schools, new_year, new_year + timedelta(hours=20), studying=studying(new_year))
    announce(schools, later, later + timedelta(hours=20), studying=studying(later))
    summer = datetime(2027, 7, 1, 10, tzinfo=MOSCOW)
    assert studying(summer) == set()


def test_school_without_a_calendar_may_be_at_lessons(schools, school):
    found = find_studying(schools=[school], starts_at=moscow(25, 10), ends_at=moscow(25, 12))

    assert found == {school.short_name}


@pytest.mark.requirement("NFR-005", part=True)
def test_everybody_is_told_of_works_by_day_and_heads_of_works_at_night(schools, school):
    head = open_account((Role.ADMINISTRATOR, school, None)).pk
    mother = open_account((Role.GUARDIAN, school, None)).pk
    officer = open_account((Role.DISTRICT_OFFICER, None, None)).pk
    by_night = announce(schools, moscow(25, 2), moscow(25, 6))
    january = datetime(2027, 1, 4, 10, tzinfo=MOSCOW)
    by_day = announce(schools, january, january + timedelta(hours=20))

    for works in (by_night, by_day, by_day):  # the same event may come twice
        on_works_announced(None, WorksAnnounced(works))

    def told(account: int) -> list[str]:
        rows = Notice.objects.filter(account_id=account).order_by("pk")
        return list(rows.values_list("title", flat=True))

    night = "Плановые работы пройдут: 25.11.2026 02:00–06:00"
    day = "Плановые работы пройдут: 04.01.2027 10:00–05.01.2027 06:00"
    assert (told(head), told(officer), told(mother)) == ([night, day], [night, day], [day])

    cancel_works(works_id=by_day, now=NOW)
    on_works_cancelled(None, WorksCancelled(by_day))
    assert told(mother)[1:] == ["Плановые работы отменены: 04.01.2027 10:00–05.01.2027 06:00"]


def test_works_of_one_school_touch_no_other(schools, school, other_school):
    works = announce({"alpha": school}, moscow(25, 2), moscow(25, 6), school_id=school.id)
    head = open_account((Role.ADMINISTRATOR, other_school, None)).pk

    on_works_announced(None, WorksAnnounced(works))

    assert [one.id for one in list_near_works(now=NOW, school_id=school.id)] == [works]
    assert list_near_works(now=NOW, school_id=other_school.id) == list_near_works(now=NOW) == []
    assert not Notice.objects.filter(account_id=head).exists()


def test_cancelled_works_are_gone_and_cancelled_once(schools):
    works = announce(schools, moscow(25, 2), moscow(25, 6))

    cancel_works(works_id=works, now=NOW)
    cancel_works(works_id=works, now=NOW)

    assert list_near_works(now=NOW) == []
    assert OutboxEvent.objects.filter(name="upkeep.WorksCancelled").count() == 1
    with pytest.raises(NotFound):
        cancel_works(works_id=works, now=moscow(26, 6))


# --- Incidents ------------------------------------------------------------------------


@pytest.mark.requirement("NFR-009")
def test_school_without_internet_tells_the_district_at_once(school):
    officer = open_account((Role.DISTRICT_OFFICER, None, None)).pk
    admin = open_account((Role.DISTRICT_ADMIN, None, None)).pk

    incident = report(moscow(20, 11), None, school_id=school.id, kind="internet", cause="Обрыв")
    on_incident_reported(None, IncidentReported(incident))

    titles = Notice.objects.filter(account_id__in=[officer, admin])
    assert set(titles.values_list("title", "text")) == {
        ("Сбой: нет Интернета, Школа «Альфа»", "С 20.11.2026 11:00. Обрыв")
    }
    assert titles.count() == 2


@pytest.mark.requirement("NFR-007")
def test_emergencies_of_a_month_are_counted_by_school(school, other_school):
    hours = [(1, 3), (5, 6), (10, 12)]  # the second is an hour sharp: no emergency
    for starts, ends in hours:
        report(moscow(17, starts), moscow(17, ends))
    report(moscow(18, 8), moscow(18, 10), school_id=school.id, kind="internet")
    report(moscow(18, 8), moscow(18, 10), school_id=school.id, is_in_study=False)
    report(moscow(19, 8), None, school_id=other_school.id)  # it still goes on

    found = list_incidents(since=moscow(1, 0), until=moscow(30, 0), now=NOW)

    assert len(found) == 6
    assert count_emergencies(found, school.id) == 3
    assert count_emergencies(found, other_school.id) == 3
    assert (
        list_incidents(since=moscow(1, 0, month=12), until=moscow(30, 0, month=12), now=NOW)[
            0
        ].school_id
        == other_school.id
    )


@pytest.mark.parametrize(
    ("started_at", "ended_at", "more", "words"),
    [
        (moscow(21, 8), None, {}, "не в будущем"),
        (moscow(1, 8, month=9), None, {}, "двух месяцев"),
        (moscow(19, 8), moscow(19, 8), {}, "позже начала"),
        (moscow(19, 8), moscow(21, 8), {}, "не в будущем"),
        (moscow(19, 8), None, {"kind": "aliens"}, "что случилось"),
    ],
)
def test_incident_that_could_not_be_is_refused(started_at, ended_at, more, words):
    with pytest.raises(IncidentIsUnreadable, match=words):
        report(started_at, ended_at, **more)

    assert not Incident.objects.exists()


def test_incident_is_ended_once_and_by_its_own_school(school, other_school):
    incident = report(moscow(20, 8), None, school_id=school.id)

    with pytest.raises(NotFound):
        end_incident(
            incident_id=incident, ended_at=moscow(20, 9), now=NOW, school_id=other_school.id
        )
    with pytest.raises(IncidentIsUnreadable):
        end_incident(incident_id=incident, ended_at=moscow(20, 7), now=NOW)
    end_incident(incident_id=incident, ended_at=moscow(20, 9), now=NOW, school_id=school.id)
    with pytest.raises(NotFound):
        end_incident(incident_id=incident, ended_at=moscow(20, 10), now=NOW)

    assert Incident.objects.get().ended_at == moscow(20, 9)


# --- Availability ---------------------------------------------------------------------


def measure(since: datetime, until: datetime, *, is_ready: bool = True) -> None:
    """Keep a sample of every minute of a stretch."""
    minutes = int((until - since).total_seconds() // 60)
    Sample.objects.bulk_create(
        Sample(minute=since + timedelta(minutes=shift), is_ready=is_ready)
        for shift in range(minutes)
    )


def count(schools, now=NOW) -> dict[int, AvailabilityDay]:
    """Count the day and return it by school."""
    count_days(schools=list(schools.values()), day=DAY, now=now)
    return {row.school_id: row for row in AvailabilityDay.objects.filter(day=DAY)}


@pytest.mark.requirement("NFR-003")
@pytest.mark.requirement("NFR-002", "NFR-004", part=True)
def test_month_is_measured_in_working_hours_and_round_the_clock(schools, school):
    measure(moscow(18, 6), moscow(18, 20))
    measure(moscow(18, 20), moscow(18, 20, 12), is_ready=False)  # 12 minutes: 1 %
    measure(moscow(18, 20, 12), moscow(19, 2))
    # Nobody measured from two to six: the product was away.

    row = count(schools)[school.id]

    assert (row.expected_minutes, row.up_minutes) == (1200, 1188)
    assert (row.round_expected_minutes, row.round_up_minutes) == (1440, 1188)
    month = list_availability(period=Period(date(2026, 11, 1), date(2026, 12, 1)))[school.id]
    assert (month.percent, month.round_percent) == (Decimal("99.00"), Decimal("82.50"))


@pytest.mark.requirement("NFR-008")
def test_day_is_of_the_schools_own_clock(schools, school, other_school):
    School.objects.filter(pk=school.id).update(timezone="Asia/Omsk")
    forget_schools()
    measure(moscow(18, 0), moscow(19, 9))
    Sample.objects.filter(minute__gte=moscow(18, 3), minute__lt=moscow(18, 6)).update(
        is_ready=False
    )  # night in Moscow, morning in Omsk

    rows = count({one.slug: one for one in list_schools()})

    assert rows[other_school.id].up_minutes == 1200
    assert rows[school.id].up_minutes == 1200 - 180


def test_page_that_did_not_answer_is_the_absence_of_its_school(schools, school, other_school):
    measure(moscow(18, 6), moscow(19, 2))
    Sample.objects.filter(minute=moscow(18, 8)).update(
        school_id=school.id, is_answered=False, answer_ms=None
    )
    for minute, taken in ((10, 100), (11, 5001), (12, 300)):
        Sample.objects.filter(minute=moscow(18, minute)).update(
            school_id=school.id, is_answered=True, answer_ms=taken
        )

    rows = count(schools)

    assert (rows[school.id].up_minutes, rows[other_school.id].up_minutes) == (1199, 1200)
    row = rows[school.id]
    assert (row.answers, row.slow_answers) == (3, 1)
    assert (row.answer_ms_total, row.answer_ms_longest) == (5401, 5001)


@pytest.mark.requirement("NFR-005", part=True)
def test_announced_works_are_no_absence_from_work_but_one_from_the_diary(schools, school):
    measure(moscow(18, 6), moscow(18, 10))
    PlannedWorks.objects.create(
        starts_at=moscow(18, 10),
        ends_at=moscow(18, 12),
        reason="Диски",
        is_at_night=False,
        announced_at=NOW,
    )
    measure(moscow(18, 12), moscow(19, 6))

    row = count(schools)[school.id]

    assert (row.expected_minutes, row.up_minutes) == (1080, 1080)
    assert (row.round_expected_minutes, row.round_up_minutes) == (1440, 1320)


def test_day_that_goes_on_is_counted_up_to_now_and_from_the_first_sample(schools, school):
    measure(moscow(18, 8), moscow(18, 9))

    row = count(schools, now=moscow(18, 9, 2))[school.id]

    assert (row.expected_minutes, row.up_minutes) == (60, 60)


def test_nothing_measured_is_no_number(schools):
    assert count(schools) == {}


def test_minute_seen_twice_is_as_good_as_the_better_look():
    keep_sample(minute=NOW, is_ready=False)
    keep_sample(minute=NOW + timedelta(seconds=20), is_ready=True)
    keep_sample(minute=NOW, is_ready=False)

    assert [row.is_ready for row in Sample.objects.all()] == [True]


def test_hourly_task_counts_the_days_and_forgets_old_samples(schools, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", "2026-11-20")
    measure(moscow(18, 6), moscow(18, 7))
    keep_sample(minute=NOW - timedelta(days=60), is_ready=True)

    count_availability_district()

    days = AvailabilityDay.objects.order_by("day").values_list("day", flat=True).distinct()
    assert list(days)[:2] == [date(2026, 11, 18), date(2026, 11, 19)]
    assert Sample.objects.count() == 60
    assert sweep_samples(now=NOW) == 0


def test_committee_may_set_another_goal_from_a_day_on():
    DistrictSetting.objects.create(
        key="upkeep.availability_percent",
        value="99.5",
        clause="договор",
        since_on=NOW.date(),
    )

    assert get_availability_goal(on=DAY) == 99
    assert get_availability_goal(on=NOW.date()) == Decimal("99.5")
