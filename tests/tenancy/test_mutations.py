"""Every check of every `access.py` is broken on purpose: a door that was shut then opens.

So each check is what protects, and a test fails when it is taken out of the code. A new check
without a row here fails `test_every_check_has_a_breach_or_a_refusal`.
"""

import inspect
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.names import FullName
from kernel.roles import Role
from services.diary import access as diary
from services.diary.access import ChildView
from services.diary.models import AccessGrant
from services.diary.operations import grant_access, revoke_access
from services.diary.queries import get_on_the_way
from services.journal import access as journal
from services.journal.access import OpenLesson
from services.people import access as people
from services.people.models import GuardianLink, Pupil
from services.people.operations import NewAppointment, appoint, create_class, end_link
from services.people.queries import (
    find_class,
    get_groups,
    get_import_job,
    get_pupil_card,
    get_pupils_card,
    list_sheet_people,
)
from services.records import access as records
from services.records.access import ReportScope
from services.schedule import access as schedule
from services.schedule.models import Lesson, Term
from services.schedule.operations.calendar import close_term, open_year
from services.schedule.operations.lessons import cancel_lesson
from services.schedule.queries import get_lesson
from tests.factories.district import ALPHA, TwoSchools, make_two_schools, sign_in, upload_list
from tests.factories.marks import class_of

pytestmark = pytest.mark.django_db
ROOMS = (journal, diary, schedule, people, records)
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)

Attempt = Callable[[TwoSchools], bool]


@pytest.fixture
def two(schools, monkeypatch) -> TwoSchools:
    """Schools «Альфа» and «Бета» on a Friday, a list waiting in the first."""
    monkeypatch.setenv("OKRUG_TODAY", TODAY.isoformat())
    both = make_two_schools(schools)
    both.jobs[ALPHA] = upload_list(both.refs[ALPHA])
    return both


def change(two: TwoSchools, what: Callable[[], Any]) -> None:
    """Change «Альфа» as the system."""
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        what()


def is_let_in(two: TwoSchools, role: Role, person: int | None, route: str, **place: int) -> bool:
    """Return whether a page of «Альфа» opens to somebody."""
    address = reverse(route, kwargs={"school": ALPHA, **place})
    answer = sign_in((role, two.refs[ALPHA], person)).get(address)
    assert answer.status_code in (200, 404)
    return bool(answer.status_code == 200)


def may(two: TwoSchools, role: Role, what: Callable[[Actor], Any]) -> bool:
    """Return whether an operation lets a role of «Альфа» do something."""
    school = two.refs[ALPHA]
    actor = Actor(1, school, frozenset({role}))
    try:
        with school_transaction(actor, school.id):
            what(actor)
    except NotFound:
        return False
    except DomainError:
        return True
    return True


# --- The journal: Oksana teaches 7Б, Anna's 7А is not hers -------------------------------------


def oksana_reads_a_page(two: TwoSchools) -> bool:
    """Anna's page of the journal."""
    small = two.alpha
    page = {"group": small.group_id, "subject": small.subject_id, "term": small.term_id}
    opened = {
        route: is_let_in(two, Role.TEACHER, small.oksana, route, **page)
        for route in ("teacher:journal", "teacher:cells", "teacher:lessons", "api:journal")
    }
    assert len(set(opened.values())) == 1, opened
    return opened["teacher:cells"]


def oksana_opens_a_lesson(two: TwoSchools) -> bool:
    """A lesson of Anna's."""
    lesson_id = two.alpha.lessons[0]
    return is_let_in(two, Role.TEACHER, two.alpha.oksana, "teacher:lesson", lesson_id=lesson_id)


def oksana_puts_a_mark(two: TwoSchools) -> bool:
    """A five in a lesson of Anna's, by the portal, by the API and on the lesson's page."""
    small = two.alpha
    client = sign_in((Role.TEACHER, two.refs[ALPHA], small.oksana))
    cells = [{"pupil": small.gleb, "value": "5", "seen": 0}]
    statuses = set()
    for route in ("teacher:save-cells", "api:save-cells"):
        body = {"key": str(uuid.uuid4()), "lesson": small.lessons[0], "cells": cells}
        address = reverse(route, kwargs={"school": ALPHA})
        answer = client.post(
            address, body, content_type="application/json", headers={"accept": "application/json"}
        )
        statuses.add(answer.status_code)
    assert statuses in ({200}, {404})
    return statuses == {200}


