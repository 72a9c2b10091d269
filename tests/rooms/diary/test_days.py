"""The diary's day and week: timetable with its changes, tasks of this child, marks, pauses."""

from datetime import date, time, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.db.door import school_transaction
from kernel.errors import NotFound
from kernel.roles import Role
from services.diary.access import get_child
from services.diary.queries import get_day, get_tomorrow, get_week, list_glances
from services.diary.queries.span import read_span
from services.diary.rules import LOOK_BACK
from services.people.models import ClassEnrollment
from services.schedule.models import Holiday, Lesson, SchoolYear
from tests.factories.school import MONDAY, make_small_school
from tests.rooms.diary.conftest import FRIDAY, NOW, THURSDAY, TODAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.django_db
BUDGET = 6


def subjects(day):
    return [lesson.subject for lesson in day.lessons]


def texts(day):
    return [task.text for task in day.all_tasks]


def test_day_shows_lessons_in_the_schools_own_hours(diary, day_of):
    diary.add_lesson(TODAY, 2)

    day = day_of().day

    assert subjects(day) == ["Алгебра", "Физика"]
    first = day.lessons[0]
    assert (first.begins, first.ends, first.number) == (time(8, 30), time(9, 15), 1)
    assert first.teacher == "Анина А."


@pytest.mark.requirement("TTC-013", part=True)
def test_day_shows_what_was_cancelled_and_who_stands_in(diary, day_of):
    cancelled = diary.add_lesson(TODAY, 2)
    Lesson.objects.filter(pk=cancelled).update(state="cancelled", note="заболел учитель")
    Lesson.objects.filter(pk=diary.small.lessons[2]).update(substitute_id=diary.small.oksana)

    algebra, physics = day_of().day.lessons

    assert (algebra.is_substituted, algebra.teacher, algebra.instead_of) == (
        True,
        "Петрова О.",
        "Анина А.",
    )
    assert (physics.is_cancelled, algebra.is_cancelled) == (True, False)
    assert "заболел" not in str(physics)  # why is the teacher's own affair


@pytest.mark.requirement("HWK-008", "ROL-026")
def test_individual_task_is_seen_by_its_pupil_only(diary, day_of):
    small = diary.small
    diary.give(small.lessons[1], "№ 214 всем")
    diary.give(small.lessons[1], "карточка Глеба", pupil_id=small.gleb)
    diary.give(small.lessons[1], "карточка Зои", pupil_id=small.zoya)
    zoya = diary.actor(Role.PUPIL, small.zoya)

    of_zoya = get_day(actor=zoya, pupil_id=small.zoya, day=TODAY, today=TODAY).day

    assert texts(day_of().day) == ["№ 214 всем", "карточка Глеба"]
    assert texts(of_zoya) == ["№ 214 всем", "карточка Зои"]
    assert [task.is_personal for task in of_zoya.all_tasks] == [False, True]


def test_task_stands_on_the_next_lesson_of_its_subject(diary, day_of):
    diary.add_lesson(TUESDAY, 2)
    diary.add_lesson(FRIDAY, 2)
    diary.give(diary.small.lessons[1], "алгебра к среде")
    diary.give(diary.add_lesson(MONDAY, 2), "физика ко вторнику")
    physics = Lesson.objects.get(date=TUESDAY, number=2)
    diary.give(physics.pk, "физика к пятнице")

    assert texts(day_of(TUESDAY).day) == ["физика ко вторнику"]
    assert texts(day_of(WEDNESDAY).day) == ["алгебра к среде"]
    assert texts(day_of(FRIDAY).day) == ["физика к пятнице"]


def test_cancelled_lesson_moves_the_task_on(diary, day_of):
    diary.give(diary.small.lessons[1], "алгебра")
    Lesson.objects.filter(pk=diary.small.lessons[2]).update(state="cancelled")

    assert texts(day_of(WEDNESDAY).day) == []
    assert texts(day_of(THURSDAY).day) == ["алгебра"]


def test_task_for_a_day_without_its_lesson_is_not_lost(diary, day_of):
    saturday = FRIDAY + timedelta(days=1)
    diary.give(diary.small.lessons[0], "проект", due_on=saturday)

    day = day_of(saturday).day

    assert (day.lessons, [task.text for task in day.tasks]) == ((), ["проект"])


