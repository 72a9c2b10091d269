"""The figures of reports against a table small enough to be counted by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.db.door import school_transaction
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal.models import Absence, Mark
from services.people.models import ClassEnrollment, Pupil, SchoolClass
from services.records import queries
from services.records.queries.tables import class_rows, pupil_rows, school_rows, subject_rows
from services.records.rules import Missed, Score, share, spread
from services.schedule.models import Lesson, SchoolYear, Term
from tests.factories.marks import class_of, fill_table, lead, make_group, move, weigh, write
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEFORE_THE_TERM = date(2026, 10, 30)


@pytest.fixture
def small(small):
    fill_table(small)
    return small


def report_of_class(actor, small, key="", today=TODAY, group=0):
    class_id = class_of(group or small.group_id)
    return queries.get_class_report(actor=actor, class_id=class_id, key=key, today=today)


def report_of_school(actor, key="", today=TODAY):
    return queries.get_school_report(actor=actor, key=key, today=today, now=NOW)


def report_of_subject(actor, small, group_id=0, subject_id=0, today=TODAY):
    return queries.get_subject_report(
        actor=actor,
        group_id=group_id or small.group_id,
        subject_id=subject_id or small.subject_id,
        key="",
        today=today,
        now=NOW,
    )


def report_of_pupil(actor, pupil_id, key="", today=TODAY):
    return queries.get_pupil_report(actor=actor, pupil_id=pupil_id, key=key, today=today)


def cancel(*lesson_ids):
    Lesson.objects.filter(pk__in=lesson_ids).update(state=Lesson.State.CANCELLED)


# --- Rules -------------------------------------------------------------------------------------


def test_average_is_rounded_as_people_round():
    assert Score(8, Decimal(35), Decimal(8)).average == Decimal("4.38")
    assert Score().average is None


@pytest.mark.parametrize(
    ("points", "weights", "is_low"),
    [
        pytest.param(5, 2, False, id="2.50"),
        pytest.param(247, 99, True, id="2.49"),
        pytest.param(2495, 1000, False, id="2.495 is shown as 2.50"),
        pytest.param(0, 0, False, id="no marks"),
    ],
)
def test_average_below_two_and_a_half_is_low(points, weights, is_low):
    assert Score(1, Decimal(points), Decimal(weights)).is_low == is_low


def test_share_of_nothing_is_nothing():
    assert (share(1, 3), share(0, 5), share(0, 0)) == (Decimal("33.3"), Decimal("0.0"), None)


def test_ones_are_counted_with_the_twos():
    assert spread({5: 3, 4: 2, 2: 1, 1: 4}) == (3, 2, 0, 5)


# --- A class -----------------------------------------------------------------------------------


@pytest.mark.requirement("REP-002", "REP-003", "REP-012", part=True)
def test_class_report_counts_marks_and_absences_of_each_pupil(boris, small):
    report = report_of_class(boris, small)

    gleb, zoya = report.lines
    assert [one.name for one in report.subjects] == ["Алгебра"]
    assert (gleb.head.name, gleb.scores[0].marks, gleb.scores[0].average) == (
        "Глебов Глеб",
        3,
        Decimal("4.25"),  # (5 · 2 + 4 + 3) / 4
    )
    assert (zoya.scores[0].average, zoya.scores[0].is_low) == (Decimal("2.00"), True)
    assert gleb.missed == Missed(lessons=1, ill=1, without_reason=0, expected=4, absent=1)
    assert zoya.missed == Missed(lessons=2, ill=0, without_reason=2, expected=4, absent=2)
    assert (gleb.missed.attendance, zoya.missed.attendance) == (Decimal("75.0"), Decimal("50.0"))
    assert report.total.total.marks == 5
    assert report.total.total.average == Decimal("3.29")  # (17 + 4 + 2) / 7
    assert report.total.missed.attendance == Decimal("62.5")  # 8 − 3 of 8


def test_averages_are_weighted_where_the_regulation_says_so(boris, small):
    weigh(False)

    report = report_of_class(boris, small)

    assert [line.scores[0].average for line in report.lines] == [Decimal("4.00"), Decimal("2.00")]
    assert report.total.total.average == Decimal("3.20")  # 16 / 5
    assert report_of_pupil(boris, small.gleb).lines[0].score.average == Decimal("4.00")
    assert report_of_subject(boris, small).lines[0].score.average == Decimal("4.00")
    assert report_of_school(boris).lines[0].score.average == Decimal("3.20")


def test_pupil_who_moved_counts_in_each_class_by_its_days(boris, small):
    """Gleb learns in 7Б from Wednesday: what he had until then stays with 7А."""
    move(small.gleb, to_group=small.other_group_id, on=date(2026, 11, 18))
    Mark.objects.filter(pupil_id=small.gleb, record_id=small.lessons[3]).delete()
    Absence.objects.filter(pupil_id=small.gleb).delete()
    write(small.other_lessons[3], {small.gleb: 5, small.yegor: 3})

    before, after = (
        report_of_class(boris, small, group=group)
        for group in (small.group_id, small.other_group_id)
    )

    assert [(line.head.name, line.total.marks) for line in before.lines] == [
        ("Глебов Глеб", 2),
        ("Зоина Зоя", 2),
    ]
    assert (before.lines[0].head.since, before.lines[0].head.last) == (None, date(2026, 11, 17))
    assert (before.lines[0].missed.lessons, before.lines[0].missed.expected) == (0, 2)
    (gleb,) = [line for line in after.lines if line.head.id == small.gleb]
    assert (gleb.total.marks, gleb.head.since, gleb.head.last) == (1, date(2026, 11, 18), None)
    lines = report_of_school(boris).lines
    assert [(line.pupils, line.score.marks) for line in lines] == [(1, 4), (2, 2)]


def test_report_of_a_pupil_who_moved_holds_all_his_marks(boris, small):
    move(small.gleb, to_group=small.other_group_id, on=date(2026, 11, 18))
    write(small.other_lessons[3], {small.gleb: 5, small.yegor: 3})

    report = report_of_pupil(boris, small.gleb)

    assert report.class_title == "7Б"
    assert [one.value for one in report.lines[0].marks] == [5, 4, 3, 5]
    assert report.total.missed.lessons == 1


def test_subgroup_is_a_column_of_its_class(boris, small):
    english = make_group(small, small.oksana, [small.gleb], of_group=small.group_id)
    write(english.lessons[0], {small.gleb: 5})
    write(english.lessons[1], codes={small.gleb: "УП"})

    report = report_of_class(boris, small)

    gleb, zoya = report.lines
    assert [one.name for one in report.subjects] == ["Алгебра", "Английский язык"]
    assert (gleb.scores[1].average, zoya.scores[1].average) == (Decimal("5.00"), None)
    assert (gleb.missed.lessons, gleb.missed.expected) == (2, 6)
    assert zoya.missed.expected == 4  # she does not sit in the subgroup
    assert report_of_school(boris).lines[0].lessons == 7


def test_first_grade_has_absences_and_no_averages(school, system, make_actor):
    with school_transaction(system, school.id):
        small = make_small_school(system, level=1)
        fill_table(small)
        boris = make_actor(Role.MANAGEMENT, person=small.boris)

        of_class, of_pupil = report_of_class(boris, small), report_of_pupil(boris, small.gleb)
        of_school, of_subject = report_of_school(boris), report_of_subject(boris, small)

    assert {of_class.has_marks, of_pupil.has_marks, of_subject.has_marks} == {False}
    assert (of_pupil.lines[0].marks, of_pupil.total.score.average) == ((), None)
    assert of_pupil.total.missed.lessons == 1
    line = of_school.lines[0]
    assert (line.score.average, line.low, line.unmarked) == (None, None, None)
    assert line.missed.attendance == Decimal("62.5")
    told = [
        *class_rows(of_class, school="Ш", today=TODAY),
        *subject_rows(of_subject, school="Ш", today=TODAY),
        *pupil_rows(of_pupil, school="Ш", today=TODAY),
    ]
    assert not [cell for row in told for cell in row if str(cell).startswith("Средний")]
    assert 4.25 not in [cell for row in told for cell in row]


def test_lesson_cancelled_after_it_was_written_down_is_neither_missed_nor_attended(boris, small):
    """Its topic was planned ahead, or the absences came by mistake: nobody could be there."""
    cancel(small.lessons[1], small.lessons[2])

    of_class, of_school = report_of_class(boris, small), report_of_school(boris)
    of_pupil = report_of_pupil(boris, small.gleb)

    gleb, zoya = of_class.lines
    assert gleb.missed == Missed(lessons=0, ill=0, without_reason=0, expected=2, absent=0)
    assert zoya.missed == Missed(lessons=1, ill=0, without_reason=1, expected=2, absent=1)
    assert of_school.lines[0].missed.attendance == Decimal("75.0")  # 4 − 1 of 4
    assert (of_pupil.total.missed, of_pupil.total.codes) == (gleb.missed, (0, 0, 0, 0, 0))
    assert [line.missed.lessons for line in report_of_subject(boris, small).lines] == [0, 1]
    assert gleb.total.marks == 3  # a mark that stands in the journal is a mark everywhere


def test_class_without_a_class_teacher_is_told_so(boris, small):
    assert report_of_class(boris, small).teacher == ""
    lead(small.group_id, small.anna)
    assert report_of_class(boris, small).teacher == "Анина А."


# --- The school --------------------------------------------------------------------------------


@pytest.mark.requirement("REP-001", part=True)
@pytest.mark.requirement("REP-016")
def test_school_report_counts_each_class_and_all_together(boris, small):
    report = report_of_school(boris)

    of_a, of_b = report.lines
    assert [line.card.title for line in report.lines] == ["7А", "7Б"]
    assert (of_a.pupils, of_a.lessons, of_a.score.marks) == (2, 5, 5)
    assert (of_a.score.average, of_a.good_share) == (Decimal("3.29"), Decimal("40.0"))
    assert (of_a.low, of_a.unmarked) == (1, 0)  # Zoya
    assert of_a.missed.attendance == Decimal("62.5")
    assert (of_b.pupils, of_b.lessons, of_b.score.marks) == (1, 5, 0)
    assert (of_b.score.average, of_b.good_share, of_b.missed.attendance) == (None, None, None)
    assert (of_b.low, of_b.unmarked) == (0, 1)  # Yegor
    total = report.total
    assert (total.pupils, total.lessons, total.score.marks, total.low, total.unmarked) == (
        3,
        10,
        5,
        1,
        1,
    )


def test_cancelled_lesson_and_one_to_come_are_not_given(boris, small):
    Lesson.objects.filter(pk=small.other_lessons[0]).update(state=Lesson.State.CANCELLED)
    report = queries.get_school_report(
        actor=boris, key="", today=TODAY, now=datetime(2026, 11, 20, 5, tzinfo=UTC)
    )

    assert [line.lessons for line in report.lines] == [4, 3]


def test_period_of_some_levels_tells_of_those_classes_only(boris, small):
    Term.objects.filter(pk=small.term_id).update(level_to=9)
    half = Term.objects.create(
        school_year=SchoolYear.objects.get(),
        kind="half_year",
        number=1,
        level_from=10,
        level_to=11,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 12, 30),
    )

    quarter, halves = report_of_school(boris), report_of_school(boris, key=str(half.pk))

    assert quarter.spans.chosen.title == "2 четверть, 1–9 классы"
    assert len(quarter.lines) == 2
    assert (halves.spans.chosen.title, halves.lines) == ("1 полугодие, 10–11 классы", ())


# --- A subject ---------------------------------------------------------------------------------


@pytest.mark.requirement("REP-012", part=True)
def test_subject_report_spreads_the_marks(boris, small):
    report = report_of_subject(boris, small)

    gleb, zoya = report.lines
    assert (report.teachers, report.lessons) == ("Анина А.", 5)
    assert (gleb.score.marks, gleb.spread, gleb.score.average) == (3, (1, 1, 1, 0), Decimal("4.25"))
    assert (zoya.score.marks, zoya.spread, zoya.missed.lessons) == (2, (0, 0, 0, 2), 2)
    assert (report.total.score.marks, report.total.spread) == (5, (1, 1, 1, 2))


def test_subject_report_of_a_subgroup_names_its_pupils_only(boris, small):
    english = make_group(small, small.oksana, [small.gleb], of_group=small.group_id)
    write(english.lessons[0], {small.gleb: 5})

    report = report_of_subject(boris, small, english.id, english.subject_id)

    assert [(line.head.name, line.score.marks) for line in report.lines] == [("Глебов Глеб", 1)]


# --- A pupil -----------------------------------------------------------------------------------


def test_pupil_report_tells_the_marks_and_every_code(boris, small):
    report = report_of_pupil(boris, small.zoya)

    (line,) = report.lines
    assert (line.subject, [one.value for one in line.marks]) == ("Алгебра", [2, 2])
    assert [code.code for code in report.codes] == ["Н", "УП", "НП", "Б", "ОП"]
    assert line.codes == (1, 0, 1, 0, 1)
    assert (line.missed.lessons, report.total.missed.attendance) == (2, Decimal("50.0"))


def test_pupil_who_was_only_late_has_a_report(boris, small):
    Mark.objects.all().delete()
    Absence.objects.exclude(code="ОП").delete()

    report = report_of_pupil(boris, small.zoya)

    assert (report.is_empty, report.lines[0].codes) == (False, (0, 0, 0, 0, 1))


def test_pupil_who_missed_nothing_and_has_no_marks_has_a_report(boris, small):
    Mark.objects.all().delete()
    Absence.objects.all().delete()

    report = report_of_pupil(boris, small.gleb)

    assert (report.is_empty, report.total.missed.attendance) == (False, Decimal("100.0"))


def test_report_of_a_pupil_begins_with_the_year_that_runs(boris, small):
    """In June he stands in the class of September already; its year may not be set up yet."""
    june, september = date(2027, 6, 15), date(2027, 9, 1)
    ClassEnrollment.objects.filter(pupil_id=small.gleb).update(until=september)
    ClassEnrollment.objects.create(
        pupil_id=small.gleb,
        school_class=SchoolClass.objects.create(start_year=2027, level=8, letter="А"),
        since_on=september,
    )

    report = report_of_pupil(boris, small.gleb, today=june)

    assert (report.class_title, report.spans.chosen.title) == ("7А", "Весь год")


# --- What is in reach --------------------------------------------------------------------------


def test_classes_of_a_finished_year_are_told_as_large_as_they_ended(boris, small):
    left = ClassEnrollment.objects.filter(pupil_id=small.zoya)
    left.update(until=date(2027, 6, 25))

    contents = queries.get_contents(actor=boris, today=date(2027, 9, 10), start_year=2026)

    assert [(one.card.title, one.pupils) for one in contents.classes] == [("7А", 2), ("7Б", 1)]


# --- Periods -----------------------------------------------------------------------------------


def test_current_period_is_shown_unless_another_is_asked(boris, small):
    assert report_of_class(boris, small).spans.chosen.title == "2 четверть"
    year = report_of_class(boris, small, key="year")
    assert (year.spans.chosen.title, year.total.total.marks) == ("Весь год", 5)


@pytest.mark.parametrize("key", ["0", "год", "99999999999999999999"])
def test_unknown_period_is_not_there(boris, small, key):
    with pytest.raises(NotFound):
        report_of_class(boris, small, key=key)
    with pytest.raises(NotFound):
        report_of_school(boris, key=key)


def test_period_that_has_not_begun_counts_nothing(boris, small):
    of_class = report_of_class(boris, small, today=BEFORE_THE_TERM)
    of_school = report_of_school(boris, today=BEFORE_THE_TERM)
    of_pupil = report_of_pupil(boris, small.gleb, today=date(2026, 10, 30))

    assert not of_class.spans.chosen.has_begun(BEFORE_THE_TERM)
    assert (of_class.is_empty, of_school.is_empty) == (True, True)
    assert of_pupil.total.missed.expected == 0
    assert report_of_subject(boris, small, today=BEFORE_THE_TERM).lessons == 0


# --- Cost --------------------------------------------------------------------------------------


def count_queries(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_reports_ask_a_constant_number_of_queries(boris, small):
    """Ten more pupils and a second subject ask nothing more."""
    asks = {
        "school": lambda: report_of_school(boris),
        "class": lambda: report_of_class(boris, small),
        "subject": lambda: report_of_subject(boris, small),
        "pupil": lambda: report_of_pupil(boris, small.gleb),
    }
    for ask in asks.values():
        ask()  # settings and rights are kept
    few = {name: count_queries(ask) for name, ask in asks.items()}
    english = make_group(small, small.oksana, [small.gleb], of_group=small.group_id)
    class_id = class_of(small.group_id)
    pupils = [
        Pupil.objects.create(last_name=f"Новый{number}", first_name="Пётр") for number in range(10)
    ]
    for pupil in pupils:
        ClassEnrollment.objects.create(
            pupil=pupil, school_class_id=class_id, since_on=date(2026, 9, 1)
        )
    write(english.lessons[0], {small.gleb: 4}, {pupil.pk: "Б" for pupil in pupils})

    many = {name: count_queries(ask) for name, ask in asks.items()}

    assert many == few
    assert max(many.values()) <= 25


# --- Spreadsheets ------------------------------------------------------------------------------


def test_spreadsheet_of_a_class_holds_the_same_figures(boris, small):
    rows = class_rows(report_of_class(boris, small), school="Школа «Альфа»", today=TODAY)

    assert rows[0] == ["Отчёт по классу 7А: Школа «Альфа»"]
    assert rows[1] == ["2 четверть 2026/27: 02.11.2026 – 30.12.2026"]
    assert rows[2] == ["Сформировано", TODAY]
    assert rows[-3] == ["Глебов Глеб", 4.25, 3, 4.25, 3, 1, 1, 0, 75.0]
    assert rows[-1] == ["По классу", 3.29, 5, 3.29, 5, 3, 1, 2, 62.5]


def test_spreadsheets_of_the_others_hold_the_same_figures(boris, small):
    of_school = school_rows(report_of_school(boris), school="Ш", today=TODAY)
    of_subject = subject_rows(report_of_subject(boris, small), school="Ш", today=TODAY)
    of_pupil = pupil_rows(report_of_pupil(boris, small.gleb), school="Ш", today=TODAY)

    assert of_school[-3] == ["7А", "", 2, 5, 5, 3.29, 40.0, 1, 0, 62.5]
    assert of_subject[-3] == ["Глебов Глеб", 3, 1, 1, 1, 0, 4.25, 1, 1, 0]
    assert of_pupil[-3] == ["Алгебра", "5 4 3", 3, 4.25, 0, 0, 0, 1, 0]
    assert of_pupil[-1] == ["Посещаемость, %", 75.0]


def test_class_of_an_earlier_year_is_still_read_by_the_school(boris, small):
    old = SchoolClass.objects.create(start_year=2025, level=6, letter="А")
    SchoolYear.objects.create(
        start_year=2025, starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26)
    )

    report = queries.get_class_report(actor=boris, class_id=old.pk, key="", today=TODAY)

    assert (report.card.title, report.spans.chosen.title) == ("6А", "Весь год")
