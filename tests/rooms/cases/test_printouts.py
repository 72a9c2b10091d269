"""Families on paper: who comes to it, what a sheet says, the register (INF-003…007, SRV-028)."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from foundation.documents.rendering import render_pdf
from foundation.notify.models import Notice
from kernel.actor import Actor
from kernel.errors import NotFound
from services.cases.models import Application, Printout, PrintoutSubscription
from services.cases.operations import service
from services.cases.operations.digests import tell_of_week
from services.cases.operations.printouts import (
    ask_for_paper,
    follow_all,
    follow_case,
    follow_withdrawal,
    hand_over,
    print_out,
    stop_paper,
)
from services.cases.printout_rules import NobodyIsChosen, NotAReceiver, PaperIsGiven, TooManyAtOnce
from services.cases.queries.printout_register import (
    RegisterFilter,
    list_own_sheets,
    list_register,
)
from services.cases.queries.printout_sheets import compose_sheets
from services.cases.queries.printouts import get_queue, list_askers
from services.diary.queries.paper import get_sheet
from services.journal.models import Absence, Homework, LessonRecord, Mark, WorkKind
from services.people.models import (
    ClassEnrollment,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
)
from services.people.operations.consents import withdraw_consent
from services.people.queries.consents import find_live_consent
from services.regulation.operations import change_setting
from services.schedule.models import Lesson
from tests.rooms.cases.families import FRIDAY, Family, noon

pytestmark = pytest.mark.django_db
NEXT_FRIDAY = FRIDAY + timedelta(days=7)


def live_of(family: Family) -> list[tuple[int, int | None, str]]:
    """Return who is on paper now."""
    rows = PrintoutSubscription.objects.filter(until=None).order_by("pk")
    return list(rows.values_list("pupil_id", "guardian_id", "reason"))


def ask(family: Family, *, is_once: bool = False, now: datetime | None = None) -> int:
    """Let Vera ask for paper at the desk."""
    return ask_for_paper(
        actor=family.secretary,
        pupil_id=family.small.gleb,
        guardian_id=family.small.vera,
        is_once=is_once,
        now=now or noon(),
    )


def print_one(family: Family, row: int, day: date = FRIDAY, actor: Actor | None = None) -> Printout:
    """Print the sheet of one family."""
    (pk,) = print_out(actor=actor or family.secretary, subscription_ids=[row], now=noon(day))
    return Printout.objects.get(pk=pk)


def set_interval(family: Family, days: int | None) -> None:
    """Let the school print at another pace."""
    change_setting(
        actor=family.system, key="print.parent_interval_days", value=days, clause="приказ",
        since_on=date(2026, 9, 1),
    )  # fmt: skip


# --- Who gets paper -----------------------------------------------------------------------------


@pytest.mark.requirement("SRV-032", "SRV-028", part=True)
def test_family_that_chose_paper_is_on_it_from_the_consent_to_another_choice(family) -> None:
    before = family.recognised(delivery="paper")
    follow_case(actor=family.system, case_id=before, now=noon())
    assert live_of(family) == []
    service.withdraw(actor=family.secretary, case_id=before, now=noon())

    case_id = family.accepted(delivery="paper")
    for _ in range(2):
        follow_case(actor=family.system, case_id=case_id, now=noon())

    assert live_of(family) == [(family.small.gleb, family.small.vera, "delivery")]

    service.change_delivery(
        actor=family.secretary, case_id=case_id, delivery="portal", phone="", email="", now=noon()
    )
    follow_case(actor=family.system, case_id=case_id, now=noon())

    assert live_of(family) == []
    assert PrintoutSubscription.objects.get().until == FRIDAY


@pytest.mark.requirement("SRV-028", "INF-003", part=True)
def test_withdrawn_consent_moves_the_family_to_paper_and_a_new_access_takes_it_off(family) -> None:
    case_id = family.active()
    consent = find_live_consent(pupil_id=family.small.gleb, guardian_id=family.small.vera)
    assert consent is not None
    pair = {"pupil_id": family.small.gleb, "guardian_id": family.small.vera}
    follow_withdrawal(actor=family.system, **pair, now=noon())
    assert live_of(family) == []  # it holds still

    withdraw_consent(actor=family.secretary, consent_id=consent.id, manner="desk", now=noon())
    service.end_by_consent(actor=family.system, consent_id=consent.id, now=noon())
    for _ in range(2):
        follow_withdrawal(actor=family.system, **pair, now=noon())
        follow_case(actor=family.system, case_id=case_id, now=noon())

    assert live_of(family) == [(family.small.gleb, family.small.vera, "consent")]

    again = family.granted()
    follow_case(actor=family.system, case_id=again, now=noon())
    assert live_of(family) == []


def test_night_finds_families_no_event_told_of_and_ends_those_who_left(family) -> None:
    family.accepted(delivery="paper")

    assert follow_all(actor=family.system, now=noon()) == 1
    ClassEnrollment.objects.filter(pupil_id=family.small.gleb).update(until=FRIDAY)
    assert follow_all(actor=family.system, now=noon()) == 0
    assert follow_all(actor=family.system, now=noon()) == 0

    assert live_of(family) == []
    assert PrintoutSubscription.objects.count() == 1


@pytest.mark.requirement("INF-006", "INF-004")
def test_family_asks_at_the_desk_once_or_for_good(family) -> None:
    once = ask(family, is_once=True)
    (row,) = get_queue(actor=family.secretary, on=FRIDAY).rows
    assert (row.due_on, row.due, row.is_to_print) == (FRIDAY, "today", True)

    sheet = print_one(family, once)
    hand_over(actor=family.secretary, printout_ids=[sheet.pk], now=noon())
    assert live_of(family) == []

    ask(family)
    with pytest.raises(PaperIsGiven):
        ask(family, is_once=True)
    stop_paper(actor=family.secretary, subscription_id=ask(family), now=noon())
    assert live_of(family) == []


def test_who_may_not_learn_of_the_marks_gets_no_paper(family) -> None:
    row = ask(family)
    GuardianLink.objects.filter(guardian_id=family.small.vera).update(may_read_diary=False)

    assert get_queue(actor=family.secretary, on=FRIDAY).rows == ()
    with pytest.raises(NotAReceiver):
        print_one(family, row)
    with pytest.raises(NotAReceiver):
        ask(family)
    assert list_askers(actor=family.secretary, pupil_id=family.small.gleb, on=FRIDAY)[1] == []
    assert Printout.objects.count() == 0


def test_parent_of_a_pupil_of_age_gets_paper_by_his_word_only(family) -> None:
    row = ask(family)
    Pupil.objects.filter(pk=family.small.gleb).update(birth_date=date(2008, 11, 20))

    with pytest.raises(NotAReceiver):
        print_one(family, row)
    askers = list_askers(actor=family.secretary, pupil_id=family.small.gleb, on=FRIDAY)[1]
    assert [one.guardian_id for one in askers] == [None]


# --- When ---------------------------------------------------------------------------------------


@pytest.mark.requirement("INF-003", "INF-004")
@pytest.mark.parametrize(("interval", "due"), [(7, 7), (14, 14)])
def test_next_sheet_is_due_an_interval_after_the_hand_over(family, interval, due) -> None:
    set_interval(family, interval)
    row = ask(family, now=noon(FRIDAY - timedelta(days=14)))
    sheet = print_one(family, row, FRIDAY - timedelta(days=7))
    hand_over(actor=family.anna, printout_ids=[sheet.pk], now=noon())

    (found,) = get_queue(actor=family.secretary, on=FRIDAY).rows

    assert (found.last_on, found.due_on) == (FRIDAY, FRIDAY + timedelta(days=due))
    later = get_queue(actor=family.secretary, on=FRIDAY + timedelta(days=due + 3)).rows[0]
    assert (later.due, later.is_to_print) == ("overdue", True)


def test_school_without_a_schedule_prints_on_request_only(family) -> None:
    set_interval(family, None)
    ask(family)

    queue = get_queue(actor=family.secretary, on=NEXT_FRIDAY)

    assert (queue.interval, queue.rows[0].due_on, queue.rows[0].due) == (0, None, "never")


# --- The sheet ----------------------------------------------------------------------------------


def fill_week(family: Family) -> None:
    """Marks, an absence, a task, a cancelled lesson; Zoya's are beside Gleb's."""
    small = family.small
    kind = WorkKind.objects.order_by("pk")[0]
    put_at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    for place, lesson_id in enumerate(small.lessons[:4]):
        lesson = Lesson.objects.get(pk=lesson_id)
        record = LessonRecord.objects.create(
            lesson=lesson, group_id=lesson.group_id, subject=lesson.subject, term=lesson.term,
            date=lesson.date, topic=f"Тема {place}", work_kind=kind if place == 0 else None,
        )  # fmt: skip
        value = (5, 0, 4, 0)[place]
        if value:
            Mark.objects.create(
                record=record, pupil_id=small.gleb, value=value, revision=1, put_at=put_at
            )
        Mark.objects.create(record=record, pupil_id=small.zoya, value=2, revision=1, put_at=put_at)
        if place == 1:
            Absence.objects.create(
                record=record, pupil_id=small.gleb, code="Н", revision=1, put_at=put_at
            )
        if place == 3:
            Homework.objects.create(
                record=record, text="Упражнение 42", given_at=put_at, due_on=FRIDAY
            )
            Homework.objects.create(
                record=record, pupil_id=small.zoya, text="Только Зое", given_at=put_at,
                due_on=FRIDAY,
            )  # fmt: skip
    Lesson.objects.filter(pk=small.lessons[4]).update(state="cancelled")


@pytest.mark.requirement("INF-005", "INF-016", "SRV-025", part=True)
@pytest.mark.requirement("PDP-005", part=True)
def test_sheet_tells_of_the_own_child_only(family) -> None:
    fill_week(family)
    thursday = FRIDAY - timedelta(days=1)
    row = ask(family, now=noon(thursday))
    sheet = print_one(family, row, thursday)

    document = compose_sheets(
        actor=family.secretary, printout_ids=[sheet.pk], is_two_sided=False, on=thursday
    )

    (one,) = document.data["sheets"]
    marks = [(mark["value"], mark["what"]) for mark in one["marks"][0]["marks"]]
    kind = WorkKind.objects.order_by("pk")[0].title
    assert (one["child"], one["class_title"], one["receiver"]) == (
        "Глебов Глеб", "7А", "Верина Вера",
    )  # fmt: skip
    assert marks == [("5", f"{kind}: Тема 0"), ("4", "Тема 2")]
    assert [line[2:] for line in one["absences"]] == [["Алгебра", "отсутствует"]]
    assert one["tasks"] == [["20.11", "Алгебра", "Упражнение 42"]]
    assert one["changes"] == [["20.11", "1", "Алгебра", "урока не будет"]]
    assert (one["number"], one["issuer"]) == ("2026/000001", "Анина Анна Петровна")
    assert "Зоя" not in str(document.data)
    assert "Бумажный дневник" in document.data["note"]
    assert render_pdf(template=document.template, data=document.data).startswith(b"%PDF")


@pytest.mark.requirement("INF-005")
def test_family_on_paper_is_told_to_keep_the_paper_diary_where_it_chooses_and_on_each_sheet(
    family,
) -> None:
    duty = "Ведите бумажный дневник по-прежнему."
    change_setting(
        actor=family.system, key="print.note", value=duty, clause="Прил. 3 п. 2",
        since_on=date(2026, 9, 1),
    )  # fmt: skip
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)
    case_id = family.active()
    told = Notice.objects.filter(account_id=20, title="Способ доставки изменён")

    for delivery in ("paper", "portal"):
        service.change_delivery(
            actor=family.vera, case_id=case_id, delivery=delivery, phone="", email="", now=noon()
        )
    sheet = print_one(family, ask(family))
    document = compose_sheets(
        actor=family.secretary, printout_ids=[sheet.pk], is_two_sided=False, on=FRIDAY
    )

    assert [duty in text for text in told.order_by("pk").values_list("text", flat=True)] == [
        True, False,
    ]  # fmt: skip
    assert document.data["note"] == duty


def test_second_sheet_begins_where_the_first_ended(family) -> None:
    row = ask(family, now=noon(FRIDAY - timedelta(days=7)))
    first = print_one(family, row, FRIDAY - timedelta(days=7))
    hand_over(actor=family.secretary, printout_ids=[first.pk], now=noon(FRIDAY))

    second = print_one(family, row)

    assert (first.period_since, first.period_last) == (date(2026, 11, 7), date(2026, 11, 13))
    assert (second.period_since, second.period_last) == (date(2026, 11, 14), FRIDAY)


@pytest.mark.requirement("SRV-025", part=True)
def test_same_batch_twice_is_the_same_sheet_and_an_older_one_is_replaced(family) -> None:
    row = ask(family)
    sheets = [print_one(family, row) for _ in range(2)]
    later = print_one(family, row, NEXT_FRIDAY)

    assert [one.number for one in sheets] == ["2026/000001"] * 2
    assert later.number == "2026/000002"
    rows, found = list_register(actor=family.director, wanted=RegisterFilter(), on=NEXT_FRIDAY)
    assert [(one.number, one.state) for one in rows] == [
        ("2026/000002", "waiting"), ("2026/000001", "voided"),
    ]  # fmt: skip
    assert found == 2
    assert later.period_since == NEXT_FRIDAY - timedelta(days=6)


def test_hand_over_is_noted_once_with_who_and_when(family) -> None:
    row = ask(family)
    sheet = print_one(family, row)

    counts = [
        hand_over(actor=family.anna, printout_ids=[sheet.pk], now=noon(day))
        for day in (FRIDAY, NEXT_FRIDAY)
    ]

    sheet.refresh_from_db()
    assert counts == [1, 0]
    assert (sheet.handed_on, sheet.handed_by, sheet.handed_by_name) == (
        FRIDAY, 13, "Анина Анна Петровна",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_log WHERE table_name = 'cases_printout'")
        assert cursor.fetchone()[0] == 2  # printed, handed over


def test_batch_has_its_bounds(family) -> None:
    with pytest.raises(NobodyIsChosen):
        print_out(actor=family.secretary, subscription_ids=[], now=noon())
    with pytest.raises(TooManyAtOnce):
        print_out(actor=family.secretary, subscription_ids=range(61), now=noon())
    with pytest.raises(NotFound):
        print_out(actor=family.secretary, subscription_ids=[999_999], now=noon())


def test_class_of_thirty_is_printed_within_three_seconds(family) -> None:
    fill_week(family)
    school_class = SchoolClass.objects.get(level=7, letter="А")
    rows = []
    for number in range(30):
        pupil = Pupil.objects.create(last_name=f"Ученик{number:02}", first_name="Пётр")
        ClassEnrollment.objects.create(
            pupil=pupil, school_class=school_class, since_on=date(2026, 9, 1)
        )
        guardian = Guardian.objects.create(last_name=f"Мать{number:02}", first_name="Мария")
        GuardianLink.objects.create(
            guardian=guardian, pupil=pupil, relation="mother", since_on=date(2026, 9, 1)
        )
        for record in LessonRecord.objects.all():
            Mark.objects.create(
                record=record, pupil=pupil, value=4, revision=1, put_at=noon(FRIDAY)
            )
        rows.append(
            ask_for_paper(
                actor=family.secretary, pupil_id=pupil.pk, guardian_id=guardian.pk,
                is_once=False, now=noon(),
            )
        )  # fmt: skip
    begun = time.process_time()

    sheets = print_out(actor=family.secretary, subscription_ids=rows, now=noon())
    document = compose_sheets(
        actor=family.secretary, printout_ids=sheets, is_two_sided=True, on=FRIDAY
    )
    content = render_pdf(template=document.template, data=document.data)

    assert time.process_time() - begun < 3
    assert content.startswith(b"%PDF")
    assert [one["number"] for one in document.data["sheets"]] == [
        f"2026/{number:06}" for number in range(1, 31)
    ]


# --- Whose --------------------------------------------------------------------------------------


@pytest.mark.requirement("PDP-005", part=True)
def test_class_teacher_prints_the_own_class_and_nobody_elses(family) -> None:
    row = ask(family)
    sheet = print_one(family, row, actor=family.anna)
    place = {"pupil_id": family.small.gleb, "since": FRIDAY, "last": FRIDAY, "today": FRIDAY}

    assert len(get_queue(actor=family.anna, on=FRIDAY).rows) == 1
    assert get_queue(actor=family.oksana, on=FRIDAY).rows == ()
    assert list_register(actor=family.oksana, wanted=RegisterFilter(), on=FRIDAY) == ([], 0)
    assert get_sheet(actor=family.anna, **place).child.id == family.small.gleb
    for actor in (family.oksana, family.director, family.vera, family.stranger):
        with pytest.raises(NotFound):
            get_sheet(actor=actor, **place)
        with pytest.raises(NotFound):
            print_out(actor=actor, subscription_ids=[row], now=noon(NEXT_FRIDAY))
        with pytest.raises(NotFound):
            hand_over(actor=actor, printout_ids=[sheet.pk], now=noon())
        with pytest.raises(NotFound):
            stop_paper(actor=actor, subscription_id=row, now=noon())
        with pytest.raises(NotFound):
            compose_sheets(actor=actor, printout_ids=[sheet.pk], is_two_sided=False, on=FRIDAY)
        with pytest.raises(NotFound):
            list_askers(actor=actor, pupil_id=family.small.gleb, on=FRIDAY)
    assert Printout.objects.count() == 1
    assert Printout.objects.filter(handed_on=None).count() == 1


def test_family_sees_what_it_was_handed(family) -> None:
    case_id = family.accepted(delivery="paper")
    follow_case(actor=family.system, case_id=case_id, now=noon())
    sheet = print_one(family, PrintoutSubscription.objects.get().pk)
    assert list_own_sheets(actor=family.vera, case_id=case_id, on=FRIDAY) == []

    hand_over(actor=family.secretary, printout_ids=[sheet.pk], now=noon())

    (own,) = list_own_sheets(actor=family.vera, case_id=case_id, on=FRIDAY)
    assert (own.number, own.handed_on) == ("2026/000001", FRIDAY)
    with pytest.raises(NotFound):
        list_own_sheets(actor=family.stranger, case_id=case_id, on=FRIDAY)


# --- A letter a week ----------------------------------------------------------------------------


@pytest.mark.requirement("INF-007")
def test_family_on_email_hears_once_a_week_and_no_name_travels(family) -> None:
    case_id = family.active()
    Application.objects.filter(pk=case_id).update(delivery="email", email="vera@example.org")
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)
    days = [FRIDAY - timedelta(days=1), FRIDAY, FRIDAY + timedelta(days=1), NEXT_FRIDAY]

    told = [tell_of_week(actor=family.system, today=day) for day in days]

    assert told == [0, 1, 1, 1]
    notices = list(Notice.objects.filter(kind="week").order_by("pk"))
    assert [one.account_id for one in notices] == [20, 20]
    assert notices[0].url == "/family/"
    for word in ("Глеб", "Вер", "5"):
        assert word not in notices[0].title + notices[0].text


@pytest.mark.requirement("INF-007", part=True)
def test_holidays_are_told_of_by_no_letter(family) -> None:
    case_id = family.active()
    Application.objects.filter(pk=case_id).update(delivery="email", email="vera@example.org")
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)

    assert tell_of_week(actor=family.system, today=date(2027, 1, 8)) == 0
    assert tell_of_week(actor=family.system, today=FRIDAY) == 1
