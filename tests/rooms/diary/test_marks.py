"""Marks by subject: the average and what it comes from, of the whole time; absences; the year."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.errors import NotFound
from kernel.school_year import TermKind
from services.diary.queries import DayKind, get_absences, get_calendar, get_marks
from services.people.models import ClassEnrollment, SchoolClass
from services.regulation.models import RegulationSetting
from services.regulation.queries import forget_settings
from services.schedule.models import Holiday, Lesson, SchoolYear, Term, TimetableSlot
from tests.factories.school import MONDAY
from tests.rooms.diary.conftest import THURSDAY, TODAY, TUESDAY

pytestmark = pytest.mark.django_db


def marks_of(diary, **wishes):
    return get_marks(actor=diary.vera, pupil_id=diary.small.gleb, today=TODAY, **wishes)


def last_year_lesson(diary):
    """Let Gleb have learned in 6А a year ago; return a lesson of that time."""
    year = SchoolYear.objects.create(
        start_year=2025, starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26)
    )
    term = Term.objects.create(
        school_year=year, kind=TermKind.QUARTER, number=1, level_from=1, level_to=11,
        starts_on=date(2025, 9, 1), ends_on=date(2025, 10, 25),
    )  # fmt: skip
    ClassEnrollment.objects.create(
        pupil_id=diary.small.gleb,
        school_class=SchoolClass.objects.create(start_year=2025, level=6, letter="А"),
        since_on=date(2025, 9, 1),
        until=date(2026, 9, 1),
    )
    lesson = Lesson.objects.get(pk=diary.add_lesson(date(2025, 9, 15), 1))
    lesson.term = term
    lesson.save()
    return lesson


@pytest.mark.requirement("MRK-019")
def test_average_is_weighted_and_shows_the_marks_it_comes_from(diary):
    small = diary.small
    diary.put(small.lessons[0], small.gleb, 5)
    diary.put(small.lessons[1], small.gleb, 3, kind="КР")
    diary.record(small.lessons[1], topic="Линейные уравнения")

    page = marks_of(diary)

    (algebra,) = page.subjects
    weight = algebra.marks[1].weight
    assert weight > 1
    assert algebra.average == ((5 + 3 * weight) / (1 + weight)).quantize(Decimal("0.01"))
    assert [(m.day, m.value, m.work_kind, m.topic) for m in algebra.marks] == [
        (MONDAY, 5, "", ""),
        (TUESDAY, 3, "Контрольная работа", "Линейные уравнения"),
    ]
    assert (page.term.title, page.is_weighted) == ("2 четверть", True)


def test_school_may_count_the_average_without_weights(diary):
    RegulationSetting.objects.create(
        key="mark.weighted_average", value=False, clause="п. 4", since_on=MONDAY, source="school"
    )
    forget_settings()
    diary.put(diary.small.lessons[0], diary.small.gleb, 5)
    diary.put(diary.small.lessons[1], diary.small.gleb, 4, kind="КР")

    (algebra,) = marks_of(diary).subjects

    assert (algebra.average, algebra.expected) == (Decimal("4.50"), 5)


@pytest.mark.requirement("ROL-026")
def test_marks_of_classmates_stay_out_of_the_average(diary):
    diary.put(diary.small.lessons[0], diary.small.gleb, 5)
    diary.put(diary.small.lessons[1], diary.small.zoya, 2)

    (algebra,) = marks_of(diary).subjects

    assert (algebra.average, len(algebra.marks)) == (Decimal("5.00"), 1)


@pytest.mark.requirement("INF-012")
def test_marks_of_every_year_can_be_asked_at_any_time(diary):
    diary.put(last_year_lesson(diary).pk, diary.small.gleb, 4)
    diary.put(diary.small.lessons[0], diary.small.gleb, 5)

    now, before = marks_of(diary), marks_of(diary, start_year=2025)

    assert [(year.start_year, year.class_title) for year in now.years] == [
        (2025, "6А"),
        (2026, "7А"),
    ]
    assert [m.value for s in now.subjects for m in s.marks] == [5]
    assert [m.value for s in before.subjects for m in s.marks] == [4]
    assert [m.value for s in marks_of(diary, start_year=2025, whole_year=True).subjects
            for m in s.marks] == [4]  # fmt: skip


@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"start_year": 2011}, id="a year without the child"),
        pytest.param({"term_id": 0}, id="no such term"),
    ],
)
def test_unknown_period_is_not_found(diary, wishes):
    with pytest.raises(NotFound):
        marks_of(diary, **wishes)


def test_absences_stand_by_day_with_what_waits_for_a_reason(diary):
    small = diary.small
    diary.miss(small.lessons[0], small.gleb, "Н")
    diary.miss(diary.add_lesson(MONDAY, 2), small.gleb, "УП")
    diary.miss(small.lessons[1], small.gleb, "ОП")
    diary.miss(small.lessons[2], small.zoya, "Н")

    page = get_absences(actor=diary.vera, pupil_id=small.gleb, today=TODAY)

    assert [(d.day, [(a.number, a.code) for a in d.lessons]) for d in page.days] == [
        (TUESDAY, [(1, "ОП")]),
        (MONDAY, [(1, "Н"), (2, "УП")]),
    ]
    assert (page.missed_lessons, page.missed_days, page.unexplained, page.late) == (2, 1, 1, 1)


@pytest.mark.requirement("TTC-014")
def test_calendar_shows_the_year_and_the_timetable_of_the_period(diary):
    year = SchoolYear.objects.get()
    Holiday.objects.create(
        school_year=year, title="Зимние каникулы", starts_on=date(2026, 12, 31),
        ends_on=date(2027, 1, 10),
    )  # fmt: skip
    load = Lesson.objects.get(pk=diary.small.lessons[0]).load
    TimetableSlot.objects.create(load=load, weekday=1, number=1, valid_from=date(2026, 9, 1))

    page = get_calendar(actor=diary.vera, pupil_id=diary.small.gleb, today=TODAY)

    assert page.year is not None
    assert page.current is not None
    days = {one.day: one.kind for month in page.months for one in month.days}
    assert (page.year.title, page.current.title) == ("2026/27", "2 четверть")
    assert [pause.title for pause in page.breaks] == ["Зимние каникулы"]
    assert [days[day] for day in (TODAY, date(2026, 11, 4), date(2026, 11, 21))] == [
        DayKind.STUDY,
        DayKind.FEAST,
        DayKind.WEEKEND,
    ]
    assert days[date(2026, 12, 31)] is DayKind.BREAK
    assert [(day, [slot.subject.name for slot in slots]) for day, slots in page.timetable] == [
        (1, ["Алгебра"])
    ]


def test_calendar_of_a_school_without_a_year_is_empty(diary):
    later = date(2030, 10, 1)

    page = get_calendar(actor=diary.vera, pupil_id=diary.small.gleb, today=later)

    assert (page.year, page.months, page.timetable) == (None, (), ())


@pytest.mark.parametrize("read", [get_marks, get_absences, get_calendar])
@pytest.mark.requirement("ROL-023", "PDP-005")
def test_foreign_child_is_not_found(diary, read):
    with pytest.raises(NotFound):
        read(actor=diary.dmitry, pupil_id=diary.small.gleb, today=THURSDAY + timedelta(days=1))