# --- The diary: whose child it is --------------------------------------------------------------


def opens_gleb(two: TwoSchools, role: Role, person: int) -> bool:
    """Return whether Gleb's pages open to somebody: all of them, or none."""
    routes = ("day", "week", "marks", "report", "absences", "calendar")
    opened = {
        route: is_let_in(two, role, person, route, child=two.alpha.gleb)
        for route in (*(f"guardian:{route}" for route in routes), "api:week")
    }
    assert len(set(opened.values())) == 1, opened
    return opened["api:week"]


def dmitry_opens_gleb(two: TwoSchools) -> bool:
    """Dmitry is the father of Yegor in 7Б."""
    return opens_gleb(two, Role.GUARDIAN, two.alpha.dmitry)


def zoya_opens_gleb(two: TwoSchools) -> bool:
    """Zoya is a pupil of the same class."""
    return opens_gleb(two, Role.PUPIL, two.alpha.zoya)


def vera_opens_gleb_after_her_grant(two: TwoSchools) -> bool:
    """Her access was taken back."""
    grants = AccessGrant.objects.filter(guardian_id=two.alpha.vera)
    change(two, lambda: grants.update(revoked_at=NOW, revoked_ground="consent_withdrawn"))
    return opens_gleb(two, Role.GUARDIAN, two.alpha.vera)


def vera_opens_gleb_after_her_guardianship(two: TwoSchools) -> bool:
    """She does not stand for him any more; the grant was forgotten."""
    links = GuardianLink.objects.filter(guardian_id=two.alpha.vera)
    change(two, lambda: links.update(until=TODAY))
    return opens_gleb(two, Role.GUARDIAN, two.alpha.vera)


def vera_opens_gleb_without_the_right(two: TwoSchools) -> bool:
    """A court left her the child but not the diary."""
    links = GuardianLink.objects.filter(guardian_id=two.alpha.vera)
    change(two, lambda: links.update(may_read_diary=False))
    return opens_gleb(two, Role.GUARDIAN, two.alpha.vera)


def vera_opens_gleb_before_the_school_confirms(two: TwoSchools) -> bool:
    """A grant is there, but the school has not said that she stands for him."""
    links = GuardianLink.objects.filter(guardian_id=two.alpha.vera)
    change(two, lambda: links.update(state=GuardianLink.State.PROPOSED))
    return opens_gleb(two, Role.GUARDIAN, two.alpha.vera)


def teacher_gives_access(two: TwoSchools) -> bool:
    """Giving Vera access to Gleb."""
    small = two.alpha
    grant: dict[str, Any] = {
        "pupil_id": small.gleb,
        "guardian_id": small.vera,
        "ground": "import",
        "now": NOW,
    }
    return may(two, Role.TEACHER, lambda actor: grant_access(actor=actor, **grant))


def teacher_takes_access(two: TwoSchools) -> bool:
    """Taking Vera's access to Gleb back."""
    small = two.alpha
    grant: dict[str, Any] = {
        "pupil_id": small.gleb,
        "guardian_id": small.vera,
        "ground": "x",
        "now": NOW,
    }
    return may(two, Role.TEACHER, lambda actor: revoke_access(actor=actor, **grant))


def teacher_follows_access(two: TwoSchools) -> bool:
    """How many accounts wait."""
    return may(two, Role.TEACHER, lambda actor: get_on_the_way(actor=actor, on=TODAY))


# --- The school's time and lists ---------------------------------------------------------------


def teacher_opens_a_year(two: TwoSchools) -> bool:
    """The first and last day of the year."""
    days: dict[str, Any] = {
        "start_year": 2027,
        "starts_on": date(2027, 9, 1),
        "ends_on": date(2028, 5, 26),
    }
    return may(two, Role.TEACHER, lambda actor: open_year(actor=actor, **days))


def teacher_cancels_a_lesson(two: TwoSchools) -> bool:
    """A lesson of the timetable."""
    lesson_id = two.alpha.lessons[4]
    return may(
        two,
        Role.TEACHER,
        lambda actor: cancel_lesson(actor=actor, lesson_id=lesson_id, reason="болезнь"),
    )