def test_task_whose_lesson_is_not_in_sight_stands_where_it_was_given(diary, day_of):
    diary.give(diary.small.lessons[4], "к следующему уроку")

    (task,) = day_of(FRIDAY).day.tasks

    assert (task.text, task.due_on) == ("к следующему уроку", None)


def test_task_of_two_lessons_of_one_subject_in_a_day_stands_once(diary, day_of):
    diary.add_lesson(WEDNESDAY, 2)
    diary.add_lesson(WEDNESDAY, 3)
    diary.give(diary.add_lesson(TUESDAY, 2), "физика")

    assert [len(lesson.tasks) for lesson in day_of(WEDNESDAY).day.lessons] == [0, 1, 0]


def test_mark_and_absence_stand_at_their_lesson(diary, day_of):
    diary.put(diary.small.lessons[2], diary.small.gleb, 5)
    diary.miss(diary.add_lesson(TODAY, 2), diary.small.gleb, "Н")

    algebra, physics = day_of().day.lessons

    assert (algebra.mark, algebra.code) == (5, "")
    assert (physics.mark, physics.code, physics.code_title) == (None, "Н", "отсутствует")


@pytest.mark.requirement("ROL-026")
def test_marks_and_absences_of_classmates_are_not_read(diary, day_of):
    diary.put(diary.small.lessons[2], diary.small.zoya, 2)
    diary.miss(diary.small.lessons[1], diary.small.zoya, "Н")

    week = get_week(actor=diary.vera, pupil_id=diary.small.gleb, day=TODAY, today=TODAY)

    assert [(one.mark, one.code) for day in week.days for one in day.lessons] == [(None, "")] * 5
    assert "Зоина" not in repr(week)


def test_lessons_of_a_subgroup_are_only_its_members(diary, day_of):
    own = diary.add_subgroup(diary.small.gleb)
    foreign = diary.add_subgroup(diary.small.zoya, diary.small.yegor)
    diary.add_lesson(TODAY, 2, "Английский", own)
    diary.add_lesson(TODAY, 3, "Немецкий", foreign)

    assert subjects(day_of().day) == ["Алгебра", "Английский"]


def test_pupil_sees_lessons_of_a_group_only_while_in_it(diary):
    small = diary.small
    moved = ClassEnrollment.objects.get(pupil_id=small.gleb)
    other = ClassEnrollment.objects.get(pupil_id=small.yegor).school_class
    ClassEnrollment.objects.filter(pk=moved.pk).update(until=WEDNESDAY)
    ClassEnrollment.objects.create(pupil_id=small.gleb, school_class=other, since_on=WEDNESDAY)

    week = get_week(actor=diary.vera, pupil_id=small.gleb, day=TODAY, today=TODAY)

    ids = [lesson.id for day in week.days for lesson in day.lessons]
    assert ids == small.lessons[:2] + small.other_lessons[2:]
    assert week.child.class_title == "7Б"


def test_sunday_is_not_empty(diary, day_of):
    sunday = FRIDAY + timedelta(days=2)
    diary.add_lesson(sunday + timedelta(days=1), 1)

    page = day_of(sunday)

    assert page.day.lessons == ()
    assert page.previous is not None
    assert (page.previous.day, subjects(page.previous)) == (FRIDAY, ["Алгебра"])
    assert (page.following.day, subjects(page.following)) == (
        sunday + timedelta(days=1),
        ["Физика"],
    )


def test_july_shows_the_last_school_day_and_names_the_holidays(diary, day_of):
    term = Lesson.objects.get(pk=diary.small.lessons[4]).term
    type(term).objects.filter(pk=term.pk).update(ends_on=FRIDAY)
    july = date(2027, 7, 14)

    page = get_day(actor=diary.vera, pupil_id=diary.small.gleb, day=july, today=july)

    assert page.previous is not None
    assert (page.pause, page.day.lessons, page.following) == ("Летние каникулы", (), None)
    assert (page.previous.day, subjects(page.previous)) == (FRIDAY, ["Алгебра"])


