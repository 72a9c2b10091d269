"""Putting marks and absences: one transaction, versions, repeats, audit, events."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from foundation.audit.queries import list_changes
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import KeyIsTaken
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal.models import Absence, LessonRecord, Mark, WorkKind
from services.journal.operations import put_cells, set_work_kind
from services.journal.queries import get_page
from services.journal.rules import CellInput, LessonIsCancelled, TermIsClosed
from services.people.models import Employee
from services.schedule.models import Lesson, Term
from tests.factories.school import MONDAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def save(school, small, anna):
    def run(*cells, actor=anna, key=None, lesson=0, today=TODAY):
        with school_transaction(actor, school.id):
            return put_cells(
                actor=actor,
                lesson_id=small.lessons[lesson],
                cells=[CellInput(*cell) for cell in cells],
                key=key or uuid.uuid4(),
                now=NOW,
                today=today,
            )

    return run


@pytest.mark.requirement("JRN-001", "ATT-001", "ATT-007", "MRK-004", part=True)
def test_marks_and_absences_of_a_column_are_put_in_one_transaction(small, school, system, save):
    answer = save((small.gleb, "5", 0), (small.zoya, "Н", 0))

    assert [(c.pupil_id, c.value) for c in answer.saved] == [(small.gleb, "5"), (small.zoya, "Н")]
    with school_transaction(system, school.id):
        assert list(Mark.objects.values_list("pupil_id", "value")) == [(small.gleb, 5)]
        assert list(Absence.objects.values_list("pupil_id", "code")) == [(small.zoya, "Н")]
        assert OutboxEvent.objects.get().payload["day"] == MONDAY.isoformat()


@pytest.mark.requirement("JRN-009")
def test_mark_stands_on_the_day_of_the_lesson_and_remembers_when_it_was_put(
    small, school, system, save
):
    save((small.gleb, "5", 0))

    with school_transaction(system, school.id):
        mark = Mark.objects.select_related("record").get()
        assert mark.record.date == MONDAY
        assert mark.put_at == NOW


def test_same_request_again_changes_nothing(small, school, system, save):
    key = uuid.uuid4()
    first = save((small.gleb, "5", 0), key=key)
    second = save((small.gleb, "5", 0), key=key)

    assert (first.repeat, second.repeat) == (False, True)
    assert second.saved == first.saved
    assert second.averages == first.averages
    with school_transaction(system, school.id):
        assert Mark.objects.count() == OutboxEvent.objects.count() == 1
        assert len(list_changes(table="journal_mark", row_id=Mark.objects.get().pk)) == 1


def test_key_of_another_request_is_refused_and_nothing_is_taken_for_saved(
    small, school, system, save, anna
):
    key = uuid.uuid4()
    save((small.gleb, "5", 0), key=key)

    for cells in ([(small.gleb, "4", 1)], [(small.zoya, "5", 0)], [(small.gleb, "5", 1)]):
        with pytest.raises(KeyIsTaken):
            save(*cells, key=key)
    with pytest.raises(KeyIsTaken), school_transaction(anna, school.id):
        set_work_kind(actor=anna, lesson_id=small.lessons[0], work_kind_id=None, key=key)

    with school_transaction(system, school.id):
        assert list(Mark.objects.values_list("pupil_id", "value")) == [(small.gleb, 5)]


def test_repeat_after_somebody_else_answers_what_stands_now(small, save):
    key = uuid.uuid4()
    save((small.gleb, "5", 0), key=key)
    save((small.gleb, "3", 1))

    assert [c.value for c in save((small.gleb, "5", 0), key=key).saved] == ["3"]


def test_conflict_names_whose_value_stands_and_leaves_it(small, school, system, make_actor, save):
    with school_transaction(system, school.id):
        Lesson.objects.filter(pk=small.lessons[0]).update(substitute_id=small.oksana)
        Employee.objects.filter(pk=small.oksana).update(account_id=22)
    oksana = make_actor(Role.TEACHER, person=small.oksana, account_id=22)
    save((small.gleb, "4", 0), actor=oksana)

    answer = save((small.gleb, "5", 0), (small.zoya, "3", 0))

    (conflict,) = answer.conflicts
    assert (conflict.pupil_id, conflict.value, conflict.by) == (small.gleb, "4", "Петрова О.")
    assert conflict.at == NOW
    assert [c.pupil_id for c in answer.saved] == [small.zoya]
    with school_transaction(system, school.id):
        assert Mark.objects.get(pupil_id=small.gleb).value == 4


def test_erased_cell_leaves_no_row_and_the_average_goes(small, school, system, save):
    saved = save((small.gleb, "5", 0)).saved[0]

    answer = save((small.gleb, "", saved.version))

    assert [(c.value, c.version) for c in answer.saved] == [("", 0)]
    assert answer.averages == {small.gleb: None}
    with school_transaction(system, school.id):
        assert not Mark.objects.exists()


@pytest.mark.requirement("MRK-019", part=True)
def test_average_weighs_the_kinds_of_work(small, school, system, anna, save):
    with school_transaction(system, school.id):
        kinds = dict(WorkKind.objects.values_list("code", "pk"))
    save((small.gleb, "5", 0))
    save((small.gleb, "2", 0), lesson=1)
    with school_transaction(anna, school.id):
        averages = set_work_kind(
            actor=anna, lesson_id=small.lessons[1], work_kind_id=kinds["КР"], key=uuid.uuid4()
        )

    assert averages == {small.gleb: Decimal("2.75")}  # (5·1 + 2·3) / 4


@pytest.mark.requirement("AUD-001")
def test_every_change_leaves_who_when_before_and_after(small, school, anna, save):
    version = save((small.gleb, "4", 0)).saved[0].version
    with school_transaction(anna, school.id):
        mark_id = Mark.objects.get().pk
    version = save((small.gleb, "5", version)).saved[0].version
    save((small.gleb, "", version))

    with school_transaction(anna, school.id):
        changes = list_changes(table="journal_mark", row_id=mark_id)
        assert [c.action for c in changes] == ["INSERT", "UPDATE", "DELETE"]
        assert [c.account_id for c in changes] == [11, 11, 11]
        assert [(c.before or {}).get("value") for c in changes] == [None, 4, 5]
        assert [(c.after or {}).get("value") for c in changes] == [4, 5, None]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET account_id = 1",
        "DELETE FROM audit_auditrecord",
        "INSERT INTO audit_auditrecord (table_name, row_id, action) VALUES ('x', 1, 'x')",
        "UPDATE audit_log SET account_id = 1",
        "ALTER TABLE journal_mark DISABLE TRIGGER audit",
    ],
)
def test_role_of_the_school_cannot_touch_the_audit(small, school, anna, save, statement):
    save((small.gleb, "4", 0))

    with pytest.raises(ProgrammingError), school_transaction(anna, school.id):
        connection.cursor().execute(statement)


def test_raw_sql_leaves_an_audit_row_too(small, school, anna, save):
    save((small.gleb, "4", 0))

    with school_transaction(anna, school.id):
        connection.cursor().execute("UPDATE journal_mark SET value = 5")
        mark_id = Mark.objects.get().pk
        assert len(list_changes(table="journal_mark", row_id=mark_id)) == 2


@pytest.mark.requirement("ROL-008")
def test_teacher_of_another_class_finds_nothing(small, school, make_actor, save):
    oksana = make_actor(Role.TEACHER, person=small.oksana)

    with pytest.raises(NotFound):
        save((small.gleb, "5", 0), actor=oksana)
    with school_transaction(oksana, school.id):
        assert not Mark.objects.exists()
        assert not OutboxEvent.objects.exists()


@pytest.mark.requirement("ROL-022")
def test_substitute_may_write_into_the_lesson_he_gives_only(
    small, school, system, make_actor, save
):
    with school_transaction(system, school.id):
        Lesson.objects.filter(pk=small.lessons[0]).update(substitute_id=small.oksana)
    oksana = make_actor(Role.TEACHER, person=small.oksana)

    assert save((small.gleb, "5", 0), actor=oksana).saved
    with pytest.raises(NotFound):
        save((small.gleb, "5", 0), actor=oksana, lesson=1)


@pytest.mark.requirement("ROL-023", "ROL-024", "ROL-025", part=True)
@pytest.mark.parametrize("role", [Role.PUPIL, Role.GUARDIAN, Role.MANAGEMENT, Role.SECRETARY])
def test_nobody_but_the_teacher_writes(small, make_actor, save, role):
    stranger = make_actor(role, person=small.anna)

    with pytest.raises(NotFound):
        save((small.gleb, "5", 0), actor=stranger)


def test_pupil_of_another_class_is_refused_and_the_rest_is_saved(small, save):
    answer = save((small.yegor, "5", 0), (small.gleb, "4", 0))

    assert [r.pupil_id for r in answer.refused] == [small.yegor]
    assert [c.pupil_id for c in answer.saved] == [small.gleb]


def test_closed_term_and_cancelled_lesson_take_nothing(small, school, system, save):
    with school_transaction(system, school.id):
        Lesson.objects.filter(pk=small.lessons[1]).update(state="cancelled")
    with pytest.raises(LessonIsCancelled):
        save((small.gleb, "5", 0), lesson=1)
    with school_transaction(system, school.id):
        Term.objects.update(closed_at=NOW - timedelta(days=1))
    with pytest.raises(TermIsClosed):
        save((small.gleb, "5", 0))
    with school_transaction(system, school.id):
        assert not Mark.objects.exists()
        assert not OutboxEvent.objects.exists()


def test_saving_one_mark_takes_six_statements(small, school, anna, save):
    save((small.gleb, "5", 0))  # settings are read once in some seconds
    with school_transaction(anna, school.id), CaptureQueriesContext(connection) as queries:
        put_cells(
            actor=anna,
            lesson_id=small.lessons[0],
            cells=[CellInput(small.zoya, "4", 0)],
            key=uuid.uuid4(),
            now=NOW,
            today=TODAY,
        )

    assert len(queries) <= 6, [q["sql"][:80] for q in queries]


def test_page_takes_six_statements(small, school, anna, save):
    save((small.gleb, "5", 0))
    with school_transaction(anna, school.id), CaptureQueriesContext(connection) as queries:
        page = get_page(
            actor=anna,
            group_id=small.group_id,
            subject_id=small.subject_id,
            term_id=small.term_id,
            today=TODAY,
        )

    assert [pupil.name for pupil in page.pupils] == ["Глебов Глеб", "Зоина Зоя"]
    assert [column.may_write for column in page.lessons] == [True] * 5
    assert page.averages == {small.gleb: Decimal("5.00")}
    assert len(queries) <= 6, [q["sql"][:80] for q in queries]


@pytest.mark.requirement("JRN-006")
def test_columns_kind_is_of_the_schools_own_list(small, school, system, anna):
    with school_transaction(system, school.id):
        own = WorkKind.objects.create(code="ЧТ", title="Чтение наизусть", weight=2)
    with school_transaction(anna, school.id):
        set_work_kind(actor=anna, lesson_id=small.lessons[0], work_kind_id=own.pk, key=uuid.uuid4())
        assert LessonRecord.objects.get().work_kind_id == own.pk