def teacher_closes_a_term(two: TwoSchools) -> bool:
    """The second quarter."""
    term_id = two.alpha.term_id
    return may(two, Role.TEACHER, lambda actor: close_term(actor=actor, term_id=term_id, now=NOW))


def teacher_makes_a_class(two: TwoSchools) -> bool:
    """A class 7В."""
    card: dict[str, Any] = {"start_year": 2026, "level": 7, "letter": "В"}
    return may(two, Role.TEACHER, lambda actor: create_class(actor=actor, **card))


def teacher_reads_an_uploaded_list(two: TwoSchools) -> bool:
    """An uploaded list of pupils."""
    job: dict[str, Any] = {"job_id": two.jobs[ALPHA], "on": date(2026, 11, 20)}
    return may(two, Role.TEACHER, lambda actor: get_import_job(actor=actor, **job))


def teacher_ends_a_guardianship(two: TwoSchools) -> bool:
    """Vera stands for Gleb no more."""
    end: dict[str, Any] = {"link_id": two.link_of_vera(), "ground": "court"}
    day = date(2026, 11, 20)
    return may(two, Role.TEACHER, lambda actor: end_link(actor=actor, until=day, **end))


def teacher_opens_a_card(two: TwoSchools) -> bool:
    """Gleb's personal card: Anna teaches him and does not lead his class."""
    card: dict[str, Any] = {"pupil_id": two.alpha.gleb, "on": date(2026, 11, 20)}
    return may(two, Role.TEACHER, lambda actor: get_pupils_card(actor=actor, **card))


def teacher_appoints(two: TwoSchools) -> bool:
    """Anna joins the working group by her own word."""
    day = date(2026, 11, 20)
    duty = NewAppointment("working_group", two.alpha.anna, "1", day, day)
    return may(two, Role.TEACHER, lambda actor: appoint(actor=actor, appointment=duty, on=day))


def teacher_sees_every_pupil(two: TwoSchools) -> bool:
    """The accounts of all classes."""
    day = date(2026, 11, 20)
    return may(two, Role.TEACHER, lambda actor: list_sheet_people(actor=actor, on=day))


# --- Reports: Oksana teaches 7Б, no report on 7А is hers -----------------------------------------


def oksana_opens_a_report(two: TwoSchools, route: str, **place: int) -> bool:
    """Return whether a report opens to Oksana."""
    return is_let_in(two, Role.TEACHER, two.alpha.oksana, f"reports:{route}", **place)


def oksana_reads_the_class(two: TwoSchools) -> bool:
    """The report of 7А."""
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        class_id = class_of(two.alpha.group_id)
    return oksana_opens_a_report(two, "class", class_id=class_id)


def oksana_reads_the_subject(two: TwoSchools) -> bool:
    """The report on algebra in 7А."""
    small = two.alpha
    return oksana_opens_a_report(two, "subject", group=small.group_id, subject=small.subject_id)


def oksana_reads_the_pupil(two: TwoSchools) -> bool:
    """The report of Gleb."""
    return oksana_opens_a_report(two, "pupil", pupil_id=two.alpha.gleb)


def oksana_reads_the_school(two: TwoSchools) -> bool:
    """The report of the school."""
    return oksana_opens_a_report(two, "school")


# --- The table ---------------------------------------------------------------------------------


def always(*_: object, **__: object) -> bool:
    """Stands in for a predicate."""
    return True


def unchecked(*_: object, **__: object) -> None:
    """Stands in for a check."""


def any_lesson(*, actor: Actor, lesson_id: int, on: date) -> OpenLesson:
    """Stands in for the way to a lesson."""
    return OpenLesson(get_lesson(lesson_id=lesson_id), may_write=False)


def any_lesson_for_writing(*, actor: Actor, lesson_id: int) -> Any:
    """Stands in for the way to a lesson's cells."""
    return get_lesson(lesson_id=lesson_id)


def any_child(*, actor: Actor, pupil_id: int, on: date) -> ChildView:
    """Stands in for the way to a child."""
    return ChildView(pupil_id, FullName("Глебов", "Глеб"), "7А", 7)


def all_children(*, actor: Actor, on: date) -> list[ChildView]:
    """Stands in for the list of one's children."""
    ids = Pupil.objects.values_list("pk", flat=True)
    return [any_child(actor=actor, pupil_id=pk, on=on) for pk in ids]


