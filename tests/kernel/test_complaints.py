"""The procedure of a complaint: its parts, its table of moves, who may not decide."""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from kernel.complaints import (
    MOVES,
    OPEN_STATES,
    Action,
    Body,
    ComplaintHasMovedOn,
    ComplaintIsIncomplete,
    Outcome,
    Party,
    Procedure,
    State,
    Target,
    check_decision,
    check_draft,
    find_transition,
    is_about,
    is_addressed_to,
    list_actions,
    read_procedure,
    running_term,
)
from kernel.errors import NotFound
from services.regulation.defaults import DEFAULTS
from tests.factories.complaints import make_decision, make_draft

CLERK, HEAD, OFFICER, SYSTEM = Party.CLERK, Party.HEAD, Party.OFFICER, Party.SYSTEM
R, G = State.RECEIVED, State.REGISTERED
# Written by hand, apart from the code: where each move starts and leads, and who makes it.
ALLOWED = {
    (R, Action.REGISTER): ({CLERK, HEAD, OFFICER, SYSTEM}, G),
    (R, Action.NAME_PERSON): ({CLERK, HEAD, OFFICER}, R),
    (G, Action.NAME_PERSON): ({CLERK, HEAD, OFFICER}, G),
    (G, Action.ASSIGN): ({OFFICER}, G),
    (G, Action.FORWARD): ({CLERK, HEAD, OFFICER}, State.FORWARDED),
    (G, Action.ASK_CASE): ({OFFICER}, G),
    (G, Action.ASK_SCHOOL): ({OFFICER}, G),
    (G, Action.DECIDE): ({HEAD, OFFICER}, State.DECIDED),
    (G, Action.LEAVE): ({HEAD, OFFICER}, State.UNANSWERED),
    (State.DECIDED, Action.ANSWER): ({CLERK, HEAD, OFFICER}, State.ANSWERED),
    (G, Action.NOTE_OFFENCE): ({HEAD, OFFICER}, G),
    (State.DECIDED, Action.NOTE_OFFENCE): ({HEAD, OFFICER}, State.DECIDED),
    (State.ANSWERED, Action.NOTE_OFFENCE): ({HEAD, OFFICER}, State.ANSWERED),
    (State.UNANSWERED, Action.NOTE_OFFENCE): ({HEAD, OFFICER}, State.UNANSWERED),
}


@pytest.fixture
def procedure() -> Procedure:
    """The procedure as it ships."""
    return read_procedure({key: default.value for key, default in DEFAULTS.items()})


def missing_of(check: Callable[[], None]) -> set[str]:
    """Return the names of the fields a check complains of."""
    try:
        check()
    except ComplaintIsIncomplete as error:
        return set(error.fields)
    return set()


# --- The table ---------------------------------------------------------------------------------


@pytest.mark.requirement("SRV-030", part=True)
@pytest.mark.parametrize(("state", "action"), list(product(State, Action)), ids=str)
def test_each_move_is_open_to_whom_the_table_says(state: State, action: Action) -> None:
    who, leads_to = ALLOWED.get((state, action), (set(), None))

    seen: dict[Party, State | None] = {}
    for party in Party:
        try:
            seen[party] = find_transition(state, action, {party}).leads_to
        except (NotFound, ComplaintHasMovedOn):
            seen[party] = None

    assert seen == {party: leads_to if party in who else None for party in Party}


def test_stranger_finds_no_move_and_no_word_why() -> None:
    for state, action in product(State, Action):
        with pytest.raises(NotFound):
            find_transition(state, action, set())


def test_move_at_a_wrong_time_says_that_it_moved_on() -> None:
    with pytest.raises(ComplaintHasMovedOn):
        find_transition(State.ANSWERED, Action.DECIDE, {Party.HEAD})


def test_nothing_leads_out_of_an_end() -> None:
    ends = set(State) - OPEN_STATES

    assert {one.leads_to for (state, _), one in MOVES if state in ends} <= ends
    assert list_actions(State.FORWARDED, set(Party)) == frozenset()


# --- The parts of a complaint --------------------------------------------------------------------


