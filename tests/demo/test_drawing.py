"""What the demo district is drawn from agrees with the norms, and is the same every time."""

from collections import Counter
from datetime import date
from math import ceil

import pytest

from config.demo.arranging import Blueprint
from config.demo.calendar import plan_year
from config.demo.district import SCHOOLS, SMALL, VILLAGE, SchoolSpec, plan_bells
from config.demo.families import DMITRY, GLEB, MAYA, TIMUR, VERA, count_guardians, draw_pupils
from config.demo.lists import write_lists
from config.demo.names import FEMALE, NameLists, People, feminine, name_lists
from config.demo.plans import list_class_hours
from config.demo.staff import ANNA, BORIS
from config.demo.timetable import draw_timetable
from foundation.spreadsheets import Severity, read_table
from kernel.school_year import TermKind
from services.people.imports.employees import read_employees
from services.people.imports.pupils import read_pupils
from services.people.imports.values import read_snils
from services.schedule.curricula import weekly_limit
from services.schedule.rules import SlotFacts, find_bell_breaches, find_clashes, week_of_level

YEAR, TODAY = 2026, date(2026, 11, 22)
every_school = pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.slug)


def test_district_has_five_schools_and_two_thousand_pupils():
    assert [school.code for school in SCHOOLS] == ["000", "002", "001", "004", "003"]
    assert sum(school.pupils for school in SCHOOLS) == 2003


@every_school
def test_same_seed_draws_the_same_school(school: SchoolSpec):
    assert draw_pupils(school, YEAR) == draw_pupils(school, YEAR)
    once, again = (Blueprint(school, YEAR) for _ in range(2))
    assert draw_timetable(school, once.staff.teacher_of) == draw_timetable(
        school, again.staff.teacher_of
    )


def test_known_people_stand_where_the_stories_need_them():
    schools = {school.slug: school for school in SCHOOLS}
    where = {
        str(pupil.name): (slug, pupil.school_class.title, pupil.family)
        for slug, school in schools.items()
        for pupil in draw_pupils(school, YEAR)
    }

    assert where[str(GLEB)][:2] == ("school-5", "7А")
    assert where[str(MAYA)][:2] == ("lyceum-1", "5А")
    assert where[str(GLEB)][2].mother == where[str(MAYA)][2].mother == VERA
    assert where[str(TIMUR)][2].father == DMITRY
    for slug, titles in (("school-5", {"7А", "7Б", "8А"}), ("lyceum-1", {"5А"})):
        teacher_of = Blueprint(schools[slug], YEAR).staff.teacher_of
        taught = {c.school_class.title for c, one in teacher_of.items() if one.person == ANNA}
        assert taught == titles


@pytest.mark.parametrize("person", [VERA, DMITRY, ANNA, BORIS], ids=lambda one: one.name.first)
def test_known_names_are_nobody_elses(person):
    names = [
        (name.last, name.first)
        for school in SCHOOLS
        for name in (
            *(pupil.name for pupil in draw_pupils(school, YEAR)),
            *(one.person.name for one in Blueprint(school, YEAR).staff.teachers),
        )
    ]

    assert names.count((person.name.last, person.name.first)) == (2 if person is ANNA else 0) + (
        1 if person is BORIS else 0
    )


@every_school
def test_curriculum_fills_the_week_and_no_more(school: SchoolSpec):
    for one in school.classes:
        hours = list_class_hours(school, one, YEAR)

        week = week_of_level(week=school.week, level=one.level)
        assert sum(hours.values()) == weekly_limit(level=one.level, week=week)


@every_school
def test_timetable_holds_every_lesson_and_has_no_clash(school: SchoolSpec):
    blueprint = Blueprint(school, YEAR)
    places = draw_timetable(school, blueprint.staff.teacher_of)
    teachers = {id(one): number for number, one in enumerate(blueprint.staff.teachers)}
    classes = {one: number for number, one in enumerate(school.classes)}

    placed = Counter(place.course for place in places)
    assert all(placed[course] == ceil(course.hours) for course in blueprint.courses)
    facts = [
        SlotFacts(
            slot=number,
            employee_id=teachers[id(blueprint.staff.teacher_of[place.course])],
            group_id=classes[place.course.school_class] * 100
            + place.course.part * 50
            + (sorted({c.subject for c in blueprint.courses}).index(place.course.subject))
            * bool(place.course.part),
            class_id=classes[place.course.school_class],
            is_whole_class=not place.course.part,
            weekday=place.cell[0],
            starts=60 * (place.cell[1] + 5 * (place.course.school_class.shift == 2)),
            ends=60 * (place.cell[1] + 5 * (place.course.school_class.shift == 2)) + 45,
            room=blueprint.staff.teacher_of[place.course].room,
        )
        for number, place in enumerate(places)
        if place.half != 2  # shares its place with the other half of the year
    ]
    assert find_clashes(facts) == []


