"""Every route × every role × own and foreign school, by real requests; nothing changes on refusal.

The table is `tests.doors.knocks`, written apart from `config.permissions`.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from config.permissions import MATRIX
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import DISTRICT_ROLES, FAMILY_ROLES, SCHOOL_ROLES, Role
from services.people.models import GuardianLink
from tenants.accounts.models import Account, Membership
from tests.architecture import facts
from tests.doors.knocks import CHILD_ROUTES, JOURNAL_ROUTES, KNOCKS, Knock
from tests.factories.district import (
    ALPHA,
    BETA,
    TwoSchools,
    sign_in,
)

pytestmark = pytest.mark.django_db
HOLDABLE = sorted(SCHOOL_ROLES | DISTRICT_ROLES)


@pytest.fixture
def full(filled_once: TwoSchools, friday: str, db: None) -> TwoSchools:
    """Both schools full, for one test: what is noted in Python is its own copy."""
    return copy.deepcopy(filled_once)


def browser_of(two: TwoSchools, role: Role) -> Client:
    """Return the browser of somebody with one role, in «Альфа» or in the district."""
    return two.sign_in(role, None if role in DISTRICT_ROLES else ALPHA)


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the database whatever happens inside."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def describe(answer: Any) -> int | str:
    """Return the status, or «sign in» when the person is led to the sign-in page."""
    is_led = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
    return "sign in" if is_led else int(answer.status_code)


@contextmanager
def nothing_changes(two: TwoSchools) -> Iterator[None]:
    """Assert that nothing was written in either school and nothing was sent."""
    before = two.count_everything()
    yield
    assert two.count_everything() == before


# --- The table itself -------------------------------------------------------------------------


def test_every_route_is_knocked_at() -> None:
    assert {knock.route for knock in KNOCKS} == set(facts.routes())


def test_every_route_has_a_row_in_the_matrix_and_no_row_is_left_over() -> None:
    assert set(MATRIX) == set(facts.routes())


def test_every_role_a_person_may_hold_is_tried() -> None:
    assert set(HOLDABLE) == set(Role) - {Role.SYSTEM, Role.PUBLIC}


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.PUBLIC])
def test_nobody_can_hold_the_role_of_the_house(schools, role):
    account = Account.objects.create(login="a", display_name="А")
    for school_id in (None, schools[ALPHA].id):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(account=account, role=role, school_id=school_id)


# --- Every knock ------------------------------------------------------------------------------


@pytest.mark.requirement("ACC-018", "PDP-013")
@pytest.mark.requirement("PDP-005", part=True)
@pytest.mark.parametrize("knock", KNOCKS, ids=str)
def test_door_opens_to_whom_the_table_says(full: TwoSchools, knock: Knock) -> None:
    """Who may, who may not; a foreign school, no school, nobody signed in: one world for all."""
    opens_to_its_people(full, knock)
    is_shut_to_strangers(full, knock)
    if knock.has_school:
        is_not_there_in_a_foreign_school(full, knock)


def opens_to_its_people(full: TwoSchools, knock: Knock) -> None:
    seen, wanted = {}, {}
    for role in HOLDABLE:
        client = browser_of(full, role)
        may = role in knock.who
        wanted[role] = knock.answers if may else frozenset({404})
        if may:
            with undone():
                seen[role] = describe(knock.knock(client, full, ALPHA))
        else:
            with nothing_changes(full):
                seen[role] = describe(knock.knock(client, full, ALPHA))

    assert {role: status for role, status in seen.items() if status not in wanted[role]} == {}


def is_not_there_in_a_foreign_school(full: TwoSchools, knock: Knock) -> None:
    client = browser_of(full, Role.TEACHER)
    nowhere = knock.address(full, BETA).replace(BETA, "no-such-school")
    with nothing_changes(full):
        seen = {
            role: describe(knock.knock(browser_of(full, role), full, BETA)) for role in HOLDABLE
        }

    assert seen == dict.fromkeys(HOLDABLE, 404)
    there, not_there = client.get(knock.address(full, BETA)), client.get(nowhere)
    assert (there.status_code, not_there.status_code) == (404, 404)


def is_shut_to_strangers(full: TwoSchools, knock: Knock) -> None:
    asked = 401 if knock.is_api else "sign in"
    for slug in (ALPHA, BETA):
        if knock.is_open:
            with undone():
                assert describe(knock.knock(Client(), full, slug)) in knock.answers
        else:
            with nothing_changes(full):
                assert describe(knock.knock(Client(), full, slug)) == asked


# --- The journal is closed to families, and read-only to the management -----------------------


@pytest.mark.requirement("ROL-024", "ROL-025")
@pytest.mark.parametrize("role", [Role.PUPIL, Role.GUARDIAN])
def test_family_finds_no_address_of_the_journal(full: TwoSchools, role: Role) -> None:
    """Whatever the case of the door: the page, its cells, a lesson, a save, the API's twins."""
    client = browser_of(full, role)

    with nothing_changes(full):
        seen = {str(knock): describe(knock.knock(client, full, ALPHA)) for knock in JOURNAL_ROUTES}

    assert seen == {str(knock): 404 for knock in JOURNAL_ROUTES}
    assert len(seen) >= 12


