"""Complaints to the committee: moves by role, assignment, who never decides, the way to a school.

The head of the school sees nothing until the committee sends it; the committee sees nothing of the
school but the one case it asked for, frozen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from foundation.audit.queries import list_changes
from foundation.complaints.reading import RegisterFilter
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.models import Notice
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.complaints import (
    Action,
    Channel,
    ComplaintHasMovedOn,
    ComplaintIsIncomplete,
    Manner,
    Outcome,
    State,
    Target,
    WrongAddressee,
)
from kernel.errors import DomainError, NotFound
from kernel.roles import DISTRICT_ROLES, Role
from services.cases.models import CaseHandover, CommitteeLetter
from services.cases.models import Complaint as SchoolComplaint
from services.cases.operations import committee_letters
from services.cases.operations import complaints as school_operations
from services.cases.queries import complaints as school_queries
from services.cases.queries.committee_letters import list_letters
from services.oversight import operations, queries
from services.oversight.access import Officer
from services.oversight.models import CaseSnapshot, Complaint, Inquiry, SnapshotLook
from services.oversight.operations.complaints import digest_of
from tenants.registry.operations import add_regional_day
from tests.factories.complaints import key, make_decision, make_draft
from tests.rooms.cases.families import case_of, make_family
from tests.rooms.oversight.conftest import Committee

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 20)
Inside = Callable[..., Any]


def get(complaint_id: int) -> Complaint:
    return Complaint.objects.get(pk=complaint_id)


def told_to(account_id: int | None) -> list[str]:
    """Return the titles of the public notices of an account, oldest first."""
    assert account_id is not None
    notices = Notice.objects.filter(account_id=account_id).order_by("pk")
    return list(notices.values_list("title", flat=True))


def moves_of(committee: Committee, officer: Officer, complaint_id: int) -> dict[Action, Any]:
    """Return every move with everything it needs."""
    place: dict[str, Any] = {
        "officer": officer,
        "complaint_id": complaint_id,
        "now": committee.now,
    }
    return {
        Action.REGISTER: lambda: operations.register_complaint(**place),
        Action.NAME_PERSON: lambda: operations.name_person(
            **place, target=Target.DIRECTOR, against_id=None, note=""
        ),
        Action.ASSIGN: lambda: operations.assign_complaint(
            **place, account_id=officer.account_id or 0
        ),
        Action.FORWARD: lambda: operations.forward_complaint(**place, reason="Решает директор."),
        Action.ASK_CASE: lambda: operations.ask_case(**place, number="2026/000001"),
        Action.ASK_SCHOOL: lambda: operations.ask_school(**place, text="Объясните."),
        Action.DECIDE: lambda: operations.decide_complaint(**place, decision=make_decision()),
        Action.LEAVE: lambda: operations.leave_complaint(**place, ground="abuse"),
        Action.ANSWER: lambda: operations.answer_complaint(**place, manner=Manner.POST),
        Action.NOTE_OFFENCE: lambda: operations.note_offence(**place, note="В прокуратуру."),
    }


def act(committee: Committee, action: Action, officer: Officer, complaint_id: int) -> None:
    with public_transaction():
        moves_of(committee, officer, complaint_id)[action]()


WAYS = {
    State.RECEIVED: [],
    State.REGISTERED: [Action.REGISTER],
    State.FORWARDED: [Action.REGISTER, Action.FORWARD],
    State.DECIDED: [Action.REGISTER, Action.DECIDE],
    State.ANSWERED: [Action.REGISTER, Action.DECIDE, Action.ANSWER],
    State.UNANSWERED: [Action.REGISTER, Action.LEAVE],
}
OPEN = {
    State.RECEIVED: {Action.REGISTER, Action.NAME_PERSON},
    State.REGISTERED: set(Action) - {Action.REGISTER, Action.ANSWER},
    State.FORWARDED: set(),
    State.DECIDED: {Action.ANSWER, Action.NOTE_OFFENCE},
    State.ANSWERED: {Action.NOTE_OFFENCE},
    State.UNANSWERED: {Action.NOTE_OFFENCE},
}


# --- Every state × action × role ------------------------------------------------------------------


@pytest.mark.requirement("SRV-031", part=True)
@pytest.mark.parametrize("state", State)
def test_every_action_of_every_role(state: State, committee: Committee) -> None:
    complaint_id = committee.complain()
    for action in WAYS[state]:
        act(committee, action, committee.leader, complaint_id)
    opened = set()
    for action, role in product(Action, Role):
        account_id = committee.oleg.account_id
        mark = transaction.savepoint()
        try:
            officer = Officer(account_id, "Олегов Олег", frozenset({role}))
            act(committee, action, officer, complaint_id)
            opened.add((action, role))
        except DomainError:
            assert get(complaint_id).stands is state
        transaction.savepoint_rollback(mark)

    wanted = set(product(OPEN[state], DISTRICT_ROLES))
    if state is State.RECEIVED:
        wanted.add((Action.REGISTER, Role.SYSTEM))  # at night
    assert opened == wanted


# --- The register and the terms -------------------------------------------------------------------


def test_register_is_the_committees_own_and_without_a_gap(committee: Committee) -> None:
    numbers = [get(committee.register()).number for _ in range(2)]

    assert numbers == ["2026/000001", "2026/000002"]


def test_terms_are_by_the_committees_calendar(committee: Committee) -> None:
    usual, short = get(committee.register()), get(committee.register(grounds=("7",)))

    assert (usual.received_on, usual.register_due_on) == (FRIDAY, date(2026, 11, 23))
    assert (usual.due_on, usual.forward_due_on) == (date(2026, 12, 11), date(2026, 11, 25))
    assert short.due_on == date(2026, 11, 27)


def test_day_of_the_region_moves_a_running_term_and_is_written_down(committee: Committee) -> None:
    complaint_id = committee.register()
    with public_transaction():
        add_regional_day(account_id=None, day=date(2026, 12, 1), kind="off", act="Закон республики")

    for _ in range(2):
        with public_transaction():
            operations.watch_complaints(now=committee.now)

    assert get(complaint_id).due_on == date(2026, 12, 14)
    notes = get(complaint_id).steps.filter(action="recount").values_list("note", flat=True)
    assert list(notes) == ["было 11.12.2026, стало 14.12.2026"]


def test_night_registers_and_tells_of_terms(committee: Committee) -> None:
    complaint_id = committee.complain()
    monday = committee.now.replace(day=23)

    with public_transaction():
        operations.watch_complaints(now=monday)
    assert get(complaint_id).number == "2026/000001"

    with public_transaction():
        pressing = operations.watch_complaints(now=monday.replace(month=12, day=12))
    titles = [one for one in told_to(committee.oleg.account_id) if "Сроки" in one]
    assert (pressing, len(titles)) == (1, 1)


# --- Assignment and who never decides -------------------------------------------------------------


def test_who_is_not_assigned_reads_and_does_nothing(committee: Committee) -> None:
    complaint_id = committee.register()
    with public_transaction():
        operations.assign_complaint(
            officer=committee.leader,
            complaint_id=complaint_id,
            account_id=committee.olga.account_id or 0,
            now=committee.now,
        )

    with pytest.raises(operations.AssignedToAnother):
        act(committee, Action.DECIDE, committee.oleg, complaint_id)

    card, work = queries.get_complaint(
        officer=committee.oleg, complaint_id=complaint_id, today=FRIDAY
    )
    assert (card.row.assigned_name, work.is_his) == ("Ольгина Ольга", False)
    act(committee, Action.DECIDE, committee.olga, complaint_id)
    assert get(complaint_id).decided_by == committee.olga.account_id


def test_officer_gives_a_complaint_to_himself_only(committee: Committee) -> None:
    complaint_id = committee.register()

    with pytest.raises(NotFound), public_transaction():
        operations.assign_complaint(
            officer=committee.oleg,
            complaint_id=complaint_id,
            account_id=committee.olga.account_id or 0,
            now=committee.now,
        )
    with pytest.raises(ComplaintIsIncomplete), public_transaction():
        operations.assign_complaint(
            officer=committee.leader,
            complaint_id=complaint_id,
            account_id=committee.boris.account_id or 0,
            now=committee.now,
        )
    act(committee, Action.ASSIGN, committee.oleg, complaint_id)

    assert get(complaint_id).assigned_to == committee.oleg.account_id


@pytest.mark.requirement("SRV-030", part=True)
def test_officer_complained_of_sees_nothing_and_hears_nothing(committee: Committee) -> None:
    complaint_id = committee.complain(target=Target.OFFICER, against="специалисту Олегову")
    act(committee, Action.REGISTER, committee.olga, complaint_id)

    assert told_to(committee.oleg.account_id) == []
    assert told_to(committee.olga.account_id) == ["Поступила жалоба"]
    assert (
        queries.list_complaints(officer=committee.oleg, asked=RegisterFilter(), today=FRIDAY) == []
    )
    for action in Action:
        with pytest.raises(NotFound):
            act(committee, action, committee.oleg, complaint_id)
    with public_transaction():
        operations.name_person(
            officer=committee.olga,
            complaint_id=complaint_id,
            target=Target.OFFICER,
            against_id=committee.leader.account_id,
            note="",
            now=committee.now,
        )
    with pytest.raises(NotFound):
        act(committee, Action.DECIDE, committee.leader, complaint_id)


def test_officer_who_works_in_the_school_judges_no_colleague(committee: Committee) -> None:
    complaint_id = committee.register()
    colleague = replace(committee.oleg, school_ids=frozenset({committee.school.id}))

    for action in Action:
        with pytest.raises(NotFound):
            act(committee, action, colleague, complaint_id)
    with pytest.raises(NotFound):
        queries.get_complaint(officer=colleague, complaint_id=complaint_id, today=FRIDAY)


def test_second_decision_and_second_forwarding_change_nothing(committee: Committee) -> None:
    decided, forwarded = committee.register(), committee.register(target=Target.EMPLOYEE)
    act(committee, Action.DECIDE, committee.oleg, decided)
    act(committee, Action.FORWARD, committee.oleg, forwarded)

    for officer, complaint_id, action in (
        (committee.olga, decided, Action.DECIDE),
        (committee.olga, decided, Action.LEAVE),
        (committee.olga, forwarded, Action.FORWARD),
    ):
        with pytest.raises(ComplaintHasMovedOn):
            act(committee, action, officer, complaint_id)

    assert get(decided).decided_by == committee.oleg.account_id
    assert OutboxEvent.objects.filter(name="oversight.ComplaintSentToSchool").count() == 1


def test_complaint_about_the_staff_is_not_decided_by_the_committee(committee: Committee) -> None:
    complaint_id = committee.register(target=Target.EMPLOYEE, against="учитель Петрова")

    with pytest.raises(WrongAddressee):
        act(committee, Action.DECIDE, committee.oleg, complaint_id)

    assert get(complaint_id).stands is State.REGISTERED


# --- Between the committee and the school ---------------------------------------------------------


def school_sees(inside: Inside) -> tuple[int, int, int]:
    """Return how many complaints, letters and handovers the head could find in his school."""

    def count(actor: Actor) -> tuple[int, int, int]:
        listed = school_queries.list_complaints(actor=actor, asked=RegisterFilter(), today=FRIDAY)
        return (len(listed), len(list_letters(actor=actor)), CaseHandover.objects.count())

    seen: tuple[int, int, int] = inside(count)
    return seen


@pytest.mark.requirement("SRV-031", part=True)
def test_head_sees_nothing_until_the_committee_sends(committee: Committee, inside: Inside) -> None:
    complaint_id = committee.register()
    act(committee, Action.ASK_CASE, committee.oleg, complaint_id)
    committee.deliver()

    assert school_sees(inside) == (0, 0, 0)
    assert told_to(committee.boris.account_id) == []
    with school_transaction(committee.boris, committee.school.id):
        assert SchoolComplaint.objects.count() == 0
        assert OutboxEvent.objects.filter(name__startswith="cases.Complaint").count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_log WHERE table_name LIKE 'cases_%%'")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "table",
    ["oversight_complaint", "oversight_casesnapshot", "oversight_inquiry", "oversight_check"],
)
def test_database_shows_a_school_no_table_of_the_committee(committee: Committee, table: str):
    with (
        school_transaction(committee.boris, committee.school.id),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM public.{table}")


@pytest.mark.requirement("SRV-031", part=True)
def test_sent_complaint_enters_the_school_once_with_its_reference(
    committee: Committee, inside: Inside
) -> None:
    complaint_id = committee.register(target=Target.EMPLOYEE, against="учитель Петрова")
    act(committee, Action.FORWARD, committee.oleg, complaint_id)

    committee.deliver()
    committee.redeliver()

    assert school_sees(inside) == (1, 0, 0)
    with school_transaction(committee.boris, committee.school.id):
        arrived = SchoolComplaint.objects.get()
        sent = (arrived.committee_id, arrived.account_id, arrived.last_name, arrived.stands)
        assert sent == (complaint_id, 11, "Глебова", State.RECEIVED)
        school_operations.register_complaint(
            actor=committee.boris, complaint_id=arrived.pk, now=committee.now
        )
        assert SchoolComplaint.objects.get().number == "2026/000001"  # the school's own register
    assert arrived.reference == get(complaint_id).reference
    assert told_to(committee.boris.account_id) == ["Поступила жалоба"]


def test_complaint_about_the_head_comes_from_the_school_once(
    committee: Committee, inside: Inside
) -> None:
    secretary = Actor(900, committee.school, frozenset({Role.SECRETARY}), {}, "Секретова Софья")

    def come(actor: Actor) -> int:
        vera = Actor(11, committee.school, frozenset({Role.GUARDIAN}), {}, "Глебова Вера")
        complaint_id = school_operations.submit_complaint(
            actor=vera,
            draft=make_draft(against="завуч"),
            channel=Channel.PORTAL,
            request_key=key(),
            now=committee.now,
        ).id
        school_operations.name_person(
            actor=actor,
            complaint_id=complaint_id,
            target=Target.DIRECTOR,
            against_id=committee.small.boris,
            note="",
            now=committee.now,
        )
        return complaint_id

    inside(come, secretary)
    committee.deliver()
    committee.redeliver()

    arrived = Complaint.objects.get()
    assert (arrived.came_from_school, arrived.school_id) == (True, committee.school.id)
    assert (arrived.aims_at, arrived.account_id) == (Target.DIRECTOR, 11)
    assert school_sees(inside) == (0, 0, 0)


def test_case_is_shown_as_a_frozen_copy_and_nothing_else(committee: Committee, schools) -> None:
    school = schools["beta"]
    with school_transaction(Actor.system(school), school.id):
        number = case_of(make_family(school).recognised()).number
    other = replace(committee, school=school)
    complaint_id = other.register(case_number=number)
    with public_transaction():
        snapshot_id = operations.ask_case(
            officer=committee.oleg, complaint_id=complaint_id, number=number, now=committee.now
        )
    other.deliver()
    other.redeliver()

    with public_transaction():
        content = operations.look_at_snapshot(
            officer=committee.oleg, snapshot_id=snapshot_id, now=committee.now
        )
    snapshot = CaseSnapshot.objects.get()
    assert content["number"] == number
    assert content["child_last_name"] == "Глебов"
    assert content["log"]
    assert not {"phone", "email", "account_id", "request_key", "secret_digest"} & content.keys()
    assert snapshot.digest == digest_of(content)
    assert [one.by_name for one in SnapshotLook.objects.all()] == ["Олегов Олег"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseSnapshot.objects.update(content={})
    with pytest.raises(NotFound), public_transaction():
        operations.look_at_snapshot(
            officer=replace(committee.oleg, school_ids=frozenset({school.id})),
            snapshot_id=snapshot_id,
            now=committee.now,
        )
    # The school learns what was shown when the complaint is over, not before.
    with school_transaction(Actor.system(school), school.id):
        assert CaseHandover.objects.count() == 0
    for action in (Action.DECIDE, Action.ANSWER):
        act(committee, action, committee.oleg, complaint_id)
    other.deliver()
    other.redeliver()
    with school_transaction(Actor.system(school), school.id):
        handover = CaseHandover.objects.get()
    assert (handover.committee_id, handover.asked_by_name) == (snapshot_id, "Олегов Олег")
    assert handover.digest == snapshot.digest


def test_case_that_is_not_there_is_said_to_be_missing(committee: Committee) -> None:
    complaint_id = committee.register()
    act(committee, Action.ASK_CASE, committee.oleg, complaint_id)
    committee.deliver()

    snapshot = CaseSnapshot.objects.get()

    assert (snapshot.is_missing, snapshot.content, snapshot.digest) == (True, None, "")
    with pytest.raises(NotFound), public_transaction():
        operations.look_at_snapshot(
            officer=committee.oleg, snapshot_id=snapshot.pk, now=committee.now
        )


@pytest.mark.requirement("ROL-033")
def test_question_reaches_the_head_and_the_reply_comes_back_once(
    committee: Committee, inside: Inside
) -> None:
    complaint_id = committee.register()
    act(committee, Action.ASK_SCHOOL, committee.oleg, complaint_id)
    committee.deliver()
    committee.redeliver()
    assert school_sees(inside) == (0, 1, 0)

    def answer(actor: Actor) -> None:
        committee_letters.answer_letter(
            actor=actor,
            letter_id=CommitteeLetter.objects.get().pk,
            reply="Исправим.",
            now=committee.now,
        )

    inside(answer)
    with pytest.raises(ComplaintHasMovedOn):
        inside(answer)
    committee.deliver()
    committee.redeliver()

    inquiry = Inquiry.objects.get()
    assert (inquiry.reply, inquiry.replied_by_name) == ("Исправим.", "Борин Борис")
    assert inquiry.due_on == date(2026, 11, 25)


def test_letter_of_the_committee_is_for_the_head_only(committee: Committee, inside: Inside) -> None:
    act(committee, Action.ASK_SCHOOL, committee.oleg, committee.register())
    committee.deliver()

    for role in set(Role) - {Role.MANAGEMENT, Role.SYSTEM}:
        other = Actor(900, committee.school, frozenset({role}), {}, "Чужова Чужа")
        with pytest.raises(NotFound):
            inside(lambda actor: list_letters(actor=actor), other)


# --- Numbers, notices, audit ----------------------------------------------------------------------


def test_counts_are_by_school_ground_and_outcome(committee: Committee) -> None:
    answered = committee.register(grounds=("2", "ethics"))
    committee.register(grounds=("2",))
    for action in (Action.DECIDE, Action.ANSWER):
        act(committee, action, committee.oleg, answered)

    counts = queries.count_complaints(since=FRIDAY, last=FRIDAY)

    assert {(one.school_id, one.ground, one.outcome, one.count) for one in counts} == {
        (committee.school.id, "2", Outcome.SATISFIED, 1),
        (committee.school.id, "2", None, 1),
        (committee.school.id, "ethics", Outcome.SATISFIED, 1),
    }


def test_events_and_notices_name_nobody(committee: Committee) -> None:
    complaint_id = committee.register()
    for action in (Action.ASK_CASE, Action.ASK_SCHOOL, Action.DECIDE, Action.ANSWER):
        act(committee, action, committee.oleg, complaint_id)
    committee.deliver()

    told = str(list(OutboxEvent.objects.values_list("payload", flat=True)))
    told += str(list(Notice.objects.values_list("title", "text")))

    assert "Глебова" not in told
    assert "Объясните" not in told


def test_every_change_is_audited(committee: Committee) -> None:
    complaint_id = committee.register()

    actions = [one.action for one in list_changes(table="oversight_complaint", row_id=complaint_id)]

    assert actions == ["INSERT", "UPDATE"]
