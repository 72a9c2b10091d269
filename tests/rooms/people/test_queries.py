"""Reading people: who is in a group on which days, whose child, search by words."""

from datetime import date

import pytest

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people import operations, queries
from services.people.models import (
    ClassEnrollment,
    Employee,
    GroupMember,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
)
from tests.rooms.people.lists import ANNA, GLEB, HEADER, MOTHER, STAFF, TODAY, VERA

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def seven_a(opened, system):
    return operations.create_class(actor=system, start_year=2026, level=7, letter="А")


def pupil(last, first="Глеб"):
    return Pupil.objects.create(last_name=last, first_name=first, birth_date=date(2013, 5, 1)).pk


def spans(group_id, since=SEPTEMBER, until=TODAY):
    rows = queries.list_group_pupils(group_id=group_id, since=since, until=until)
    return [(row.name, row.since, row.until) for row in rows]


@pytest.mark.requirement("JRN-028", part=True)
def test_class_and_subgroup_are_listed_by_one_query_in_russian_order(
    seven_a, system, django_assert_num_queries
):
    class_id, whole = seven_a
    half = operations.create_group(
        actor=system, start_year=2026, level=7, title="7А, английский, 1", school_class_id=class_id
    )
    ids = [pupil(last) for last in ("Жуков", "Ёлкин", "Елкин", "Яшин")]
    operations.enroll(actor=system, school_class_id=class_id, pupil_ids=ids, since_on=SEPTEMBER)
    operations.add_members(actor=system, group_id=half, pupil_ids=ids[:2], since_on=SEPTEMBER)

    with django_assert_num_queries(2):
        whole_names = [row[0] for row in spans(whole)]
        half_names = [row[0] for row in spans(half)]

    assert whole_names == ["Ёлкин Глеб", "Елкин Глеб", "Жуков Глеб", "Яшин Глеб"]
    assert half_names == ["Ёлкин Глеб", "Жуков Глеб"]


def test_days_of_a_pupil_are_told_only_where_they_limit(seven_a):
    class_id, whole = seven_a
    for last, since, until in (
        ("Всегда", SEPTEMBER, None),
        ("Позже", OCTOBER, None),
        ("Ушёл", SEPTEMBER, OCTOBER),
        ("Раньше", date(2026, 8, 1), SEPTEMBER),
    ):
        ClassEnrollment.objects.create(
            pupil_id=pupil(last), school_class_id=class_id, since_on=since, until=until
        )

    assert spans(whole) == [
        ("Всегда Глеб", None, None),
        ("Позже Глеб", OCTOBER, None),
        ("Ушёл Глеб", None, date(2026, 9, 30)),
    ]
    assert [row[0] for row in spans(whole, OCTOBER, NOVEMBER)] == ["Всегда Глеб", "Позже Глеб"]


def test_pupil_who_left_and_came_back_stands_once(seven_a):
    class_id, whole = seven_a
    gleb = pupil("Соколов")
    for since, until in ((SEPTEMBER, OCTOBER), (NOVEMBER, None)):
        ClassEnrollment.objects.create(
            pupil_id=gleb, school_class_id=class_id, since_on=since, until=until
        )

    assert spans(whole) == [("Соколов Глеб", None, None)]


def test_class_is_listed_with_names_and_days(bring):
    bring([[*HEADER, *MOTHER], [*GLEB, *VERA]])
    [card] = queries.list_classes(start_year=2026)

    [gleb] = queries.list_class_pupils(class_id=card.id, on=TODAY)

    assert (str(gleb.name), gleb.birth_date, gleb.since) == (
        "Соколов Глеб Петрович",
        date(2013, 5, 1),
        SEPTEMBER,
    )
    assert queries.list_class_pupils(class_id=card.id, on=date(2026, 8, 31)) == []


def test_children_are_listed_while_the_tie_holds(bring):
    bring([[*HEADER, *MOTHER], [*GLEB, *VERA]])
    vera, gleb = Guardian.objects.get().pk, Pupil.objects.get().pk
    GuardianLink.objects.update(until=NOVEMBER)

    before = queries.list_children_of_guardian(guardian_id=vera, on=OCTOBER)
    after = queries.list_children_of_guardian(guardian_id=vera, on=NOVEMBER)

    assert [(link.pupil_id, link.relation) for link in before] == [(gleb, "mother")]
    assert after == []