def test_village_joins_lessons_of_two_classes():
    blueprint = Blueprint(VILLAGE, YEAR)
    places = draw_timetable(VILLAGE, blueprint.staff.teacher_of)
    cells = [
        sorted(
            place.cell
            for place in places
            if place.course.subject == "music" and place.course.school_class.level == level
        )
        for level in (1, 3)
    ]

    assert cells[0] == cells[1] != []


@every_school
def test_bells_keep_the_sanitary_rules(school: SchoolSpec):
    half_year = Blueprint(school, YEAR).year.half_year_turns_on

    assert find_bell_breaches(plan_bells(school, YEAR, half_year)) == []


@pytest.mark.parametrize(
    ("start_year", "bounds"),
    [
        (
            2025,
            [
                (date(2025, 9, 1), date(2025, 10, 24)),
                (date(2025, 11, 5), date(2025, 12, 30)),
                (date(2026, 1, 12), date(2026, 3, 27)),
                (date(2026, 4, 6), date(2026, 5, 26)),
            ],
        ),
        (
            2026,
            [
                (date(2026, 9, 1), date(2026, 10, 23)),
                (date(2026, 11, 2), date(2026, 12, 30)),
                (date(2027, 1, 11), date(2027, 3, 26)),
                (date(2027, 4, 5), date(2027, 5, 26)),
            ],
        ),
    ],
)
def test_quarters_are_those_of_the_spec(start_year, bounds):
    year = plan_year(start_year, has_trimesters=False, has_seniors=False)

    assert [(term.starts_on, term.ends_on) for term in year.terms] == bounds


def test_republic_has_trimesters_and_its_seniors_half_years():
    year = plan_year(2026, has_trimesters=True, has_seniors=True)

    assert Counter(term.kind for term in year.terms) == {
        TermKind.TRIMESTER: 3,
        TermKind.HALF_YEAR: 2,
    }


@every_school
def test_lists_are_read_by_the_importer_without_an_error(school: SchoolSpec):
    pupils = draw_pupils(school, YEAR)
    (name, content), (staff_name, staff_content) = write_lists(
        school.code, pupils, Blueprint(school, YEAR).staff
    )

    read = read_pupils(read_table(content, name), today=TODAY, ages=(5, 20))
    staff = read_employees(read_table(staff_content, staff_name), today=TODAY)

    assert not [p for p in [*read.problems, *staff.problems] if p.severity == Severity.ERROR]
    assert [(one.name, one.birth_date, str(one.school_class)) for one in read.pupils] == [
        (pupil.name, pupil.birth_date, pupil.school_class.title) for pupil in pupils
    ]
    assert sum(len(one.guardians) for one in read.pupils) >= count_guardians(pupils) > school.pupils


def test_styles_of_the_lists_differ():
    names = [Blueprint(school, YEAR).write_lists()[0][0] for school in SCHOOLS]

    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "csv", "ods", "xlsx", "csv"]


def test_women_bear_feminine_surnames():
    assert [feminine(one) for one in ("Белов", "Островский", "Троицкий", "Голицын")] == [
        "Белова",
        "Островская",
        "Троицкая",
        "Голицына",
    ]


def test_drawn_snils_passes_the_check_and_nobody_has_it():
    people = People("school-5 pupils", [name_lists()])
    numbers = [people.draw_snils() for _ in range(50)]

    assert len(set(numbers)) == 50
    for number in numbers:
        assert read_snils(number).value.startswith("99")
    assert read_snils(VERA.snils).value == "99055510130"


def test_names_agree_with_the_fathers():
    lists: NameLists = name_lists("_republic")
    people = People("seed", [lists])
    father = lists.male[0]

    name = people.draw_child_name(sex=FEMALE, surname="Алиев", patronymic=father)

    assert (name.last, name.middle) == ("Алиева", father.daughter)


def test_small_district_is_a_part_of_the_great_one():
    assert [school.slug for school in SMALL] == ["school-5", "lyceum-1"]
    assert sum(school.pupils for school in SMALL) == 60