def any_scope(*, actor: Actor, on: date) -> ReportScope:
    """Stands in for whose reports are in reach."""
    return ReportScope(whole_school=True)


def any_class(*, actor: Actor, class_id: int, on: date) -> Any:
    """Stands in for the way to the report of a class."""
    return find_class(class_id=class_id)


def any_group(*, actor: Actor, group_id: int, subject_id: int, on: date) -> Any:
    """Stands in for the way to the report on a subject."""
    return get_groups(group_ids=[group_id])[group_id]


def any_pupil(*, actor: Actor, pupil_id: int, on: date) -> Any:
    """Stands in for the way to the report of a pupil."""
    return get_pupil_card(pupil_id=pupil_id, on=on)


def lesson_for_change(*, actor: Actor, lesson_id: int) -> Lesson:
    """Stands in for the way to a lesson of the timetable."""
    return Lesson.objects.get(pk=lesson_id)


def term_for_change(*, actor: Actor, term_id: int) -> Term:
    """Stands in for the way to a term."""
    return Term.objects.get(pk=term_id)


@dataclass(frozen=True)
class Breach:
    """A check, what stands in for it, and what then succeeds that must not."""

    room: ModuleType
    check: str
    broken: Callable[..., Any]
    attempt: Attempt

    def __str__(self) -> str:
        room = self.room.__name__.split(".")[1]
        return f"{room}.{self.check}: {self.attempt.__name__}"


BREACHES = (
    Breach(journal, "gives_lesson", always, oksana_puts_a_mark),
    Breach(journal, "gives_which", lambda actor: always, oksana_puts_a_mark),
    Breach(journal, "gives_lesson", always, oksana_opens_a_lesson),
    Breach(journal, "get_lesson_for_writing", any_lesson_for_writing, oksana_puts_a_mark),
    Breach(journal, "get_lesson", any_lesson, oksana_opens_a_lesson),
    Breach(journal, "_teaches_page", always, oksana_opens_a_lesson),
    Breach(journal, "reads_all_pages", always, oksana_opens_a_lesson),
    Breach(journal, "reads_all_pages", always, oksana_reads_a_page),
    Breach(journal, "check_page", unchecked, oksana_reads_a_page),
    Breach(diary, "is_granted", always, vera_opens_gleb_after_her_grant),
    Breach(diary, "holds_on", always, vera_opens_gleb_after_her_guardianship),
    Breach(diary, "is_confirmed", always, vera_opens_gleb_before_the_school_confirms),
    Breach(diary, "may_read", always, vera_opens_gleb_without_the_right),
    Breach(diary, "is_asked_for", always, dmitry_opens_gleb),
    Breach(diary, "is_asked_for", always, zoya_opens_gleb),
    Breach(diary, "get_child", any_child, dmitry_opens_gleb),
    Breach(diary, "get_child", any_child, zoya_opens_gleb),
    Breach(diary, "list_children", all_children, dmitry_opens_gleb),
    Breach(diary, "check_may_open_access", unchecked, teacher_gives_access),
    Breach(diary, "check_may_open_access", unchecked, teacher_takes_access),
    Breach(diary, "check_may_see_progress", unchecked, teacher_follows_access),
    Breach(schedule, "check_may_set_up", unchecked, teacher_opens_a_year),
    Breach(schedule, "check_may_set_up", unchecked, teacher_cancels_a_lesson),
    Breach(schedule, "get_lesson_for_change", lesson_for_change, teacher_cancels_a_lesson),
    Breach(schedule, "get_term_for_change", term_for_change, teacher_closes_a_term),
    Breach(records, "reads_school", always, oksana_reads_the_school),
    Breach(records, "reads_school", always, oksana_reads_the_pupil),
    Breach(records, "check_school", unchecked, oksana_reads_the_school),
    Breach(records, "get_scope", any_scope, oksana_reads_the_class),
    Breach(records, "get_scope", any_scope, oksana_reads_the_subject),
    Breach(records, "get_scope", any_scope, oksana_reads_the_pupil),
    Breach(records, "opens_class", always, oksana_reads_the_class),
    Breach(records, "opens_class", always, oksana_reads_the_pupil),
    Breach(records, "opens_group", always, oksana_reads_the_subject),
    Breach(records, "get_class", any_class, oksana_reads_the_class),
    Breach(records, "get_group", any_group, oksana_reads_the_subject),
    Breach(records, "get_pupil", any_pupil, oksana_reads_the_pupil),
    Breach(people, "check_may_keep_people", unchecked, teacher_makes_a_class),
    Breach(people, "check_may_confirm_family", unchecked, teacher_ends_a_guardianship),
    Breach(people, "check_towards", unchecked, teacher_opens_a_card),
    Breach(people, "may_towards", always, teacher_opens_a_card),
    Breach(people, "check_on_duty", unchecked, teacher_appoints),
    Breach(people, "may_on_duty", always, teacher_appoints),
    Breach(people, "may_on_duty", always, teacher_sees_every_pupil),
    Breach(people, "check_may_import", unchecked, teacher_reads_an_uploaded_list),
)