def test_school_holidays_are_named(diary, day_of):
    day = FRIDAY + timedelta(days=10)
    year = SchoolYear.objects.get()
    Holiday.objects.create(school_year=year, title="Каникулы", starts_on=day, ends_on=day)

    assert day_of(day).pause == "Каникулы"
    assert day_of(day + timedelta(days=1)).pause == ""


def test_tomorrow_is_the_next_day_with_lessons(diary):
    diary.give(diary.small.lessons[2], "к четвергу")

    day = get_tomorrow(actor=diary.vera, pupil_id=diary.small.gleb, today=WEDNESDAY)

    assert day is not None
    assert (day.day, texts(day)) == (THURSDAY, ["к четвергу"])


def test_glance_tells_what_is_left_fresh_and_unexplained(diary):
    small = diary.small
    diary.add_lesson(TODAY, 5)  # ends at 14:15, NOW is 12:00
    diary.put(small.lessons[2], small.gleb, 4, kind="КР")
    diary.put(small.lessons[0], small.gleb, 3, at=NOW - timedelta(days=8))
    diary.miss(small.lessons[1], small.gleb, "Н")
    diary.miss(small.lessons[0], small.gleb, "Б")

    (glance,) = list_glances(actor=diary.vera, today=TODAY)

    assert glance.following is not None
    assert (glance.day.count_left(NOW), glance.following.day) == (1, THURSDAY)
    assert [(m.value, m.subject, m.work_kind) for m in glance.fresh] == [
        (4, "Алгебра", "Контрольная работа")
    ]
    assert [lesson.date for lesson in glance.unexplained] == [TUESDAY]


@pytest.mark.parametrize("read", [get_day, get_week])
def test_foreign_child_is_not_found(diary, read):
    with pytest.raises(NotFound):
        read(actor=diary.dmitry, pupil_id=diary.small.gleb, day=TODAY, today=TODAY)


def test_week_takes_six_queries_inside_the_school(school, system, make_actor):
    with school_transaction(system, school.id):
        small = make_small_school(system)
    vera = make_actor(Role.GUARDIAN, person=small.vera)

    with school_transaction(vera, school.id), CaptureQueriesContext(connection) as queries:
        week = get_week(actor=vera, pupil_id=small.gleb, day=TODAY, today=TODAY)

    assert len([day for day in week.days if day.lessons]) == 5
    assert len(queries) <= BUDGET, [query["sql"] for query in queries]


@pytest.mark.parametrize("seed", range(6))
def test_week_shows_the_same_tasks_as_a_full_reading_of_the_weeks_before(diary, seed):
    """The week reads of earlier lessons only what may be due: nothing is lost by it."""
    dice = Random(seed)
    small = diary.small
    own_group = diary.add_subgroup(small.gleb)
    lessons = []
    for shift in range(-28, 12):
        day = MONDAY + timedelta(days=shift)
        for number, subject in enumerate(("Физика", "Химия", "Труд"), start=2):
            if day.isoweekday() < 7 and dice.random() < 0.4:
                group = own_group if subject == "Труд" else small.group_id
                lessons.append(diary.add_lesson(day, number, subject, group))
    for lesson_id in lessons:
        if dice.random() < 0.3:
            Lesson.objects.filter(pk=lesson_id).update(state=Lesson.State.CANCELLED)
        given = Lesson.objects.get(pk=lesson_id).date
        for pupil in (None, small.gleb, small.zoya):
            if dice.random() < 0.5:
                due = given + timedelta(days=dice.randint(1, 20)) if dice.random() < 0.4 else None
                diary.give(lesson_id, f"{lesson_id} {pupil}", pupil, due)
    child = get_child(actor=diary.vera, pupil_id=small.gleb, on=TODAY)
    saturday = MONDAY + timedelta(days=5)

    week = get_week(actor=diary.vera, pupil_id=small.gleb, day=TODAY, today=TODAY)

    full = read_span(diary.vera, child, MONDAY - LOOK_BACK, saturday)
    assert any(day.all_tasks for day in week.days)
    assert week.days == tuple(full.day(MONDAY + timedelta(days=shift)) for shift in range(6))
