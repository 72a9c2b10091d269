"""What the database itself refuses, and how it sorts Russian names."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from foundation.audit.queries import list_changes
from services.people.models import (
    BY_NAME,
    ClassEnrollment,
    GroupMember,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
    TeachingGroup,
)

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def gleb(opened):
    return Pupil.objects.create(last_name="Соколов", first_name="Глеб", birth_date=date(2013, 5, 1))


@pytest.fixture
def seven_a(opened):
    return SchoolClass.objects.create(start_year=2026, level=7, letter="А")


@pytest.fixture
def seven_b(opened):
    return SchoolClass.objects.create(start_year=2026, level=7, letter="Б")


def refused():
    return pytest.raises(IntegrityError)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(SEPTEMBER, None, id="the same days"),
        pytest.param(OCTOBER, None, id="open end"),
        pytest.param(date(2026, 8, 1), date(2026, 9, 2), id="one day"),
    ],
)
def test_pupil_is_in_one_class_at_a_time(gleb, seven_a, seven_b, since, until):
    ClassEnrollment.objects.create(
        pupil=gleb, school_class=seven_a, since_on=SEPTEMBER, until=NOVEMBER
    )

    with refused(), transaction.atomic():
        ClassEnrollment.objects.create(
            pupil=gleb, school_class=seven_b, since_on=since, until=until
        )


def test_class_that_begins_as_the_other_ends_is_no_overlap(gleb, seven_a, seven_b):
    ClassEnrollment.objects.create(
        pupil=gleb, school_class=seven_a, since_on=SEPTEMBER, until=NOVEMBER
    )
    ClassEnrollment.objects.create(pupil=gleb, school_class=seven_b, since_on=NOVEMBER)

    assert ClassEnrollment.objects.count() == 2


def test_pupil_is_in_a_group_once_at_a_time_but_in_several_groups(gleb):
    english, chess = (
        TeachingGroup.objects.create(
            start_year=2026, kind=TeachingGroup.Kind.ELECTIVE, level=7, title=title
        )
        for title in ("Английский", "Шахматы")
    )
    GroupMember.objects.create(group=english, pupil=gleb, since_on=SEPTEMBER)
    GroupMember.objects.create(group=chess, pupil=gleb, since_on=SEPTEMBER)

    with refused(), transaction.atomic():
        GroupMember.objects.create(group=english, pupil=gleb, since_on=OCTOBER)


def test_class_stands_once_in_a_year(seven_a):
    SchoolClass.objects.create(start_year=2027, level=7, letter="А")

    with refused(), transaction.atomic():
        SchoolClass.objects.create(start_year=2026, level=7, letter="А")


@pytest.mark.parametrize("level", [0, 12])
def test_class_has_a_level_of_one_to_eleven(opened, level):
    with refused(), transaction.atomic():
        SchoolClass.objects.create(start_year=2026, level=level, letter="А")


def test_class_has_one_group_of_the_whole_class(seven_a):
    whole = {"start_year": 2026, "kind": "class", "level": 7, "school_class": seven_a}
    TeachingGroup.objects.create(title="7А", **whole)

    with refused(), transaction.atomic():
        TeachingGroup.objects.create(title="7А ещё раз", **whole)


def test_subgroup_belongs_to_a_class(opened):
    with refused(), transaction.atomic():
        TeachingGroup.objects.create(start_year=2026, kind="subgroup", level=7, title="Ничья")


def test_guardian_is_linked_to_a_child_once(gleb):
    vera = Guardian.objects.create(last_name="Соколова", first_name="Вера")
    tie = {"pupil": gleb, "guardian": vera, "relation": "mother"}
    GuardianLink.objects.create(since_on=SEPTEMBER, until=OCTOBER, **tie)
    GuardianLink.objects.create(since_on=OCTOBER, **tie)

    with refused(), transaction.atomic():
        GuardianLink.objects.create(since_on=NOVEMBER, **tie)


def test_identity_belongs_to_one_guardian_but_may_be_unknown_of_many(opened):
    for _ in range(2):
        Guardian.objects.create(last_name="Котова", first_name="Анна")
    Guardian.objects.create(last_name="Котова", first_name="Анна", identity_digest="a" * 64)

    with refused(), transaction.atomic():
        Guardian.objects.create(last_name="Белова", first_name="Яна", identity_digest="a" * 64)


def test_names_are_sorted_as_the_alphabet_does(opened):
    names = ["Ёлкин Ян", "Елкин Юрий", "Жуков Ян", "Еремин Ян", "ЕЖОВ Ян", "Жуков Артём"]
    names += ["Жуков Артемий", "Жукова Анна", "Жук Ян"]
    for last, first in (name.split() for name in names):
        Pupil.objects.create(last_name=last, first_name=first, birth_date=date(2013, 5, 1))

    ordered = Pupil.objects.order_by(*BY_NAME).values_list("last_name", "first_name")

    assert [" ".join(name) for name in ordered] == [
        "ЕЖОВ Ян",
        "Елкин Юрий",
        "Ёлкин Ян",
        "Еремин Ян",
        "Жук Ян",
        "Жуков Артём",
        "Жуков Артемий",
        "Жуков Ян",
        "Жукова Анна",
    ]


def test_change_of_a_card_leaves_an_audit_record(gleb):
    Pupil.objects.filter(pk=gleb.pk).update(first_name="Игорь")

    created, changed = list_changes(table="people_pupil", row_id=gleb.pk)
    assert (created.action, changed.action) == ("INSERT", "UPDATE")
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["first_name"], changed.after["first_name"]) == ("Глеб", "Игорь")
    assert "sort_key" not in changed.after


def test_cards_name_nobody_in_logs(gleb):
    assert str(gleb) == f"Pupil {gleb.pk}"
