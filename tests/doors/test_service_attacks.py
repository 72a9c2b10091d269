"""What nobody may do to a case by knocking at its addresses, whatever he posts."""

from itertools import product

import pytest
from django.test import Client

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from portal.office.service import STEPS
from services.cases.models import Application, CaseEvent
from services.people.models import SchoolClass
from tests.factories.district import (
    ALPHA,
    BETA,
    TwoSchools,
    open_account,
    sign_in,
    take_application,
)
from tests.rooms.cases.families import noon
from tests.rooms.cases.test_table import ROWS

pytestmark = pytest.mark.django_db
# What a person may post, and what only the system does: each is posted by everybody.
ACTIONS = sorted({*STEPS, "register", "recount", "lose_consent", "leave", "submit", "resubmit"})
KNOWN = {(str(state), str(action)): row for (state, action), row in ROWS.items()}
# Who tries, where the case stands: the whole table is walked by tests/rooms/cases/test_table.py.
KNOCKING = {
    "accepted": ("class teacher", "secretary", "management"),
    "terminated": ("administrator", "teacher", "nurse"),
}
FORM = {
    "ground": "transfer", "match": "1-1", "document": "consent", "explained": "on",
    "to_school": "2", "delivery": "paper",
}  # fmt: skip


def browsers(two: TwoSchools) -> dict[str, Client]:
    """Return everybody at work, as the table by hand names them; Oksana leads another class."""
    school, small = two.refs[ALPHA], two.alpha
    with school_transaction(Actor.system(school), school.id):
        for letter, teacher in (("А", small.anna), ("Б", small.oksana)):
            SchoolClass.objects.filter(level=7, letter=letter).update(class_teacher_id=teacher)
    roles = (Role.SECRETARY, Role.ADMINISTRATOR, Role.MANAGEMENT, Role.NURSE)
    return {
        "class teacher": sign_in((Role.TEACHER, school, small.anna)),
        "teacher": sign_in((Role.TEACHER, school, small.oksana)),
        **{role.value: sign_in((role, school, None)) for role in roles},
    }


def state_of(two: TwoSchools, case_id: int) -> tuple[str, int]:
    """Return where a case stands and how long its log is."""
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        log = CaseEvent.objects.filter(application_id=case_id).count()
        return Application.objects.get(pk=case_id).state, log


def set_state(two: TwoSchools, case_id: int, state: str) -> None:
    """Let a recognised case stand somewhere."""
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        Application.objects.filter(pk=case_id).update(
            state=state, due_on=noon().date(), consent_id=1, accepted_on=noon().date()
        )


@pytest.mark.requirement("SRV-016", part=True)
def test_step_the_table_does_not_give_is_refused_at_the_door_and_changes_nothing(
    two: TwoSchools,
) -> None:
    case_id = take_application(two.refs[ALPHA], two.alpha).case_id
    people = browsers(two)
    opened = []
    for state, knocking in KNOCKING.items():
        set_state(two, case_id, state)
        before = state_of(two, case_id)
        for person, action in product(knocking, ACTIONS):
            row = KNOWN.get((state, action))
            if row and person in row[1]:
                continue
            answer = people[person].post(f"/s/alpha/office/service/{case_id}/{action}/do/", FORM)
            if answer.status_code not in (404, 409) or state_of(two, case_id) != before:
                opened.append((state, person, action, answer.status_code))

    assert opened == []


def test_case_of_another_family_or_school_is_nowhere(two: TwoSchools) -> None:
    """A stranger with a role in both schools tries his number in every address."""
    case_id = take_application(two.refs[ALPHA], two.alpha).case_id
    before = state_of(two, case_id)
    stranger = Client()
    stranger.force_login(
        open_account(
            (Role.GUARDIAN, two.refs[ALPHA], two.alpha.dmitry),
            (Role.ADMINISTRATOR, two.refs[BETA], None),
        )
    )

    for action in ("withdraw", "stop", "change_delivery", "resubmit", "grant"):
        own = stranger.post(f"/family/service/alpha/{case_id}/{action}/do/", FORM)
        office = stranger.post(f"/s/beta/office/service/{case_id}/{action}/do/", FORM)
        foreign = stranger.post(f"/s/alpha/office/service/{case_id}/{action}/do/", FORM)
        assert {own.status_code, office.status_code, foreign.status_code} == {404}, action
    for page in ("", "application.pdf", "files/1/"):
        assert stranger.get(f"/family/service/alpha/{case_id}/{page}").status_code == 404
    assert state_of(two, case_id) == before
