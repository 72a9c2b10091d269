"""Complaints to the school's head: register, terms, moves by role, and who never decides."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.audit.queries import list_changes
from foundation.complaints.reading import RegisterFilter
from foundation.db.door import school_transaction
from foundation.notify.models import Notice
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.complaints import (
    Action,
    Channel,
    ComplaintHasMovedOn,
    ComplaintIsIncomplete,
    Manner,
    NotYourOwnComplaint,
    Outcome,
    State,
    Target,
    WrongAddressee,
)
from kernel.errors import DomainError, NotFound
from kernel.roles import STAFF_ROLES, Role
from services.cases.complaint_access import hand_of
from services.cases.models import Complaint, ComplaintStep
from services.cases.operations import complaints as operations
from services.cases.queries import complaints as queries
from services.regulation.operations import change_setting
from tests.factories.complaints import FRIDAY_MORNING as NOW
from tests.factories.complaints import key, make_decision, make_draft
from tests.factories.school import SmallSchool, make_small_school

FRIDAY = date(2026, 11, 20)
Make = Callable[..., Actor]


@pytest.fixture
def small(school: SchoolRef, system: Actor) -> Iterator[SmallSchool]:
    """The small school, open for the whole test."""
    with school_transaction(system, school.id):
        yield make_small_school(system)


@pytest.fixture
def actor_of(school: SchoolRef, small: SmallSchool) -> Make:
    """Somebody of the school: by role, name and card."""

    def make(role: Role, name: str = "Борин Борис", card: int | None = None) -> Actor:
        persons = {} if card is None else {role: card}
        return Actor(31, school, frozenset({role}), persons, name)

    return make


@pytest.fixture
def boris(actor_of: Make, small: SmallSchool) -> Actor:
    """The head."""
    return actor_of(Role.MANAGEMENT, "Борин Борис", small.boris)


@pytest.fixture
def secretary(actor_of: Make) -> Actor:
    """Who keeps the register."""
    return actor_of(Role.SECRETARY, "Секретова Софья", 900)


@pytest.fixture
def vera(school: SchoolRef, small: SmallSchool) -> Actor:
    """The applicant, signed in."""
    return Actor(11, school, frozenset({Role.GUARDIAN}), {Role.GUARDIAN: small.vera}, "Глебова В.")


@pytest.fixture
def complain(vera: Actor) -> Callable[..., int]:
    """Let Vera complain."""

    def submit(**changes: object) -> int:
        return operations.submit_complaint(
            actor=vera,
            draft=make_draft(**changes),
            channel=Channel.PORTAL,
            request_key=key(),
            now=NOW,
        ).id

    return submit


@pytest.fixture
def registered(complain: Callable[..., int], secretary: Actor) -> int:
    """A registered complaint about the teacher Petrova."""
    complaint_id = complain()
    operations.register_complaint(actor=secretary, complaint_id=complaint_id, now=NOW)
    return complaint_id


def get(complaint_id: int) -> Complaint:
    return Complaint.objects.get(pk=complaint_id)


# --- Coming in and the register -------------------------------------------------------------------


@pytest.mark.requirement("SRV-031", part=True)
def test_complaint_waits_for_registration_until_the_next_working_day(complain) -> None:
    one = get(complain())

    assert (one.stands, one.number, one.received_on) == (State.RECEIVED, None, FRIDAY)
    assert one.register_due_on == date(2026, 11, 23)  # Monday
    assert one.account_id == 11


def test_same_request_comes_in_once_and_shows_the_same_code(vera: Actor) -> None:
    again: dict[str, Any] = {
        "actor": vera,
        "draft": make_draft(),
        "channel": Channel.PORTAL,
        "request_key": key(),
        "now": NOW,
    }

    first, second = (operations.submit_complaint(**again) for _ in range(2))

    assert (first.id, first.reference, first.code) == (second.id, second.reference, second.code)
    assert (first.is_new, second.is_new) == (True, False)
    assert Complaint.objects.count() == 1
    assert OutboxEvent.objects.filter(name="cases.ComplaintReceived").count() == 1


def test_anonymous_complaint_is_not_taken_in(vera: Actor, complain) -> None:
    with pytest.raises(ComplaintIsIncomplete):
        complain(last_name="")

    assert Complaint.objects.count() == 0


def test_complaint_about_the_head_is_not_kept_by_the_school(complain) -> None:
    with pytest.raises(WrongAddressee):
        complain(target=Target.DIRECTOR)

    assert Complaint.objects.count() == 0


def test_who_signs_nothing_in_is_asked_by_number_and_code(school: SchoolRef, small, secretary):
    accepted = operations.submit_complaint(
        actor=Actor.public(school),
        draft=make_draft(),
        channel=Channel.ANONYMOUS,
        request_key=key(),
        now=NOW,
    )
    number = operations.register_complaint(actor=secretary, complaint_id=accepted.id, now=NOW)
    typed = accepted.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    def find(name: str, code: str) -> int | None:
        found = queries.find_by_code(typed=name, code=code, today=FRIDAY)
        return found.row.id if found else None

    assert find(accepted.reference, accepted.code) == accepted.id
    assert find(f" {accepted.reference.lower()} ", typed) == accepted.id
    assert find(number, accepted.code) == accepted.id
    assert find(number, "0000-0000-0000-0000") is None
    assert find("2026/000999", accepted.code) is None
    assert len(accepted.code.replace("-", "")) == 16
    assert accepted.code not in str(list(Complaint.objects.values()))


@pytest.mark.requirement("SRV-031", part=True)
def test_register_has_no_gap_and_a_term_by_working_days(complain, secretary: Actor) -> None:
    ids = [complain(), complain(grounds=("4",))]

    numbers = [
        operations.register_complaint(actor=secretary, complaint_id=one, now=NOW) for one in ids
    ]

    assert numbers == ["2026/000001", "2026/000002"]
    usual, short = map(get, ids)
    assert (usual.review_workdays, usual.due_on) == (15, date(2026, 12, 11))
    assert (short.review_workdays, short.due_on) == (5, date(2026, 11, 27))
    assert usual.forward_due_on == date(2026, 11, 25)
    assert usual.edition


def test_term_crosses_new_year_by_the_production_calendar(complain, secretary: Actor) -> None:
    complaint_id = complain()
    start = NOW.replace(month=12, day=28)

    operations.register_complaint(actor=secretary, complaint_id=complaint_id, now=start)

    assert get(complaint_id).due_on == date(2027, 1, 27)  # law.md §3, the hand-made vector


def test_terms_are_the_schools_own_settings(complain, secretary: Actor, system: Actor) -> None:
    change_setting(
        actor=system,
        key="complaint.review_workdays",
        value=10,
        clause="п. 5.4",
        since_on=date(2026, 9, 1),
    )
    complaint_id = complain()

    operations.register_complaint(actor=secretary, complaint_id=complaint_id, now=NOW)

    assert get(complaint_id).due_on == date(2026, 12, 4)


def test_night_registers_what_nobody_did_in_time(complain, system: Actor) -> None:
    complaint_id = complain()

    assert operations.keep_terms(actor=system, now=NOW) == 0
    assert operations.keep_terms(actor=system, now=NOW + timedelta(days=3)) == 1

    assert get(complaint_id).number == "2026/000001"


def test_changed_calendar_moves_a_running_term_and_writes_it_down(
    registered: int, system: Actor
) -> None:
    change_setting(
        actor=system,
        key="calendar.regional_days",
        value={"2026-12-01": "off"},
        clause="закон республики",
        since_on=FRIDAY,
    )

    operations.keep_terms(actor=system, now=NOW)
    operations.keep_terms(actor=system, now=NOW)

    assert get(registered).due_on == date(2026, 12, 14)
    notes = ComplaintStep.objects.filter(action="recount").values_list("note", flat=True)
    assert list(notes) == ["было 11.12.2026, стало 14.12.2026"]


# --- Every state × action × role ------------------------------------------------------------------

CLERKS = {Role.MANAGEMENT, Role.SECRETARY}
WHO = {
    (State.RECEIVED, Action.REGISTER): CLERKS,
    (State.RECEIVED, Action.NAME_PERSON): CLERKS,
    (State.REGISTERED, Action.NAME_PERSON): CLERKS,
    (State.REGISTERED, Action.FORWARD): CLERKS,
    (State.REGISTERED, Action.DECIDE): {Role.MANAGEMENT},
    (State.REGISTERED, Action.LEAVE): {Role.MANAGEMENT},
    (State.DECIDED, Action.ANSWER): CLERKS,
    (State.REGISTERED, Action.NOTE_OFFENCE): {Role.MANAGEMENT},
    (State.DECIDED, Action.NOTE_OFFENCE): {Role.MANAGEMENT},
    (State.ANSWERED, Action.NOTE_OFFENCE): {Role.MANAGEMENT},
    (State.UNANSWERED, Action.NOTE_OFFENCE): {Role.MANAGEMENT},
}
SCHOOLS_ACTIONS = {action for _, action in WHO}


def act(action: Action, actor: Actor, complaint_id: int) -> None:
    """Make a move with everything it needs."""
    place: dict[str, Any] = {"actor": actor, "complaint_id": complaint_id, "now": NOW}
    moves: dict[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: operations.register_complaint(**place),
        Action.NAME_PERSON: lambda: operations.name_person(
            **place, target=Target.EMPLOYEE, against_id=777, note=""
        ),
        Action.FORWARD: lambda: operations.forward_complaint(**place, reason="Не к нам."),
        Action.DECIDE: lambda: operations.decide_complaint(**place, decision=make_decision()),
        Action.LEAVE: lambda: operations.leave_complaint(**place, ground="abuse"),
        Action.ANSWER: lambda: operations.answer_complaint(**place, manner=Manner.POST),
        Action.NOTE_OFFENCE: lambda: operations.note_offence(**place, note="В прокуратуру."),
    }
    moves[action]()


def bring_to(state: State, complaint_id: int, boris: Actor) -> None:
    """Bring a received complaint into a state."""
    ways = {
        State.RECEIVED: [],
        State.REGISTERED: [Action.REGISTER],
        State.FORWARDED: [Action.REGISTER, Action.FORWARD],
        State.DECIDED: [Action.REGISTER, Action.DECIDE],
        State.ANSWERED: [Action.REGISTER, Action.DECIDE, Action.ANSWER],
        State.UNANSWERED: [Action.REGISTER, Action.LEAVE],
    }
    for action in ways[state]:
        act(action, boris, complaint_id)


@pytest.mark.requirement("SRV-030", part=True)
@pytest.mark.parametrize("state", State)
def test_every_action_of_every_role(state: State, complain, boris: Actor, actor_of: Make) -> None:
    complaint_id = complain()
    bring_to(state, complaint_id, boris)
    seen = {}
    for action, role in product(sorted(SCHOOLS_ACTIONS), Role):
        before = get(complaint_id)
        mark = transaction.savepoint()
        try:
            act(action, actor_of(role, "Чужова Чужа"), complaint_id)
            seen[action, role] = True
        except DomainError:
            seen[action, role] = False
            after = get(complaint_id)
            assert (after.state, after.number) == (before.state, before.number)
        transaction.savepoint_rollback(mark)

    opened = {pair for pair, is_open in seen.items() if is_open}
    wanted = {
        (action, role) for (start, action), roles in WHO.items() if start is state for role in roles
    }
    if state is State.RECEIVED:
        wanted.add((Action.REGISTER, Role.SYSTEM))  # at night, see `keep_terms`
    assert opened == wanted


# --- The decision ---------------------------------------------------------------------------------


@pytest.mark.requirement("SRV-030", part=True)
@pytest.mark.parametrize("outcome", Outcome)
def test_decision_is_answered_by_the_next_calendar_day(outcome, registered: int, boris) -> None:
    due = operations.decide_complaint(
        actor=boris, complaint_id=registered, decision=make_decision(outcome), now=NOW
    )
    operations.answer_complaint(actor=boris, complaint_id=registered, manner=Manner.POST, now=NOW)

    one = get(registered)
    assert due == date(2026, 11, 21)  # Saturday: a calendar day, it does not move
    assert (one.ended_as, one.decided_by, one.decided_by_name) == (outcome, 31, "Борин Борис")
    assert (one.stands, one.answered_on, one.sent_by) == (State.ANSWERED, FRIDAY, Manner.POST)
    assert bool(one.apology) == (outcome is Outcome.SATISFIED)


def test_answer_due_on_a_day_off_is_said(registered: int, boris: Actor) -> None:
    operations.decide_complaint(
        actor=boris, complaint_id=registered, decision=make_decision(), now=NOW
    )

    card = queries.get_complaint(actor=boris, complaint_id=registered, today=FRIDAY)

    assert (card.answer_due_on, card.is_answer_due_off) == (date(2026, 11, 21), True)


def test_second_decision_changes_nothing(registered: int, boris: Actor) -> None:
    operations.decide_complaint(
        actor=boris, complaint_id=registered, decision=make_decision(), now=NOW
    )

    with pytest.raises(ComplaintHasMovedOn):
        operations.decide_complaint(
            actor=boris,
            complaint_id=registered,
            decision=make_decision(Outcome.REFUSED),
            now=NOW,
        )

    assert get(registered).ended_as is Outcome.SATISFIED


def test_second_forwarding_changes_nothing(registered: int, boris: Actor) -> None:
    operations.forward_complaint(actor=boris, complaint_id=registered, reason="Не к нам.", now=NOW)

    with pytest.raises(ComplaintHasMovedOn):
        operations.forward_complaint(
            actor=boris, complaint_id=registered, reason="Ещё раз.", now=NOW
        )

    assert OutboxEvent.objects.filter(name="cases.ComplaintForwarded").count() == 1


@pytest.mark.parametrize("ground", ["", "rude", "2"])
def test_left_without_answer_only_on_a_closed_ground(ground: str, registered, boris) -> None:
    with pytest.raises(ComplaintIsIncomplete):
        operations.leave_complaint(actor=boris, complaint_id=registered, ground=ground, now=NOW)

    assert get(registered).stands is State.REGISTERED


def test_decision_without_an_apology_is_not_taken(registered: int, boris: Actor) -> None:
    with pytest.raises(ComplaintIsIncomplete) as refused:
        operations.decide_complaint(
            actor=boris, complaint_id=registered, decision=make_decision(apology=""), now=NOW
        )

    assert set(refused.value.fields) == {"apology"}
    assert get(registered).stands is State.REGISTERED


def test_database_keeps_a_decision_without_reasons_out(registered: int) -> None:
    for change in (
        {"state": State.DECIDED, "outcome": "refused"},
        {"outcome": "satisfied"},
        {"state": State.ANSWERED},
        {"state": State.UNANSWERED},
        {"state": State.FORWARDED},
        {"number": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=registered).update(**change)


def test_journal_of_a_complaint_cannot_be_rewritten(registered: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintStep.objects.filter(complaint_id=registered).update(by_name="Никто")


# --- Who is complained of -------------------------------------------------------------------------


@pytest.mark.requirement("SRV-030", part=True)
def test_who_is_complained_of_sees_nothing_and_decides_nothing(
    complain, secretary: Actor, actor_of: Make, small: SmallSchool
) -> None:
    """Oksana teaches and leads: the complaint names her surname, later her card."""
    oksana = actor_of(Role.MANAGEMENT, "Петрова Оксана", small.oksana)
    complaint_id = complain()
    operations.register_complaint(actor=secretary, complaint_id=complaint_id, now=NOW)

    for against_id in (None, small.oksana):
        if against_id:
            operations.name_person(
                actor=secretary,
                complaint_id=complaint_id,
                target=Target.EMPLOYEE,
                against_id=against_id,
                note="",
                now=NOW,
            )
        assert queries.list_complaints(actor=oksana, asked=RegisterFilter(), today=FRIDAY) == []
        with pytest.raises(NotFound):
            queries.get_complaint(actor=oksana, complaint_id=complaint_id, today=FRIDAY)
        for action in SCHOOLS_ACTIONS:
            with pytest.raises(NotFound):
                act(action, oksana, complaint_id)

    assert get(complaint_id).stands is State.REGISTERED


def test_desk_itself_refuses_who_is_complained_of(registered: int, actor_of, small) -> None:
    """The rule holds also where the access function is broken."""
    oksana = actor_of(Role.MANAGEMENT, "Петрова Оксана", small.oksana)
    desk = operations._desk(oksana, NOW, hand_of(oksana))

    with pytest.raises(NotYourOwnComplaint):
        desk.decide(registered, decision=make_decision())

    assert get(registered).stands is State.REGISTERED


def test_nobody_frees_himself_by_naming_another(complain, actor_of: Make, small) -> None:
    oksana = actor_of(Role.MANAGEMENT, "Петрова Оксана", small.oksana)
    complaint_id = complain()

    with pytest.raises(NotFound):
        operations.name_person(
            actor=oksana,
            complaint_id=complaint_id,
            target=Target.EMPLOYEE,
            against_id=small.anna,
            note="",
            now=NOW,
        )

    assert get(complaint_id).against_id is None


def test_complaint_that_turns_out_to_be_about_the_head_leaves_at_once(
    complain, secretary: Actor, boris: Actor, small: SmallSchool
) -> None:
    complaint_id = complain(against="завуч")

    operations.name_person(
        actor=secretary,
        complaint_id=complaint_id,
        target=Target.DIRECTOR,
        against_id=small.boris,
        note="Это директор.",
        now=NOW,
    )

    one = get(complaint_id)
    assert (one.stands, one.forwarded_on) == (State.FORWARDED, FRIDAY)
    assert OutboxEvent.objects.filter(name="cases.ComplaintForwarded").count() == 1
    with pytest.raises(NotFound):
        queries.get_complaint(actor=boris, complaint_id=complaint_id, today=FRIDAY)
    assert queries.get_complaint(actor=secretary, complaint_id=complaint_id, today=FRIDAY)


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role) - CLERKS - {Role.SYSTEM}))
def test_others_find_no_register(role: Role, registered: int, actor_of: Make) -> None:
    other = actor_of(role, "Чужова Чужа")

    with pytest.raises(NotFound):
        queries.list_complaints(actor=other, asked=RegisterFilter(), today=FRIDAY)
    with pytest.raises(NotFound):
        queries.get_complaint(actor=other, complaint_id=registered, today=FRIDAY)
    assert Role.TEACHER in STAFF_ROLES


def test_applicant_reads_his_own_only(registered: int, vera: Actor, school: SchoolRef) -> None:
    stranger = Actor(12, school, frozenset({Role.GUARDIAN}), {}, "Чужова")

    assert queries.get_own_complaint(actor=vera, complaint_id=registered, today=FRIDAY).row.number
    assert [one.id for one in queries.list_own_complaints(actor=vera, today=FRIDAY)] == [registered]
    with pytest.raises(NotFound):
        queries.get_own_complaint(actor=stranger, complaint_id=registered, today=FRIDAY)
    assert queries.list_own_complaints(actor=stranger, today=FRIDAY) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (RegisterFilter(), 2),
        (RegisterFilter(state="open"), 1),
        (RegisterFilter(state="closed"), 1),
        (RegisterFilter(state="answered"), 1),
        (RegisterFilter(state="overdue"), 0),
        (RegisterFilter(ground="2"), 1),
        (RegisterFilter(outcome="satisfied"), 1),
        (RegisterFilter(words="глебо вера"), 2),
        (RegisterFilter(words="Сидорова"), 0),
        (RegisterFilter(since=date(2026, 11, 21)), 0),
        (RegisterFilter(last=date(2026, 11, 20)), 2),
    ],
    ids=str,
)
def test_register_is_filtered(asked, found: int, registered: int, complain, boris: Actor) -> None:
    answered = complain(grounds=("5",))
    bring_to(State.ANSWERED, answered, boris)

    assert len(queries.list_complaints(actor=boris, asked=asked, today=FRIDAY)) == found


@pytest.mark.parametrize(
    ("today", "lateness"),
    [
        (date(2026, 12, 7), ""),
        (date(2026, 12, 8), "nearing"),
        (date(2026, 12, 11), "due"),
        (date(2026, 12, 12), "overdue"),
    ],
)
def test_nearing_and_overdue_are_said(today: date, lateness: str, registered, boris) -> None:
    (row,) = queries.list_complaints(actor=boris, asked=RegisterFilter(), today=today)

    assert row.lateness == lateness


def test_counts_are_by_ground_and_outcome_without_persons(registered, complain, boris) -> None:
    bring_to(State.ANSWERED, complain(grounds=("2", "5")), boris)

    counts = queries.count_complaints(since=FRIDAY, last=FRIDAY, today=FRIDAY)

    assert [(one.ground, one.state, one.outcome, one.count) for one in counts] == [
        ("2", State.ANSWERED, Outcome.SATISFIED, 1),
        ("2", State.REGISTERED, None, 1),
        ("5", State.ANSWERED, Outcome.SATISFIED, 1),
    ]


# --- What is told and kept ------------------------------------------------------------------------


def test_applicant_is_told_of_each_step_once(registered: int, boris: Actor) -> None:
    act(Action.DECIDE, boris, registered)
    act(Action.ANSWER, boris, registered)

    notices = Notice.objects.filter(account_id=11).order_by("pk")
    assert [one.title for one in notices] == [
        "Жалоба зарегистрирована",
        "Ответ на вашу жалобу готов",
    ]
    assert {one.url for one in notices} == {f"/family/complaints/alpha/{registered}/"}


def test_events_carry_no_words_of_the_complaint(registered: int) -> None:
    payloads = str(list(OutboxEvent.objects.values_list("payload", flat=True)))

    assert "Глебова" not in payloads
    assert "дневник" not in payloads


def test_every_change_is_audited(registered: int, boris: Actor) -> None:
    act(Action.DECIDE, boris, registered)

    actions = [one.action for one in list_changes(table="cases_complaint", row_id=registered)]
    assert actions == ["INSERT", "UPDATE", "UPDATE"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_log WHERE table_name = 'cases_complaint'")
        assert cursor.fetchone() == (3,)
