"""Taking back what a stolen account wrote: values return, honest later changes stay."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from foundation import clock
from foundation.audit.models import VoidNote
from foundation.audit.queries import list_changes, list_changes_by
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.errors import NotFound
from kernel.roles import Role
from kernel.voiding import Touch, plan_void
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.journal.operations import (
    CellInput,
    HomeworkInput,
    put_cells,
    void_changes,
    write_record,
)
from services.journal.voiding import MARK, RECORD, Thing, list_touches
from services.schedule.models import Lesson

THIEF, HONEST, HEAD = 11, 12, 13
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CASE = 7
pytestmark = pytest.mark.django_db


# --- The rule --------------------------------------------------------------------------------

CELL = Thing(MARK, 1, 2)


@pytest.mark.parametrize(
    ("hands", "brought_back", "overtaken"),
    [
        pytest.param([(THIEF, "a")], ["a"], [], id="once"),
        pytest.param([(THIEF, "a"), (THIEF, "b")], ["a"], [], id="twice"),
        pytest.param([(HONEST, "a")], [], [], id="never"),
        pytest.param([(THIEF, "a"), (HONEST, "b")], [], [0], id="overtaken"),
        pytest.param([(THIEF, "a"), (HONEST, "b"), (THIEF, "c")], ["c"], [], id="in between"),
        pytest.param([(None, "a"), (THIEF, "b")], ["b"], [], id="after the system"),
    ],
)
def test_last_hand_decides_what_comes_back(hands, brought_back, overtaken):
    touches = [Touch(n, who, CELL, before) for n, (who, before) in enumerate(hands)]

    plan = plan_void(touches, thief=THIEF)

    assert [one.before for one in plan.restorings] == brought_back
    assert sorted(plan.overtaken_entries) == overtaken


def test_record_is_looked_at_word_by_word():
    touches = list_touches(
        entry_id=1,
        account_id=THIEF,
        table=RECORD,
        before={"lesson_id": 5, "topic": "Дроби", "material": "", "homework_none": False},
        after={"lesson_id": 5, "topic": "Ха", "material": "", "homework_none": True},
    )

    assert {touch.thing.word: touch.before for touch in touches} == {
        "topic": "Дроби",
        "homework_none": False,
    }


# --- The act ---------------------------------------------------------------------------------


@pytest.fixture
def journal(school, small, make_actor):
    """Write as somebody: `journal(THIEF, (pupil, "5"))`, `journal(THIEF, topic="…")`."""
    with school_transaction(make_actor(Role.MANAGEMENT), school.id):
        Lesson.objects.filter(pk=small.lessons[0]).update(substitute_id=small.oksana)

    def write(account_id, *cells, topic=None, homework=""):
        person = small.anna if account_id == THIEF else small.oksana
        actor = make_actor(Role.TEACHER, person=person, account_id=account_id)
        with school_transaction(actor, school.id):
            if topic is not None:
                write_record(
                    actor=actor,
                    lesson_id=small.lessons[0],
                    topic=topic,
                    material="",
                    homework_none=False,
                    homework=[HomeworkInput(None, homework)],
                    key=uuid.uuid4(),
                    now=NOW,
                )
            for pupil_id, value in cells:
                versions = [
                    row.revision
                    for model in (Mark, Absence)
                    for row in model.objects.filter(record_id=small.lessons[0], pupil_id=pupil_id)
                ]
                answer = put_cells(
                    actor=actor,
                    lesson_id=small.lessons[0],
                    cells=[CellInput(pupil_id, value, max(versions, default=0))],
                    key=uuid.uuid4(),
                    now=NOW,
                    today=TODAY,
                )
                assert [one.value for one in answer.saved] == [value]

    return write


@pytest.fixture
def void(school, make_actor):
    """Take back what the thief wrote since a moment."""

    def act(since, *roles):
        actor = make_actor(*(roles or (Role.MANAGEMENT,)), account_id=HEAD)
        with school_transaction(actor, school.id):
            return void_changes(actor=actor, account_id=THIEF, since=since, case_id=CASE)

    return act


@pytest.fixture
def stands(school, system):
    """Return what stands in the journal: marks and absences by pupil, topic, homework."""

    def read():
        with school_transaction(system, school.id):
            record = LessonRecord.objects.get()
            return (
                dict(Mark.objects.order_by("pk").values_list("pupil_id", "value")),
                dict(Absence.objects.order_by("pk").values_list("pupil_id", "code")),
                record.topic,
                list(Homework.objects.values_list("text", flat=True)),
            )

    return read


@pytest.mark.requirement("ACC-010", "AUD-006")
def test_everything_since_the_notice_comes_back_as_it_was(
    school, system, small, journal, void, stands
):
    journal(THIEF, (small.gleb, "4"), topic="Дроби", homework="№ 5")  # still Anna herself
    before = stands()
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"), (small.gleb, "3"), (small.zoya, "5"), topic="Ха", homework="")
    journal(THIEF, (small.gleb, ""), (small.zoya, "Н"))
    assert stands() != before
    with school_transaction(system, school.id):
        OutboxEvent.objects.all().delete()

    report = void(noticed_at)

    assert stands() == before
    assert (report.reversed_count > 5, report.overtaken_count) == (True, 0)
    with school_transaction(system, school.id):
        mark = Mark.objects.get()
        assert (mark.put_at, mark.put_by) == (NOW, THIEF)
        assert OutboxEvent.objects.get().payload["lesson_id"] == small.lessons[0]
        assert set(VoidNote.objects.values_list("case_id", "voided_by")) == {(CASE, HEAD)}
        history = list_changes(table="journal_homework", row_id=_first_homework(small))
        assert [one.void for one in history if one.account_id == THIEF] == ["", "reversed"]


def _first_homework(small) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(row_id) FROM audit_log WHERE table_name = 'journal_homework'")
        return int(cursor.fetchone()[0])


def test_every_change_of_the_journal_is_marked_void(school, system, small, journal, void):
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"))
    report = void(noticed_at)

    with school_transaction(system, school.id):
        left = [one for one in list_changes_by(account_id=THIEF, since=noticed_at) if not one.void]
    assert (left, report.reversed_count) == ([], 2)  # the mark, and the record it opened


def test_second_act_changes_nothing(small, journal, void, stands):
    journal(THIEF, (small.gleb, "4"))
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"))
    void(noticed_at)
    journal(HONEST, (small.gleb, "5"))
    before = stands()

    report = void(noticed_at)

    assert (dict(report.outcomes), stands()) == ({}, before)


@pytest.mark.requirement("ACC-010")
def test_honest_later_change_of_another_is_left(small, journal, void, stands):
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"), (small.zoya, "2"), topic="Ха", homework="Ха")
    journal(HONEST, (small.gleb, "5"))

    report = void(noticed_at)

    marks, absences, topic, homework = stands()
    assert (marks, absences, topic, homework) == ({small.gleb: 5}, {}, "", [])
    assert report.overtaken_count == 1


def test_honest_change_in_between_is_what_comes_back(small, journal, void, stands):
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"))
    journal(HONEST, (small.gleb, "5"))
    journal(THIEF, (small.gleb, "3"))

    void(noticed_at)

    assert stands()[0] == {small.gleb: 5}


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.GUARDIAN])
def test_who_is_not_of_the_head_takes_nothing_back(small, journal, void, stands, role):
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"))

    with pytest.raises(NotFound):
        void(noticed_at, role)

    assert stands()[0] == {small.gleb: 2}


@pytest.mark.requirement("AUD-006")
@pytest.mark.parametrize(
    "verb", ["UPDATE audit_voidnote SET case_id = 1", "DELETE FROM audit_voidnote"]
)
def test_mark_void_is_never_taken_back(school, system, small, journal, void, verb):
    noticed_at = clock.now()
    journal(THIEF, (small.gleb, "2"))
    void(noticed_at)

    with (
        school_transaction(system, school.id),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)
