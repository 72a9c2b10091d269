"""Who may do what with a case, in every state: the table of the code against one written by hand.

The expectation below is written from the regulations (SRV-003, 009…012, 014, 016, 017) and the
matrix of rights as it ships, not from the code: state → action → next state, who. Everything not
written here must be refused, for every state, action and role.
"""

import pytest

from kernel.actor import Actor, SchoolRef
from kernel.rights import Hat, Right
from kernel.roles import STAFF_ROLES, Role
from services.cases import rules
from services.cases.rules import Action, Clock, Paper, Party, Standing, State
from services.regulation.rights import SHIPPED

# People as the regulations name them: the applicant, the class teacher of the pupil, roles.
PEOPLE = (
    "applicant", "class teacher", "teacher", "secretary", "administrator", "management", "nurse",
    "psychologist", "personnel", "system", "stranger",
)  # fmt: skip
DESK = "class teacher, secretary, administrator"
HEADS = "administrator, management"
BOTH = f"applicant, {DESK}"

EXPECTED = f"""
draft          | submit           | submitted      | {BOTH}
submitted      | register         | registered     | system
registered     | recognise        | registered     | {DESK}
registered     | ask_document     | registered     | {DESK}
registered     | refuse_to_accept | not_accepted   | {HEADS}
registered     | accept           | accepted       | {DESK}, system
registered     | refuse           | refused        | {HEADS}
registered     | withdraw         | withdrawn      | {BOTH}
registered     | change_delivery  | registered     | {BOTH}
registered     | leave            | refused        | system
accepted       | grant            | access_granted | class teacher, administrator
accepted       | suspend          | suspended      | {HEADS}
accepted       | refuse           | refused        | {HEADS}
accepted       | withdraw         | withdrawn      | {BOTH}
accepted       | change_delivery  | accepted       | {BOTH}
accepted       | leave            | refused        | system
accepted       | recount          | accepted       | system
accepted       | lose_consent     | refused        | system
suspended      | resume           | accepted       | {HEADS}
suspended      | refuse           | refused        | {HEADS}
suspended      | withdraw         | withdrawn      | {BOTH}
suspended      | change_delivery  | suspended      | {BOTH}
suspended      | leave            | refused        | system
suspended      | recount          | suspended      | system
suspended      | lose_consent     | refused        | system
access_granted | hand_over        | active         | {DESK}
access_granted | stop             | terminated     | {BOTH}
access_granted | terminate        | terminated     | {HEADS}
access_granted | lose_consent     | terminated     | system
access_granted | change_delivery  | access_granted | {BOTH}
access_granted | leave            | terminated     | system
active         | stop             | terminated     | {BOTH}
active         | terminate        | terminated     | {HEADS}
active         | lose_consent     | terminated     | system
active         | change_delivery  | active         | {BOTH}
active         | leave            | terminated     | system
not_accepted   | resubmit         | resubmitted    | {BOTH}
refused        | resubmit         | resubmitted    | {BOTH}
withdrawn      | resubmit         | resubmitted    | {BOTH}
"""
ROWS = {
    (State(cells[0]), Action(cells[1])): (State(cells[2]), frozenset(cells[3].split(", ")))
    for cells in (
        [cell.strip() for cell in line.split("|")] for line in EXPECTED.strip().splitlines()
    )
}
EVERY = [(state, action) for state in State for action in Action]


def standing_of(person: str) -> Standing:
    """Return who a person is to a case, by the matrix of rights as it ships."""
    if person == "applicant":
        return Standing(frozenset({Party.APPLICANT}))
    if person == "system":
        return Standing(frozenset({Party.SYSTEM}))
    if person == "stranger":
        return Standing(frozenset())
    hats = {Hat.CLASS_TEACHER} if person == "class teacher" else set()
    held = Role.TEACHER if person in ("class teacher", "teacher") else Role(person)
    subjects = {held, *hats}
    rights = frozenset(right for right in Right if subjects & SHIPPED[right])
    return Standing(frozenset({Party.STAFF}), rights)


@pytest.mark.requirement("SRV-016", "SRV-012")
@pytest.mark.parametrize(("state", "action"), EVERY, ids=lambda value: str(value))
def test_step_leads_where_the_regulation_says_for_every_person(state, action) -> None:
    target, who = ROWS.get((state, action), (None, frozenset()))
    row = rules.TRANSITIONS.get((state, action))

    assert (row.target if row else None) == target
    may = {person for person in PEOPLE if row and standing_of(person).party_for(row)}
    assert may == who


def test_every_staff_role_is_among_the_people_of_the_table() -> None:
    assert {role.value for role in STAFF_ROLES} <= set(PEOPLE)


def test_nothing_is_refused_twice_in_the_words_of_one_row() -> None:
    assert len(ROWS) == len(EXPECTED.strip().splitlines()) == len(rules.TRANSITIONS)


