"""What a school sets up before its year begins is kept and read back whole (TTC-009)."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.school_year import TermKind
from services.people import operations as people
from services.people.queries import get_employee_names, list_classes
from services.regulation.operations import change_setting
from services.schedule.curricula import list_plan_hours
from services.schedule.operations import LoadPlan, assign_loads, set_curriculum
from services.schedule.queries import get_calendar, list_curriculum, list_loads
from tests.rooms.schedule.conftest import FIRST_DAY, LAST_DAY

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("TTC-009")
def test_setup_of_a_school_holds_everything_the_regulation_names(inside, year, seven_a, hire):
    tenth, group = people.create_class(actor=inside, start_year=year, level=10, letter="А")
    plan = {
        line.subject_code: line.hours
        for line in list_plan_hours(level=10, start_year=year, profile="science")
        if line.subject_code != "foreign_language"
    }
    set_curriculum(actor=inside, start_year=year, hours={tenth: plan})
    vera = hire("Вера")
    assign_loads(
        actor=inside,
        start_year=year,
        loads=[LoadPlan(vera, group, "chemistry", plan["chemistry"])],
    )
    change_setting(
        actor=inside,
        key="calendar.regional_days",
        value={"2026-10-05": "off"},
        clause="закон республики",
        since_on=FIRST_DAY,
    )

    calendar = get_calendar(start_year=year)
    # the year: its name, its start and end
    assert (calendar.title, calendar.starts_on, calendar.ends_on) == (
        "2026/27",
        FIRST_DAY,
        LAST_DAY,
    )
    # days off: weekends, holidays, the school's and the region's
    study_days = {day.day for day in calendar.study_days(10)}
    off = [date(2026, 9, 6), date(2026, 10, 5), date(2026, 10, 26), date(2026, 11, 4)]
    assert study_days.isdisjoint(off)
    # types and borders of periods
    assert [(t.kind, t.starts_on, t.ends_on) for t in calendar.terms_of(10)] == [
        (TermKind.HALF_YEAR, date(2026, 9, 1), date(2026, 12, 30)),
        (TermKind.HALF_YEAR, date(2027, 1, 11), date(2027, 5, 26)),
    ]
    assert [t.kind for t in calendar.terms_of(7)] == [TermKind.QUARTER] * 4
    # curriculum profiles with grades
    lines = {line.subject.code: line.hours for line in list_curriculum(school_class_id=tenth)}
    assert (lines["chemistry"], lines["biology"], lines["physics"]) == (
        Decimal(3),
        Decimal(3),
        Decimal(2),
    )
    assert {card.id: card.level for card in list_classes(start_year=year)}[tenth] == 10
    # teachers of each subject
    names = get_employee_names(employee_ids=[vera, seven_a.anna])
    assert {
        (load.subject.name, names[load.employee_id]) for load in list_loads(start_year=year)
    } == {("Химия", "Ветрова В."), ("История", "Ветрова А.")}
