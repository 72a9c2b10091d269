"""The school year: terms by level, holidays, moved days, study days."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection

from kernel.errors import NotFound
from kernel.roles import Role
from kernel.school_year import TermKind, TermSpan
from services.regulation.operations import change_setting
from services.schedule.models import SchoolYear, Term
from services.schedule.operations import (
    TermHasLessons,
    TermsOverlap,
    close_term,
    move_day,
    open_year,
    set_terms,
    yield_lessons,
)
from services.schedule.queries import (
    get_calendar,
    get_term,
    last_study_day,
    list_study_days,
    list_terms,
    next_study_day,
)
from tests.rooms.schedule.conftest import FIRST_DAY, HALF_YEARS, LAST_DAY, QUARTERS, YEAR

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TTC-009", part=True)
@pytest.mark.requirement("TTC-014", part=True)
def test_calendar_shows_year_terms_holidays_and_days_off(inside, year):
    change_setting(
        actor=inside,
        key="calendar.regional_days",
        value={"2026-10-05": "off"},
        clause="закон республики",
        since_on=FIRST_DAY,
    )

    calendar = get_calendar(start_year=year)

    assert (calendar.title, calendar.starts_on, calendar.ends_on, calendar.week) == (
        "2026/27",
        FIRST_DAY,
        LAST_DAY,
        5,
    )
    assert [(t.title, t.starts_on, t.ends_on) for t in calendar.terms_of(10)] == [
        ("1 полугодие", date(2026, 9, 1), date(2026, 12, 30)),
        ("2 полугодие", date(2027, 1, 11), date(2027, 5, 26)),
    ]
    assert [b.title for b in calendar.breaks_of(1)] == [
        "Осенние каникулы",
        "Зимние каникулы",
        "Дополнительные каникулы",
        "Весенние каникулы",
    ]
    assert len(calendar.breaks_of(2)) == 3
    days_off = {date(2026, 10, 5), date(2026, 11, 4), date(2027, 2, 22), date(2027, 5, 10)}
    assert days_off.isdisjoint({day.day for day in calendar.study_days(7)})


@pytest.mark.parametrize(
    ("level", "expected"),
    [pytest.param(7, 170, id="34 weeks"), pytest.param(1, 164, id="33 weeks in grade 1")],
)
def test_five_day_year_has_its_weeks(inside, year, level, expected):
    assert len(get_calendar(start_year=year).study_days(level)) == expected


def test_six_day_week_does_not_concern_first_graders(inside, year):
    change_setting(actor=inside, key="school.week", value=6, clause="п. 1", since_on=FIRST_DAY)
    calendar = get_calendar(start_year=year)

    assert len(calendar.study_days(7)) == 202
    assert len(calendar.study_days(1)) == 164


@pytest.mark.requirement("JRN-024")
@pytest.mark.parametrize("kind", list(TermKind))
def test_year_is_divided_into_terms_of_any_kind(inside, kind):
    open_year(actor=inside, start_year=YEAR, starts_on=FIRST_DAY, ends_on=LAST_DAY)
    spans = [
        TermSpan(kind, 1, date(2026, 9, 1), date(2026, 11, 13)),
        TermSpan(kind, 2, date(2026, 11, 23), date(2027, 5, 26)),
    ]

    set_terms(actor=inside, start_year=YEAR, terms=spans)

    assert [(t.kind, t.number, t.ends_on) for t in list_terms(level=5, start_year=YEAR)] == [
        (kind, 1, date(2026, 11, 13)),
        (kind, 2, date(2027, 5, 26)),
    ]


@pytest.mark.requirement("JRN-025")
def test_levels_of_one_school_have_different_terms(inside, year):
    assert [t.title for t in list_terms(level=9, start_year=year)] == [
        "1 четверть",
        "2 четверть",
        "3 четверть",
        "4 четверть",
    ]
    assert [t.title for t in list_terms(level=10, start_year=year)] == [
        "1 полугодие",
        "2 полугодие",
    ]


def test_overlapping_terms_are_refused(inside, year):
    overlapping = TermSpan(TermKind.HALF_YEAR, 1, date(2026, 9, 1), date(2026, 12, 30), 9, 11)

    with pytest.raises(TermsOverlap):
        set_terms(actor=inside, start_year=year, terms=[*QUARTERS, overlapping])

    assert Term.objects.count() == 6


def test_database_itself_refuses_overlapping_terms(inside, year):
    Term.objects.create(
        school_year=SchoolYear.objects.get(),
        kind="semester",
        number=1,
        level_from=9,
        level_to=9,
        starts_on=date(2026, 10, 23),
        ends_on=date(2026, 10, 30),
    )

    with pytest.raises(IntegrityError, match="schedule_term_apart"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.needs_rollback = True


def test_borders_of_a_term_move_and_its_lessons_stay(inside, seven_a):
    yield_lessons(actor=inside, since=FIRST_DAY, until=date(2026, 9, 30))
    longer = TermSpan(TermKind.QUARTER, 1, date(2026, 9, 1), date(2026, 10, 30), 1, 9)

    set_terms(actor=inside, start_year=YEAR, terms=[longer, *QUARTERS[1:], *HALF_YEARS])

    assert list_terms(level=7, start_year=YEAR)[0].ends_on == date(2026, 10, 30)
    with pytest.raises(TermHasLessons):
        set_terms(actor=inside, start_year=YEAR, terms=HALF_YEARS)


def test_moved_day_follows_another_days_timetable(inside, year):
    move_day(actor=inside, day=date(2026, 10, 31), instead_of=date(2026, 11, 3))

    found = list_study_days(level=7, since=date(2026, 10, 23), until=date(2026, 11, 6))

    # 31 October lies in the holidays and outside the quarters: a term must cover a study day.
    assert [(d.day.day, d.weekday) for d in found] == [(23, 5), (2, 1), (5, 4), (6, 5)]

    move_day(actor=inside, day=date(2026, 11, 7), instead_of=date(2026, 11, 3))
    found = list_study_days(level=7, since=date(2026, 11, 2), until=date(2026, 11, 8))
    assert [(d.day.day, d.weekday) for d in found] == [(2, 1), (5, 4), (6, 5), (7, 2)]


def test_sunday_and_july_look_back_to_a_day_with_lessons(inside, year):
    assert last_study_day(level=7, day=date(2026, 11, 22)) == date(2026, 11, 20)
    assert next_study_day(level=7, day=date(2026, 11, 22)) == date(2026, 11, 23)
    assert last_study_day(level=7, day=date(2027, 7, 15)) == date(2027, 5, 26)
    assert next_study_day(level=7, day=date(2027, 7, 15)) is None
    assert last_study_day(level=7, day=date(2026, 8, 31)) is None
    assert next_study_day(level=7, day=date(2026, 8, 30)) == date(2026, 9, 1)


def test_closing_a_term_twice_keeps_the_first_moment(inside, year):
    term = list_terms(level=7, start_year=year)[0]
    first = datetime(2026, 10, 28, 12, tzinfo=UTC)

    close_term(actor=inside, term_id=term.id, now=first)
    close_term(actor=inside, term_id=term.id, now=datetime(2026, 11, 1, tzinfo=UTC))

    assert get_term(term_id=term.id).closed_at == first


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.GUARDIAN, Role.PUPIL])
def test_others_may_not_set_the_year_up(inside, year, make_actor, role):
    stranger = make_actor(role)

    with pytest.raises(NotFound):
        open_year(actor=stranger, start_year=2027, starts_on=FIRST_DAY, ends_on=LAST_DAY)
    with pytest.raises(NotFound):
        set_terms(actor=stranger, start_year=year, terms=[])

    assert SchoolYear.objects.count() == 1
    assert Term.objects.count() == 6