def test_card_of_a_pupil_names_the_class_of_the_day(bring):
    bring([HEADER, GLEB])
    gleb = Pupil.objects.get().pk

    card = queries.get_pupil_card(pupil_id=gleb, on=TODAY)
    early = queries.get_pupil_card(pupil_id=gleb, on=date(2026, 8, 1))

    assert (str(card.name), card.class_title, card.level) == ("Соколов Глеб Петрович", "7А", 7)
    assert (early.class_title, early.level) == ("", None)
    with pytest.raises(NotFound):
        queries.get_pupil_card(pupil_id=gleb + 1, on=TODAY)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 4),
        ("ёлк", 2),
        ("елк", 2),
        ("ЁЛКИН артём", 1),
        ("артем елкин", 1),
        ("лкин", 0),
        ("Жуков", 2),
        ("жукова", 1),
        ("сидоров", 0),
    ],
)
def test_pupils_are_found_by_beginnings_of_words(opened, words, found):
    for last, first in (("Ёлкин", "Артём"), ("Елкин", "Юрий"), ("Жуков", "Ян")):
        pupil(last, first)
    pupil("Жукова-Белова", "Анна")

    page = queries.search_pupils(words=words, on=TODAY)

    assert page.found == len(page.rows) == found


def test_found_people_come_page_by_page(opened):
    letters = "абвгдежзиклмнопрст"
    Pupil.objects.bulk_create(
        Pupil(last_name=f"Соколов{a}{b}", first_name="Глеб", birth_date=date(2013, 5, 1))
        for a in letters[:4]
        for b in letters[:15]
    )

    first = queries.search_pupils(words="сокол", on=TODAY)
    second = queries.search_pupils(words="сокол", on=TODAY, page=2)

    assert (len(first.rows), len(second.rows), first.found) == (50, 10, 60)
    assert first.rows[0].name == "Соколоваа Глеб"


def test_staff_and_guardians_are_found_too(bring):
    bring([[*HEADER, *MOTHER], [*GLEB, *VERA]])
    bring([STAFF, ANNA], kind="employees")

    [anna] = queries.search_employees(words="иванова").rows
    [vera] = queries.search_guardians(words="вера сок").rows

    assert (anna.name, anna.place) == ("Иванова Анна Петровна", "Учитель математики")
    assert vera.name == "Соколова Вера Ильинична"


def test_people_are_counted(bring):
    bring([[*HEADER, *MOTHER], [*GLEB, *VERA]])
    bring([STAFF, ANNA], kind="employees")

    assert queries.count_people() == {"pupils": 1, "guardians": 1, "employees": 1}


# --- Operations beside the import --------------------------------------------------------------


def test_class_group_and_enrolment_are_made_once(seven_a, system):
    class_id, group_id = seven_a
    gleb = pupil("Соколов")

    for _ in range(2):
        again = operations.create_class(actor=system, start_year=2026, level=7, letter="А")
        operations.enroll(
            actor=system, school_class_id=class_id, pupil_ids=[gleb], since_on=SEPTEMBER
        )
        operations.add_members(actor=system, group_id=group_id, pupil_ids=[], since_on=SEPTEMBER)

    assert again == (class_id, group_id)
    assert ClassEnrollment.objects.count() == 1
    assert GroupMember.objects.count() == 0


def test_account_of_a_card_is_noted_once(opened, system):
    anna = Employee.objects.create(last_name="Иванова", first_name="Анна", post="учитель").pk

    operations.set_accounts(actor=system, role=Role.TEACHER, accounts={anna: 7})
    operations.set_accounts(actor=system, role=Role.TEACHER, accounts={anna: 8})

    assert Employee.objects.get().account_id == 7


@pytest.mark.parametrize("role", [Role.TEACHER, Role.GUARDIAN, Role.PUPIL, Role.MANAGEMENT])
def test_lists_are_kept_by_nobody_else(seven_a, make_actor, role):
    class_id, group_id = seven_a
    actor: Actor = make_actor(role)
    gleb = pupil("Соколов")

    for refused in (
        lambda: operations.create_class(actor=actor, start_year=2026, level=8, letter="А"),
        lambda: operations.create_group(actor=actor, start_year=2026, level=8, title="х"),
        lambda: operations.enroll(
            actor=actor, school_class_id=class_id, pupil_ids=[gleb], since_on=SEPTEMBER
        ),
        lambda: operations.add_members(
            actor=actor, group_id=group_id, pupil_ids=[gleb], since_on=SEPTEMBER
        ),
        lambda: operations.appoint_class_teacher(
            actor=actor, school_class_id=class_id, employee_id=1
        ),
        lambda: operations.set_accounts(actor=actor, role=Role.PUPIL, accounts={gleb: 1}),
    ):
        with pytest.raises(NotFound):
            refused()

    assert SchoolClass.objects.count() == 1
    assert ClassEnrollment.objects.count() == 0
