"""Writing a lesson: topic, material, homework for the class and for one pupil."""

import uuid
from datetime import UTC, date, datetime

import pytest

from foundation.db.door import school_transaction
from foundation.outbox.operations import KeyIsTaken
from kernel.errors import NotFound
from services.journal.operations import HomeworkInput, set_work_kind, write_record
from services.journal.queries import get_lesson_page, list_homework_for_pupil
from services.journal.rules import RecordHasChanged
from tests.factories.school import MONDAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


@pytest.fixture
def write(school, small, anna):
    def run(*homework, topic="Линейная функция", actor=anna, lesson=0, **more):
        with school_transaction(actor, school.id):
            return write_record(
                actor=actor,
                lesson_id=small.lessons[lesson],
                topic=topic,
                material=more.pop("material", ""),
                homework_none=more.pop("homework_none", False),
                homework=homework,
                key=more.pop("key", None) or uuid.uuid4(),
                now=NOW,
                **more,
            )

    return run


@pytest.fixture
def read(school, small, anna):
    def run(lesson=0):
        with school_transaction(anna, school.id):
            return get_lesson_page(actor=anna, lesson_id=small.lessons[lesson], today=MONDAY)

    return run


@pytest.mark.requirement("JRN-004", "HWK-006", "HWK-009")
def test_record_keeps_topic_material_and_homework_of_the_lesson(write, read):
    write(
        HomeworkInput(None, "§ 12, № 301, 305", "письменно", date(2026, 11, 18)),
        material="График и свойства",
    )

    page = read()
    assert (page.lesson.date, page.record.topic) == (MONDAY, "Линейная функция")
    assert page.record.material == "График и свойства"
    assert page.record.filled_at == NOW
    (task,) = page.homework
    assert (task.text, task.manner, task.due_on) == (
        "§ 12, № 301, 305",
        "письменно",
        date(2026, 11, 18),
    )


@pytest.mark.requirement("JRN-005", part=True)
def test_kind_of_work_is_stated_for_the_marks_of_the_lesson(school, small, anna, read):
    kind = read().work_kinds[0]
    with school_transaction(anna, school.id):
        set_work_kind(
            actor=anna, lesson_id=small.lessons[0], work_kind_id=kind.id, key=uuid.uuid4()
        )

    assert read().record.work_kind_title == kind.title


@pytest.mark.requirement("HWK-008")
def test_individual_task_is_seen_by_its_pupil_only(write, school, small, system):
    write(HomeworkInput(None, "№ 301"), HomeworkInput(small.gleb, "№ 400 *"))

    with school_transaction(system, school.id):
        for pupil, texts in (
            (small.gleb, ["№ 301", "№ 400 *"]),
            (small.zoya, ["№ 301"]),
        ):
            tasks = list_homework_for_pupil(pupil_id=pupil, lesson_ids=small.lessons)
            assert sorted(task.text for task in tasks[small.lessons[0]]) == texts


def test_task_for_a_pupil_of_another_class_is_refused_and_nothing_is_written(write, read, small):
    with pytest.raises(NotFound):
        write(HomeworkInput(small.yegor, "№ 1"))

    assert read().record is None


def test_emptied_task_is_taken_back(write, read):
    write(HomeworkInput(None, "№ 301"))
    write(HomeworkInput(None, "  "), homework_none=True)

    assert read().homework == []
    assert read().record.homework_none


def test_same_key_again_changes_nothing_and_with_another_content_is_refused(write, read):
    key = uuid.uuid4()
    same = {"topic": "Раз", "key": key}

    assert write(HomeworkInput(None, "№ 1"), **same)
    assert not write(HomeworkInput(None, "№ 1"), **same)
    for homework, lesson in (("№ 1", 1), ("№ 2", 0)):
        with pytest.raises(KeyIsTaken):
            write(HomeworkInput(None, homework), **same, lesson=lesson)
    with pytest.raises(KeyIsTaken):
        write(HomeworkInput(None, "№ 1"), topic="Два", key=key)
    assert (read().record.topic, read().homework[0].text) == ("Раз", "№ 1")


def test_record_changed_by_another_meanwhile_is_not_overwritten(write, read):
    seen = read().seen
    write(topic="Тема замещающего")

    with pytest.raises(RecordHasChanged):
        write(topic="Моя тема", seen=seen)
    assert read().record.topic == "Тема замещающего"
    assert write(topic="Моя тема", seen=read().seen)
