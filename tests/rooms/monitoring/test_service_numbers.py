"""The service in numbers: waits, terms, complaints and the six indicators of quality (SRV-023)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.periods import Period
from kernel.service_counts import STANDING, ServiceCount
from kernel.service_counts import ServiceMeasure as M
from services.cases.operations import desk, service
from services.cases.queries.numbers import count_service_flows, count_service_standing
from services.monitoring import tasks
from services.monitoring.handlers import on_service_changed
from services.monitoring.models import DirtyDay, ServiceFact
from services.monitoring.operations import replace_service_facts
from services.monitoring.queries.service import get_quality, get_service_board
from services.monitoring.rules.service import ServiceTally, measure_quality
from services.monitoring.rules.tally import Tally
from services.people.models import Guardian, Pupil
from services.people.operations.consents import withdraw_consent
from services.people.queries.consents import list_consents
from tenants.accounts.models import Account
from tests.rooms.cases.families import FRIDAY, Family, make_family, noon

pytestmark = pytest.mark.django_db

WEEK = Period.of_days(date(2026, 11, 16), date(2026, 11, 22))


# --- Rules -----------------------------------------------------------------------------------


def waited(**days: int) -> ServiceTally:
    """Return accesses by working days: `waited(d3=2)` is two after three days."""
    return ServiceTally({(M.ACCESS_DAYS, name[1:]): count for name, count in days.items()})


@pytest.mark.parametrize(
    ("tally", "average", "percentile"),
    [
        pytest.param(waited(), None, None, id="nobody"),
        pytest.param(waited(d4=1), Decimal("4.00"), 4, id="one"),
        pytest.param(waited(d1=19, d10=1), Decimal("1.45"), 1, id="95 of 100 in one day"),
        pytest.param(waited(d1=18, d9=1, d10=1), Decimal("1.85"), 9, id="the nineteenth of twenty"),
        pytest.param(waited(d2=1, d10=1), Decimal("6.00"), 10, id="of two the later"),
    ],
)
def test_waits_are_averaged_and_ranked(
    tally: ServiceTally, average: Decimal | None, percentile: int | None
) -> None:
    assert tally.average_wait == average
    assert tally.wait_percentile_95 == percentile


@pytest.mark.requirement("SRV-023")
def test_six_indicators_are_shares_of_counts() -> None:
    counted = ServiceTally(
        {
            (M.PUPILS, ""): 200,
            (M.PUPILS_SERVED, ""): 150,
            (M.PARENTS, ""): 300,
            (M.PARENTS_SERVED, ""): 100,
            (M.ACCESS_DAYS, "3"): 7,
            (M.ACCESS_DAYS, "12"): 1,
            (M.ACCESS_LATE, ""): 1,
            (M.COMPLAINT_DECIDED, "satisfied"): 1,
            (M.COMPLAINT_DECIDED, "refused"): 3,
        }
    )
    journal = Tally(
        lessons_held=40, lessons_filled_same_day=38, homework_due=40, homework_entered=30
    )

    values = {one.code: one.value for one in measure_quality(counted, journal)}

    assert values == {
        "pupils": Decimal("75.00"),
        "parents": Decimal("33.33"),
        "timeliness": Decimal("95.00"),
        "terms": Decimal("87.50"),
        "completeness": Decimal("75.00"),
        "complaints": Decimal("75.00"),
    }


def test_where_nothing_happened_nothing_is_said() -> None:
    values = {one.code: one.value for one in measure_quality(ServiceTally({}), Tally())}

    assert values.pop("complaints") == Decimal("100.00")
    assert set(values.values()) == {None}


# --- Counting in a school -----------------------------------------------------------------------


@pytest.fixture
def family(school: SchoolRef) -> Iterator[Family]:
    with school_transaction(Actor.system(school), school.id):
        yield make_family(school)


def test_day_is_counted_by_what_happened_on_it(family: Family) -> None:
    case_id = family.granted(now=noon(FRIDAY))
    assert case_id

    counts = count_service_flows(day=FRIDAY, timezone="Europe/Moscow")

    assert counts == [
        ServiceCount(M.ACCESS_DAYS, "0", 1),
        ServiceCount(M.CONSENT, "parent", 1),
        ServiceCount(M.REGISTERED, "", 1),
    ]
    assert count_service_flows(day=FRIDAY - timedelta(days=1), timezone="Europe/Moscow") == []


def test_what_stands_is_counted_by_state_and_term(family: Family) -> None:
    family.accepted(now=noon(FRIDAY))

    tenth_day = date(2026, 12, 4)
    counts = count_service_standing(today=tenth_day, timezone="Europe/Moscow")

    assert ServiceCount(M.STATE, "accepted", 1) in counts
    assert ServiceCount(M.TERM, "due", 1) in counts
    assert ServiceCount(M.DUE_THIS_WEEK, "", 1) in counts
    assert ServiceCount(M.CONSENTS_LIVE, "parent", 1) in counts


@pytest.mark.requirement("AUD-005", part=True)
def test_withdrawn_consent_is_counted_on_its_day_and_stands_no_more(family: Family) -> None:
    family.accepted(now=noon(FRIDAY))
    (consent,) = list_consents(pupil_ids=[family.small.gleb], live_only=True)
    just_before_midnight = datetime(2026, 11, 20, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
    withdraw_consent(
        actor=family.administrator, consent_id=consent.id, manner="desk", now=just_before_midnight
    )

    flows = count_service_flows(day=FRIDAY, timezone="Europe/Moscow")
    next_day = count_service_flows(day=FRIDAY + timedelta(days=1), timezone="Europe/Moscow")
    standing = count_service_standing(today=FRIDAY, timezone="Europe/Moscow")

    assert ServiceCount(M.CONSENT_WITHDRAWN, "parent", 1) in flows
    assert next_day == []
    assert not [one for one in standing if one.measure == M.CONSENTS_LIVE]


def test_late_access_is_counted_late(family: Family) -> None:
    case_id = family.accepted(now=noon(FRIDAY))
    late = date(2026, 12, 7)
    service.grant(actor=family.administrator, case_id=case_id, now=noon(late))

    counts = count_service_flows(day=late, timezone="Europe/Moscow")

    assert ServiceCount(M.ACCESS_DAYS, "11", 1) in counts
    assert ServiceCount(M.ACCESS_LATE, "", 1) in counts


def test_ground_of_a_refusal_is_counted(family: Family) -> None:
    case_id = family.apply(now=noon(FRIDAY)).case_id
    desk.refuse_to_accept(
        actor=family.administrator, case_id=case_id, ground="stranger", now=noon(FRIDAY)
    )

    counts = count_service_flows(day=FRIDAY, timezone="Europe/Moscow")

    assert ServiceCount(M.NOT_ACCEPTED, "stranger", 1) in counts


# --- The district ---------------------------------------------------------------------------------


def put(school: SchoolRef, day: date, *counts: ServiceCount) -> None:
    with public_transaction():
        replace_service_facts(school_id=school.id, day=day, counts=counts, measures=frozenset(M))


def test_flows_are_added_and_what_stands_is_the_newest(
    school: SchoolRef, other_school: SchoolRef
) -> None:
    monday, tuesday = WEEK.since, WEEK.since + timedelta(days=1)
    accepted = (M.STATE, "accepted")
    put(school, monday, ServiceCount(M.REGISTERED, "", 2), ServiceCount(*accepted, 5))
    put(school, tuesday, ServiceCount(M.REGISTERED, "", 3), ServiceCount(*accepted, 4))
    put(other_school, monday, ServiceCount(M.REGISTERED, "", 1))

    board = get_service_board(schools=[school, other_school], period=WEEK, today=FRIDAY)

    line, other = board.lines
    assert line.tally.get(M.REGISTERED) == 5
    assert line.tally.get(*accepted) == 4
    assert line.counted_on == tuesday
    assert board.total.get(M.REGISTERED) == 6
    assert board.missing == [other.school.short_name]


def test_counting_twice_gives_the_same(school: SchoolRef) -> None:
    put(school, WEEK.since, ServiceCount(M.REGISTERED, "", 2))
    put(school, WEEK.since, ServiceCount(M.REGISTERED, "", 2))

    board = get_service_board(schools=[school], period=WEEK, today=FRIDAY)

    assert board.total.get(M.REGISTERED) == 2


def test_flow_that_is_gone_is_forgotten(school: SchoolRef) -> None:
    put(school, WEEK.since, ServiceCount(M.COMPLAINT, "2", 1))
    put(school, WEEK.since)

    assert not ServiceFact.objects.exists()


def test_past_day_keeps_what_stands_today(school: SchoolRef) -> None:
    put(school, FRIDAY, ServiceCount(M.STATE, "accepted", 4))
    flows = frozenset(M) - STANDING
    with public_transaction():
        replace_service_facts(school_id=school.id, day=WEEK.since, counts=[], measures=flows)

    board = get_service_board(schools=[school], period=WEEK, today=FRIDAY)

    assert board.total.get(M.STATE, "accepted") == 4


def test_board_costs_three_statements(
    school: SchoolRef, other_school: SchoolRef, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    put(school, FRIDAY, ServiceCount(M.STATE, "accepted", 4))

    with public_transaction(), django_assert_num_queries(3):
        get_service_board(schools=[school, other_school], period=WEEK, today=FRIDAY)


@pytest.mark.requirement("SRV-023")
def test_quality_stands_per_school_and_for_the_district(
    school: SchoolRef, other_school: SchoolRef
) -> None:
    put(school, FRIDAY, ServiceCount(M.PUPILS, "", 10), ServiceCount(M.PUPILS_SERVED, "", 5))
    put(other_school, FRIDAY, ServiceCount(M.PUPILS, "", 30), ServiceCount(M.PUPILS_SERVED, "", 27))

    whole, lines = get_quality(schools=[school, other_school], period=WEEK, today=FRIDAY)

    assert whole.indicators[0].value == Decimal("80.00")
    assert [line.indicators[0].value for line in lines] == [Decimal("50.00"), Decimal("90.00")]


def test_audience_is_who_came_in_lately(school: SchoolRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC))
    monkeypatch.setattr(clock, "today", lambda _zone: FRIDAY)
    vera = Account.objects.create(login="vera", display_name="Вера", last_login=noon())
    gleb = Account.objects.create(
        login="gleb", display_name="Глеб", last_login=noon() - timedelta(days=200)
    )
    with school_transaction(Actor.system(school), school.id):
        family = make_family(school)
        family.granted(now=noon())
        Guardian.objects.filter(pk=family.small.vera).update(account_id=vera.pk)
        Pupil.objects.filter(pk=family.small.gleb).update(account_id=gleb.pk)

    tasks.count_audience(school)

    facts = dict(ServiceFact.objects.values_list("measure", "count"))
    assert facts[M.PUPILS_SERVED] == facts[M.PARENTS_SERVED] == 1
    assert facts[M.PUPILS] == 3  # of both classes


def test_change_of_a_case_marks_today(school: SchoolRef) -> None:
    on_service_changed(school, object())

    assert DirtyDay.objects.get().school_id == school.id


def test_recount_brings_the_service_along(
    school: SchoolRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", timedelta(0))
    monkeypatch.setattr(clock, "today", lambda _zone: FRIDAY)
    with school_transaction(Actor.system(school), school.id):
        make_family(school).accepted(now=noon())
    on_service_changed(school, object())

    tasks.recompute_dirty(now=noon())

    board = get_service_board(schools=[school], period=WEEK, today=FRIDAY)
    assert board.total.get(M.REGISTERED) == 1
    assert board.total.get(M.STATE, "accepted") == 1
    assert board.lines[0].counted_on == FRIDAY
