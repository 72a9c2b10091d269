"""The journal on paper: both sides of a sheet, a subject or a class (ARC-002, ARC-017, ARC-019)."""

import io
import uuid
from datetime import UTC, date, datetime

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.documents.rendering import render_pdf
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal import access
from services.journal.operations import put_cells, write_record
from services.journal.operations.writing import HomeworkInput
from services.journal.rules import CellInput
from services.people.models import ClassEnrollment, SchoolClass
from services.records.queries import printed
from services.schedule.models import Lesson

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def put(small, anna, lesson: int, *cells: tuple[int, str]) -> None:
    """Let Anna fill cells of her lesson."""
    put_cells(
        actor=anna,
        lesson_id=small.lessons[lesson],
        cells=[CellInput(pupil, value, 0) for pupil, value in cells],
        key=uuid.uuid4(),
        now=NOW,
        today=TODAY,
    )


def compose_subject(actor, small, today=TODAY):
    return printed.compose_subject(
        actor=actor,
        group_id=small.group_id,
        subject_id=small.subject_id,
        term_id=small.term_id,
        today=today,
    )


def compose_class(actor, small, today=TODAY):
    return printed.compose_class(
        actor=actor, group_id=small.group_id, term_id=small.term_id, today=today
    )


def words(document) -> str:
    """Return what stands on the drawn paper, on one line."""
    content = render_pdf(template=document.template, data=document.data)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("-\n", "").split())


@pytest.mark.requirement("ARC-002", "ARC-003", part=True)
@pytest.mark.requirement("ARC-017", "ARC-019")
def test_sheet_has_both_sides(small, anna):
    put(small, anna, 0, (small.gleb, "5"), (small.zoya, "Н"))
    put(small, anna, 1, (small.gleb, "4"))
    write_record(
        actor=anna,
        lesson_id=small.lessons[0],
        topic="Степень с натуральным показателем",
        material="",
        homework_none=False,
        homework=[HomeworkInput(None, "§ 12, № 340"), HomeworkInput(small.gleb, "Лично Глебу")],
        key=uuid.uuid4(),
        now=NOW,
    )

    document = compose_subject(anna, small)

    [page] = document.data["pages"]
    [part] = page["parts"]
    assert page["pupils"] == ["Глебов Глеб", "Зоина Зоя"]
    assert [line["cells"][:2] for line in part["rows"]] == [["5", "4"], ["Н", ""]]
    assert [line["average"] for line in part["rows"]] == ["4,50", ""]
    text = words(document)
    for told in (
        "Анина А.",
        "Глебов Глеб",
        "4,50",
        "Степень с натуральным показателем",
        "§ 12, № 340",
        "Н — отсутствует",
        "Копия верна",
        "Заместитель директора",
    ):
        assert told in text
    assert "Лично Глебу" not in text  # a task for one pupil is nobody else's (HWK-008)


def test_lessons_to_come_and_cancelled_ones_are_not_printed(small, anna):
    Lesson.objects.filter(pk=small.lessons[1]).update(state=Lesson.State.CANCELLED)

    document = compose_subject(anna, small, today=date(2026, 11, 18))

    [page] = document.data["pages"]
    assert [one["on"] for one in page["lessons"]] == ["2026-11-16", "2026-11-18"]


def test_mark_of_a_lesson_cancelled_afterwards_is_printed_with_the_average_it_is_in(
    small, anna
) -> None:
    put(small, anna, 0, (small.gleb, "5"))
    put(small, anna, 1, (small.gleb, "2"))
    Lesson.objects.filter(pk=small.lessons[1]).update(state=Lesson.State.CANCELLED)

    [page] = compose_subject(anna, small).data["pages"]

    [part] = page["parts"]
    assert part["rows"][0]["cells"][:2] == ["5", "2"]
    assert part["rows"][0]["average"] == "3,50"
    assert [one["kind"] for one in page["lessons"]][:2] == ["", "урок отменён"]


def test_period_without_lessons_is_drawn_too(small, anna):
    assert "Уроков за этот период не было" in words(
        compose_subject(anna, small, today=date(2026, 11, 2))
    )


def test_many_lessons_take_several_sheets_and_the_average_closes_the_last(small, anna, monkeypatch):
    monkeypatch.setattr(printed, "LESSONS_ON_A_SHEET", 2)

    document = compose_subject(anna, small)

    [page] = document.data["pages"]
    assert [(len(one["days"]), one["is_last"]) for one in page["parts"]] == [
        (2, False),
        (2, False),
        (1, True),
    ]
    assert "лист 3 из 3" in words(document)


@pytest.mark.requirement("ARC-002", "ARC-004", part=True)
def test_book_of_a_class_opens_with_its_list_and_holds_no_other_class(small, boris):
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.oksana)
    ClassEnrollment.objects.filter(pupil_id=small.zoya).update(until=date(2026, 11, 12))

    document = compose_class(boris, small)

    front = document.data["front"]
    assert front["class_teacher"] == "Петрова О."
    assert front["pupils"] == [["Глебов Глеб", "", ""], ["Зоина Зоя", "", "2026-11-11"]]
    assert {page["group"] for page in document.data["pages"]} == {"7А"}
    text = words(document)
    assert "Список класса" in text
    assert "11.11.2026" in text
    assert "Период ещё не закрыт" in text


@pytest.mark.requirement("ROL-008", "ROL-009", part=True)
def test_book_of_a_class_is_for_who_reads_all_of_it(small, anna, boris, make_actor):
    oksana = make_actor(Role.TEACHER, person=small.oksana, account_id=12)
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)

    def whole(actor):
        return access.list_whole_classes(actor=actor, start_year=2026, on=TODAY)

    assert whole(boris) == {small.group_id, small.other_group_id}
    assert whole(anna) == {small.group_id}
    assert whole(oksana) == set()
    assert compose_class(anna, small).data["front"]["class_teacher"] == "Анина А."
    for role in (Role.GUARDIAN, Role.PUPIL, Role.SECRETARY, Role.PSYCHOLOGIST):
        with pytest.raises(NotFound):
            compose_class(make_actor(role, person=small.vera, account_id=20), small)
    with pytest.raises(NotFound):
        compose_class(oksana, small)
    with pytest.raises(NotFound):
        compose_subject(oksana, small)


def test_paper_of_a_page_costs_the_same_however_many_pupils(small, anna):
    compose_subject(anna, small)
    with CaptureQueriesContext(connection) as found:
        compose_subject(anna, small)

    assert len(found) <= 30, [one["sql"] for one in found]