@pytest.mark.parametrize(("state", "action"), EVERY, ids=lambda value: str(value))
def test_step_that_is_not_in_the_table_is_named_so(state, action) -> None:
    if (state, action) in ROWS:
        assert rules.find_transition(state, action).state is state
    else:
        with pytest.raises(rules.NotPossibleNow):
            rules.find_transition(state, action)


@pytest.mark.requirement("SRV-009", part=True)
def test_term_starts_with_the_consent_and_stops_with_the_access_or_the_end() -> None:
    clocks = {key: row.clock for key, row in rules.TRANSITIONS.items() if row.clock}

    assert clocks == {
        (State.REGISTERED, Action.ACCEPT): Clock.START,
        (State.REGISTERED, Action.REFUSE): Clock.STOP,
        (State.REGISTERED, Action.WITHDRAW): Clock.STOP,
        (State.REGISTERED, Action.LEAVE): Clock.STOP,
        (State.ACCEPTED, Action.GRANT): Clock.STOP,
        (State.ACCEPTED, Action.SUSPEND): Clock.PAUSE,
        (State.ACCEPTED, Action.RECOUNT): Clock.RECOUNT,
        (State.ACCEPTED, Action.REFUSE): Clock.STOP,
        (State.ACCEPTED, Action.WITHDRAW): Clock.STOP,
        (State.ACCEPTED, Action.LOSE_CONSENT): Clock.STOP,
        (State.ACCEPTED, Action.LEAVE): Clock.STOP,
        (State.SUSPENDED, Action.RESUME): Clock.RESUME,
        (State.SUSPENDED, Action.RECOUNT): Clock.RECOUNT,
        (State.SUSPENDED, Action.REFUSE): Clock.STOP,
        (State.SUSPENDED, Action.WITHDRAW): Clock.STOP,
        (State.SUSPENDED, Action.LOSE_CONSENT): Clock.STOP,
        (State.SUSPENDED, Action.LEAVE): Clock.STOP,
    }


@pytest.mark.requirement("SRV-025", part=True)
def test_every_decision_leaves_a_document_and_a_word_to_the_applicant() -> None:
    papers = {(row.action, row.paper) for row in rules.TRANSITIONS.values() if row.paper}

    assert papers == {
        (Action.SUBMIT, Paper.APPLICATION),
        (Action.REGISTER, Paper.RECEIPT),
        (Action.REFUSE_TO_ACCEPT, Paper.NOT_ACCEPTED),
        (Action.GRANT, Paper.ACCESS),
        (Action.REFUSE, Paper.REFUSAL),
        (Action.LOSE_CONSENT, Paper.REFUSAL),
        (Action.LOSE_CONSENT, Paper.TERMINATION),
        (Action.LEAVE, Paper.REFUSAL),
        (Action.LEAVE, Paper.TERMINATION),
        (Action.STOP, Paper.STOP),
        (Action.TERMINATE, Paper.TERMINATION),
    }
    silent = {row.action for row in rules.TRANSITIONS.values() if not row.notice}
    assert silent == {Action.SUBMIT, Action.RECOGNISE, Action.RECOUNT, Action.RESUBMIT}


@pytest.mark.requirement("SRV-011", "SRV-012")
def test_ground_outside_the_closed_list_is_refused() -> None:
    row = rules.find_transition(State.REGISTERED, Action.REFUSE_TO_ACCEPT)

    assert rules.check_ground(row, "stranger", ["stranger"]) == "stranger"
    for ground in ("", "other", "no_consent"):
        with pytest.raises(rules.GroundIsNotListed):
            rules.check_ground(row, ground, ["stranger"])
    stop = rules.find_transition(State.ACTIVE, Action.STOP)
    assert rules.check_ground(stop, "", []) == "stop_application"
    with pytest.raises(rules.GroundIsNotListed):
        rules.check_ground(stop, "expelled", ["expelled"])


def test_step_with_an_empty_list_of_grounds_is_never_offered() -> None:
    administrator = standing_of("administrator")
    lists = {key: [("a", "А")] for key in rules.DEMANDED_GROUNDS}

    with_grounds = rules.list_offered(State.ACCEPTED, administrator, lists)
    lists[rules.SUSPENDED_GROUNDS] = []
    without = rules.list_offered(State.ACCEPTED, administrator, lists)

    assert {row.action for row in with_grounds} - {row.action for row in without} == {
        Action.SUSPEND
    }


@pytest.mark.requirement("SRV-010", part=True)
@pytest.mark.parametrize("asked", [(), ("passport",), ("consent", "passport")])
def test_document_outside_the_list_cannot_be_demanded(asked) -> None:
    with pytest.raises(rules.DocumentIsNotListed):
        rules.check_documents(asked, ["consent", "application"])


def test_actor_of_the_system_is_no_staff() -> None:
    school = SchoolRef(1, "a", "s1", "", "Europe/Moscow", "А")
    assert Actor.system(school).roles.isdisjoint(STAFF_ROLES)