@pytest.mark.requirement("ROL-024", part=True)
def test_pupil_who_holds_the_number_of_a_teacher_is_still_a_pupil(full: TwoSchools) -> None:
    """The card of the role counts, not the number: a pupil with Anna's number opens nothing."""
    client = sign_in((Role.PUPIL, full.refs[ALPHA], full.alpha.anna))

    assert {describe(knock.knock(client, full, ALPHA)) for knock in JOURNAL_ROUTES} == {404}


@pytest.mark.requirement("ROL-008")
def test_teacher_of_another_class_finds_no_page_and_no_lesson(full: TwoSchools) -> None:
    """Oksana teaches 7Б: the list of journals and her own day are hers, nothing of 7А is."""
    oksana = sign_in((Role.TEACHER, full.refs[ALPHA], full.alpha.oksana))
    own = {"GET teacher:today", "GET teacher:journals", "GET api:journals"}
    knocks = [knock for knock in JOURNAL_ROUTES if str(knock) not in own]

    with nothing_changes(full):
        seen = {str(knock): describe(knock.knock(oksana, full, ALPHA)) for knock in knocks}

    assert seen == {str(knock): 404 for knock in knocks}
    journals = oksana.get("/api/v1/s/alpha/journals/").json()["journals"]
    assert [one["group"]["title"] for one in journals] == ["7Б"]


def test_management_reads_and_writes_nothing(full: TwoSchools) -> None:
    boris = browser_of(full, Role.MANAGEMENT)
    writes = [knock for knock in JOURNAL_ROUTES if knock.body]
    reads = [knock for knock in JOURNAL_ROUTES if Role.MANAGEMENT in knock.who]

    with nothing_changes(full):
        assert {describe(knock.knock(boris, full, ALPHA)) for knock in writes} == {404}
        assert {describe(knock.knock(boris, full, ALPHA)) for knock in reads} <= {200, 302}
    assert (len(writes), len(reads)) == (4, 11)


def test_journal_a_head_teacher_reads_is_not_editable(full: TwoSchools) -> None:
    boris = browser_of(full, Role.MANAGEMENT)
    (cells,) = [knock for knock in JOURNAL_ROUTES if knock.route == "teacher:cells"]

    body = cells.knock(boris, full, ALPHA).json()

    assert (body["editable"], {one["editable"] for one in body["lessons"]}) == (False, {False})


# --- Another child of the same school ---------------------------------------------------------


