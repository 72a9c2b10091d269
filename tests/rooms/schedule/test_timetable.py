"""Subjects, curriculum, loads, bells and the weekly timetable."""

from datetime import date, time
from decimal import Decimal

import pytest

from services.people import operations as people
from services.schedule.models import Bell, Subject, TeachingLoad, TimetableSlot
from services.schedule.operations import (
    BellIsMissing,
    BellsBreakRules,
    LoadPlan,
    SlotPlan,
    SlotsClash,
    SubjectIsUnknown,
    assign_loads,
    fill_dictionaries,
    set_bells,
    set_curriculum,
    set_timetable,
)
from services.schedule.queries import (
    list_bells,
    list_curriculum,
    list_journals,
    list_loads,
    list_subjects,
    list_timetable,
)
from services.schedule.rules import BellTime
from tests.rooms.schedule.conftest import BELLS, FIRST_DAY, YEAR

pytestmark = pytest.mark.django_db


def test_dictionary_of_subjects_is_filled_once(inside):
    fill_dictionaries(inside)
    count = Subject.objects.count()
    fill_dictionaries(inside)

    assert Subject.objects.count() == count == 39


@pytest.mark.requirement("JRN-028", part=True)
@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("technology", date(2024, 5, 1), "Технология"),
        ("technology", date(2026, 9, 1), "Труд (технология)"),
        ("safety", date(2023, 9, 1), "Основы безопасности жизнедеятельности"),
        ("safety", date(2024, 9, 1), "Основы безопасности и защиты Родины"),
    ],
)
def test_renamed_subject_keeps_its_code(inside, code, day, name):
    fill_dictionaries(inside)

    assert {s.code: s.name for s in list_subjects(on=day)}[code] == name


def test_subject_gone_or_yet_to_come_cannot_be_taught(inside, seven_a):
    names = {subject.code for subject in list_subjects(on=date(2025, 9, 1))}
    assert names.isdisjoint({"peoples_culture", "russian_culture"})

    with pytest.raises(SubjectIsUnknown):
        assign_loads(
            actor=inside,
            start_year=YEAR,
            loads=[LoadPlan(seven_a.anna, seven_a.group_id, "peoples_culture", Decimal(1))],
        )


@pytest.mark.requirement("TTC-009", part=True)
def test_curriculum_of_a_class_holds_half_hours(inside, seven_a):
    plan = {"history": Decimal(3), "russian_culture": Decimal("0.5")}

    set_curriculum(actor=inside, start_year=YEAR, hours={seven_a.class_id: {"art": Decimal(1)}})
    set_curriculum(actor=inside, start_year=YEAR, hours={seven_a.class_id: plan})

    lines = list_curriculum(school_class_id=seven_a.class_id)
    assert {line.subject.code: line.hours for line in lines} == plan


@pytest.mark.requirement("TTC-009", "JRN-028", part=True)
def test_load_makes_a_journal_of_its_teacher(inside, seven_a):
    assign_loads(
        actor=inside,
        start_year=YEAR,
        loads=[LoadPlan(seven_a.boris, seven_a.group_id, "art", Decimal(1))],
    )

    everybody = list_journals(start_year=YEAR)
    [own] = list_journals(start_year=YEAR, employee_id=seven_a.anna)

    assert [(j.group_title, j.subject_name) for j in everybody] == [
        ("7А", "Изобразительное искусство"),
        ("7А", "История"),
    ]
    assert (own.group_id, own.subject_code, own.level, own.employee_ids) == (
        seven_a.group_id,
        "history",
        7,
        (seven_a.anna,),
    )
    assert list_journals(start_year=YEAR - 1) == []


def test_load_assigned_again_gets_the_new_hours(inside, seven_a):
    plan = LoadPlan(seven_a.anna, seven_a.group_id, "history", Decimal(3))

    assert assign_loads(actor=inside, start_year=YEAR, loads=[plan]) == [seven_a.load]

    assert [load.hours for load in list_loads(start_year=YEAR)] == [Decimal(3)]


def test_shift_of_the_class_chooses_the_bells(inside, year, hire):
    _, group = people.create_class(actor=inside, start_year=YEAR, level=6, letter="Б", shift=2)

    assign_loads(
        actor=inside, start_year=YEAR, loads=[LoadPlan(hire("Анна"), group, "art", Decimal(1))]
    )

    assert TeachingLoad.objects.get().shift == 2


def test_new_bells_ring_from_their_day_on(inside, year):
    later = [BellTime(1, 1, time(9, 0), time(9, 40))]

    set_bells(actor=inside, bells=later, since_on=date(2027, 1, 11))

    before = list_bells(level=7, shift=1, on=date(2027, 1, 10))
    after = list_bells(level=7, shift=1, on=date(2027, 1, 11))
    assert [bell.starts_at for bell in before] == [bell.starts_at for bell in BELLS]
    assert [bell.starts_at for bell in after] == [time(9, 0)]


def test_bells_against_the_sanitary_rules_are_refused(inside, year):
    with pytest.raises(BellsBreakRules) as refusal:
        set_bells(
            actor=inside, bells=[BellTime(1, 1, time(7, 30), time(8, 30))], since_on=FIRST_DAY
        )

    assert refusal.value.facts["breaches"] == [
        "1 урок 1 смены: уроки идут с 8:00 до 19:00.",
        "1 урок 1 смены: длиннее 45 минут.",
    ]
    assert Bell.objects.count() == len(BELLS)


@pytest.mark.requirement("TTC-014", part=True)
def test_timetable_of_the_day_has_hours(inside, seven_a):
    slots = list_timetable(group_ids=[seven_a.group_id], on=date(2026, 9, 7))

    hours = [slot.bell and slot.bell.starts_at for slot in slots]
    assert hours == [time(8, 30), time(9, 25)]
    assert [(s.weekday, s.number, s.subject.short_name) for s in slots] == [
        (1, 1, "ист"),
        (3, 2, "ист"),
    ]


def test_new_timetable_holds_from_its_day(inside, seven_a):
    set_timetable(
        actor=inside,
        start_year=YEAR,
        slots=[SlotPlan(seven_a.load, 5, 4)],
        since_on=date(2026, 10, 1),
    )

    def places(day):
        return [(s.weekday, s.number) for s in list_timetable(group_ids=[seven_a.group_id], on=day)]

    assert places(date(2026, 9, 30)) == [(1, 1), (3, 2)]
    assert places(date(2026, 10, 1)) == [(5, 4)]


def test_timetable_with_a_clash_is_refused(inside, seven_a):
    _, group = people.create_class(actor=inside, start_year=YEAR, level=8, letter="А")
    [load] = assign_loads(
        actor=inside,
        start_year=YEAR,
        loads=[LoadPlan(seven_a.anna, group, "history", Decimal(2))],
    )
    slots = [SlotPlan(seven_a.load, 1, 1, "12"), SlotPlan(load, 1, 1, "13")]

    with pytest.raises(SlotsClash):
        set_timetable(actor=inside, start_year=YEAR, slots=slots, since_on=FIRST_DAY)

    assert TimetableSlot.objects.count() == 2


def test_slot_without_a_bell_is_refused(inside, seven_a):
    with pytest.raises(BellIsMissing):
        set_timetable(
            actor=inside,
            start_year=YEAR,
            slots=[SlotPlan(seven_a.load, 1, 8)],
            since_on=FIRST_DAY,
        )