def break_it(monkeypatch: pytest.MonkeyPatch, breach: Breach) -> None:
    """Put the stand-in wherever the check is known by name."""
    real = getattr(breach.room, breach.check)
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in {"services", "portal", "api"}:
            for word, value in list(vars(module).items()):
                if value is real:
                    monkeypatch.setattr(module, word, breach.broken)


@pytest.mark.requirement("ROL-008", "ROL-023", "PDP-005", "ACC-018", part=True)
@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_check_is_what_keeps_the_door_shut(two, monkeypatch, breach):
    assert not breach.attempt(two)

    break_it(monkeypatch, breach)

    assert breach.attempt(two)


# Checks whose refusal a room's own test plays: broken, that test fails.
CONSENTS = "tests/rooms/people/test_consents.py"
REFUSED_IN = {
    (diary, "get_child_on_paper"): (
        "tests/rooms/cases/test_printouts.py",
        "test_class_teacher_prints_the_own_class_and_nobody_elses",
    ),
    (journal, "check_may_set_finals"): (
        "tests/rooms/journal/test_rights.py",
        "test_class_teacher_sets_finals_of_every_subject_where_the_school_says_so",
    ),
    (journal, "check_class"): (
        "tests/rooms/records/test_printed.py",
        "test_book_of_a_class_is_for_who_reads_all_of_it",
    ),
    (journal, "list_whole_classes"): (
        "tests/rooms/records/test_printed.py",
        "test_book_of_a_class_is_for_who_reads_all_of_it",
    ),
    (journal, "list_journals"): (
        "tests/rooms/journal/test_rights.py",
        "test_management_reads_all_and_writes_only_by_the_schools_word",
    ),
    (people, "check_may_accept_consent"): (CONSENTS, "test_others_accept_nothing"),
    (people, "check_may_answer_subjects"): (
        "tests/rooms/people/test_subject_requests.py",
        "test_others_answer_nothing",
    ),
    (people, "check_may_destroy"): (
        "tests/rooms/people/test_destruction.py",
        "test_only_the_administrator_destroys",
    ),
    (people, "check_may_keep_staff"): (
        "tests/rooms/people/test_roles_and_leaving.py",
        "test_others_dismiss_nobody",
    ),
    (people, "check_may_see_subjects"): (
        "tests/doors/test_permission_matrix.py",
        "test_door_opens_to_whom_the_table_says",
    ),
    (people, "check_may_word_consents"): (
        "tests/doors/test_permission_matrix.py",
        "test_door_opens_to_whom_the_table_says",
    ),
    (people, "get_consent_scope"): (
        "tests/doors/test_consents.py",
        "test_class_teacher_sees_the_own_class_at_once_and_no_other",
    ),
    (people, "get_scope"): (
        "tests/doors/test_accounts_office.py",
        "test_class_teacher_reaches_neither_another_class_nor_the_staff",
    ),
}


def test_every_check_has_a_breach_or_a_refusal():
    checks = {
        (room, name)
        for room in ROOMS
        for name, value in vars(room).items()
        if inspect.isfunction(value) and value.__module__ == room.__name__
        if not name.startswith("_")
    }

    breached = {(b.room, b.check) for b in BREACHES if not b.check.startswith("_")}
    assert checks == breached | set(REFUSED_IN)
    assert breached.isdisjoint(REFUSED_IN)


def test_refusals_are_where_they_are_said_to_be():
    missing = [
        test
        for file, test in REFUSED_IN.values()
        if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]

    assert missing == []