@pytest.mark.requirement("ROL-023", "PDP-005")
@pytest.mark.parametrize("knock", CHILD_ROUTES, ids=str)
def test_foreign_child_of_the_same_school_is_not_there(full: TwoSchools, knock: Knock) -> None:
    alpha, beta, refs = full.alpha, full.beta, full.refs
    strangers = {
        "Dmitry → Gleb": ((Role.GUARDIAN, refs[ALPHA], alpha.dmitry), alpha.gleb),
        "Dmitry → Zoya": ((Role.GUARDIAN, refs[ALPHA], alpha.dmitry), alpha.zoya),
        "Vera → Yegor": ((Role.GUARDIAN, refs[ALPHA], alpha.vera), alpha.yegor),
        "Zoya → Gleb": ((Role.PUPIL, refs[ALPHA], alpha.zoya), alpha.gleb),
        "Gleb → Yegor": ((Role.PUPIL, refs[ALPHA], alpha.gleb), alpha.yegor),
        "Vera → Gleb's namesake in the other school": (
            (Role.GUARDIAN, refs[ALPHA], alpha.vera),
            beta.gleb,
        ),
        "pupil without a card → Gleb": ((Role.PUPIL, refs[ALPHA], None), alpha.gleb),
        "guardian with Gleb's number → Gleb": (
            (Role.GUARDIAN, refs[ALPHA], alpha.gleb),
            alpha.gleb,
        ),
        "Vera → nobody": ((Role.GUARDIAN, refs[ALPHA], alpha.vera), 2**62),
        "Vera → beyond numbers": ((Role.GUARDIAN, refs[ALPHA], alpha.vera), 2**70),
    }
    own = knock.address(full, ALPHA)

    seen = {
        label: sign_in(place).get(own.replace(f"/{alpha.gleb}/", f"/{pupil}/")).status_code
        for label, (place, pupil) in strangers.items()
    }

    assert seen == dict.fromkeys(strangers, 404)


@pytest.mark.requirement("PDP-005", part=True)
@pytest.mark.parametrize("knock", CHILD_ROUTES, ids=str)
def test_children_of_one_mother_open_in_their_own_school_only(full, knock: Knock) -> None:
    mother = sign_in(
        (Role.GUARDIAN, full.refs[ALPHA], full.alpha.vera),
        (Role.GUARDIAN, full.refs[BETA], full.beta.vera),
    )

    assert [describe(knock.knock(mother, full, slug)) for slug in (ALPHA, BETA)] == [200, 200]
    crossed = knock.address(full, ALPHA).replace(f"/{full.alpha.gleb}/", f"/{full.beta.gleb}/")
    assert mother.get(crossed).status_code == 404


@pytest.mark.requirement("ROL-023", part=True)
@pytest.mark.parametrize("role", sorted(FAMILY_ROLES))
@pytest.mark.parametrize("knock", CHILD_ROUTES, ids=str)
def test_diary_takes_no_writing(full: TwoSchools, knock: Knock, role: Role) -> None:
    client = browser_of(full, role)

    with nothing_changes(full):
        seen = {
            method: getattr(client, method)(knock.address(full, ALPHA), {"mark": "5"}).status_code
            for method in ("post", "put", "patch", "delete")
        }

    assert set(seen.values()) == {405}


def test_right_to_a_child_ends_with_the_link(full: TwoSchools) -> None:
    vera = browser_of(full, Role.GUARDIAN)
    school = full.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        GuardianLink.objects.filter(pupil_id=full.alpha.gleb).update(until="2026-11-20")

    assert {describe(knock.knock(vera, full, ALPHA)) for knock in CHILD_ROUTES} == {404}


# --- What stands on the pages -----------------------------------------------------------------


@pytest.fixture
def marked(full: TwoSchools) -> TwoSchools:
    """Gleb has a five and Zoya a two in the same lesson, Yegor a three in 7Б."""
    school, small = full.refs[ALPHA], full.alpha
    put = {knock.route: knock for knock in KNOCKS}["teacher:save-cells"]
    assert put.body is not None
    for teacher, lesson, cells in (
        (small.anna, small.lessons[0], [(small.gleb, "5"), (small.zoya, "2")]),
        (small.oksana, small.other_lessons[0], [(small.yegor, "3")]),
    ):
        body = put.body(full, ALPHA) | {
            "lesson": lesson,
            "cells": [{"pupil": pupil, "value": value, "seen": 0} for pupil, value in cells],
        }
        answer = sign_in((Role.TEACHER, school, teacher)).post(
            put.address(full, ALPHA), body, content_type="application/json"
        )
        assert len(answer.json()["cells"]) == len(cells)
    return full