@pytest.mark.requirement("SRV-030", "SRV-031", part=True)
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        pytest.param({}, set(), id="whole"),
        pytest.param({"middle_name": "", "email": ""}, set(), id="what may be left out"),
        pytest.param({"last_name": " "}, {"last_name"}, id="anonymous"),
        pytest.param({"first_name": ""}, {"first_name"}, id="no first name"),
        pytest.param({"residence": ""}, {"residence"}, id="no residence"),
        pytest.param({"postal_address": ""}, {"postal_address"}, id="nowhere to answer"),
        pytest.param({"phone": "", "email": ""}, {"phone"}, id="no contact"),
        pytest.param({"phone": "", "email": "v@example.org"}, set(), id="only e-mail"),
        pytest.param({"contested": ""}, {"contested"}, id="nothing contested"),
        pytest.param({"arguments": ""}, {"arguments"}, id="no arguments"),
        pytest.param({"against": ""}, {"against"}, id="about nobody"),
        pytest.param({"against": "", "target": Target.DIRECTOR}, set(), id="head without a name"),
        pytest.param({"grounds": ()}, {"grounds"}, id="no ground"),
        pytest.param({"grounds": ("2", "77")}, {"grounds"}, id="a ground nobody knows"),
        pytest.param({"grounds": ("other",)}, set(), id="another ground"),
    ],
)
def test_complaint_needs_every_part_of_the_law(changes, fields, procedure: Procedure) -> None:
    assert missing_of(lambda: check_draft(make_draft(**changes), procedure)) == fields


@pytest.mark.requirement("SRV-030")
def test_grounds_are_those_of_the_law_with_rudeness_and_other(procedure: Procedure) -> None:
    codes = [one.code for one in procedure.grounds]

    assert codes == [*map(str, range(1, 11)), "ethics", "other"]


@pytest.mark.parametrize(
    ("grounds", "days"),
    [(["2"], 15), (["4"], 5), (["7"], 5), (["2", "7"], 5), (["other"], 15)],
)
def test_refused_documents_and_uncorrected_errors_have_the_short_term(
    grounds: list[str], days: int, procedure: Procedure
) -> None:
    assert procedure.review_days(grounds) == days


@pytest.mark.requirement("SRV-031", part=True)
@pytest.mark.parametrize(
    ("target", "body"),
    [
        (Target.EMPLOYEE, Body.SCHOOL),
        (Target.ORGANISATION, Body.SCHOOL),
        (Target.DIRECTOR, Body.COMMITTEE),
        (Target.OFFICER, Body.COMMITTEE),
    ],
)
def test_addressee_follows_from_whom_it_is_about(target, body, procedure: Procedure) -> None:
    assert [one for one in Body if is_addressed_to(target, one, procedure)] == [body]


# --- Who is complained of ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("against", "last_name", "is_his"),
    [
        ("учитель Петрова О. И.", "Петрова", True),
        ("на учителя Петрову", "Петрова", True),
        ("ПЁТРОВУ", "Петрова", True),
        ("Борина Бориса", "Борин", True),
        ("учитель алгебры", "Петрова", False),
        ("Иванова", "Петрова", False),
        ("", "Петрова", False),
        ("учитель Ли", "Ли", False),  # too short to guess by: somebody names the card
        ("учитель", "", False),
    ],
)
def test_surname_in_any_case_stops_its_bearer(against: str, last_name: str, is_his: bool) -> None:
    assert is_about(against=against, against_id=None, last_name=last_name, own_ids={5}) is is_his


def test_named_card_decides_and_frees_the_namesake() -> None:
    assert is_about(against="Петрова", against_id=5, last_name="Петрова", own_ids={5})
    assert not is_about(against="Петрова", against_id=6, last_name="Петрова", own_ids={5})


# --- The decision --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "empty", "fields"),
    [
        (Outcome.SATISFIED, "", set()),
        (Outcome.SATISFIED, "apology", {"apology"}),
        (Outcome.SATISFIED, "measures", {"measures"}),
        (Outcome.SATISFIED, "next_steps", {"next_steps"}),
        (Outcome.SATISFIED, "reasons", {"reasons"}),
        (Outcome.REFUSED, "", set()),
        (Outcome.REFUSED, "reasons", {"reasons"}),
        (Outcome.REFUSED, "appeal_order", {"appeal_order"}),
    ],
)
def test_answer_holds_all_that_the_law_asks(outcome: Outcome, empty: str, fields) -> None:
    decision = make_decision(outcome, **({empty: " "} if empty else {}))

    assert missing_of(lambda: check_decision(decision)) == fields


def test_one_term_runs_at_a_time() -> None:
    days = {
        "register_due_on": date(2026, 11, 23),
        "due_on": date(2026, 12, 14),
        "answer_due_on": date(2026, 12, 1),
    }
    seen: dict[State, date | None] = {}
    for state in State:
        term = running_term(state=state, **days)
        seen[state] = term.due_on if term else None

    assert seen == {
        State.RECEIVED: days["register_due_on"],
        State.REGISTERED: days["due_on"],
        State.FORWARDED: None,
        State.DECIDED: days["answer_due_on"],
        State.ANSWERED: None,
        State.UNANSWERED: None,
    }