@pytest.mark.requirement("ROL-026")
@pytest.mark.parametrize("role", sorted(FAMILY_ROLES))
def test_family_reads_nothing_of_third_persons(marked: TwoSchools, role: Role) -> None:
    client = browser_of(marked, role)
    addresses = ["/", "/family/", "/api/v1/me/", *(k.address(marked, ALPHA) for k in CHILD_ROUTES)]

    for address in addresses:
        text = client.get(address, follow=True).content.decode()

        assert "Глеб" in text, address
        for word in ("Зоина", "Зоя", "Егоров", "Егор", "Верина", "Дмитри"):
            assert word not in text, f"{word}: {address}"


@pytest.mark.requirement("ROL-027")
def test_what_the_teacher_enters_reaches_teacher_parent_and_pupil(marked: TwoSchools) -> None:
    week = {knock.route: knock for knock in KNOCKS}["api:week"]
    cells = {knock.route: knock for knock in KNOCKS}["teacher:cells"]

    page = cells.knock(browser_of(marked, Role.TEACHER), marked, ALPHA).json()
    diaries = [
        browser_of(marked, role).get(f"{week.address(marked, ALPHA)}?day=2026-11-16").json()
        for role in (Role.GUARDIAN, Role.PUPIL)
    ]

    assert sorted(page["cells"]) == [[0, 0, 5, "", 1], [0, 1, 2, "", 1]]
    for diary in diaries:
        assert [lesson["mark"] for lesson in diary["days"][0]["lessons"]] == [5]


# --- Several roles at once --------------------------------------------------------------------


@pytest.mark.requirement("ROL-021")
def test_one_person_holds_several_roles_at_once(full: TwoSchools) -> None:
    """Anna teaches, is a deputy head, and is Gleb's mother: all her doors open."""
    school, small = full.refs[ALPHA], full.alpha
    anna = sign_in(
        (Role.TEACHER, school, small.anna),
        (Role.MANAGEMENT, school, small.boris),
        (Role.GUARDIAN, school, small.vera),
    )
    for knock in KNOCKS:
        if knock.is_open:
            continue
        may = not knock.who.isdisjoint({Role.TEACHER, Role.MANAGEMENT, Role.GUARDIAN})
        may = may or knock.route == "office:service-act"  # the case is her own: she applied
        with undone():
            seen = describe(knock.knock(anna, full, ALPHA))
        assert seen in (knock.answers if may else {404}), str(knock)


@pytest.mark.requirement("ROL-021", part=True)
def test_role_of_one_school_is_worth_nothing_in_another(full: TwoSchools) -> None:
    """A teacher of «Бета» who is a mother in «Альфа» is no teacher there, and the reverse."""
    person = sign_in(
        (Role.TEACHER, full.refs[BETA], full.beta.anna),
        (Role.GUARDIAN, full.refs[ALPHA], full.alpha.vera),
    )

    with nothing_changes(full):
        assert {describe(knock.knock(person, full, ALPHA)) for knock in JOURNAL_ROUTES} == {404}
        assert {describe(knock.knock(person, full, BETA)) for knock in CHILD_ROUTES} == {404}
    assert {describe(knock.knock(person, full, ALPHA)) for knock in CHILD_ROUTES} == {200}


@pytest.mark.requirement("PDP-013", part=True)
def test_dmitry_from_another_school_sees_nothing(full: TwoSchools) -> None:
    dmitry = sign_in((Role.GUARDIAN, full.refs[BETA], full.beta.dmitry))

    with nothing_changes(full):
        seen = {
            str(knock): describe(knock.knock(dmitry, full, ALPHA))
            for knock in KNOCKS
            if knock.has_school
        }

    assert set(seen.values()) == {404}
