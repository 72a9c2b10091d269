"""Giving access and taking it back: once per pair, audited, told by an event."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from foundation.audit.queries import list_changes
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import FAMILY_ROLES, Role
from services.diary.models import AccessGrant
from services.diary.operations import NotAGuardian, grant_access, grant_by_lists, revoke_access
from services.diary.queries import get_on_the_way
from services.people.models import Guardian, GuardianLink
from tests.rooms.diary.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
MAY_OPEN_ACCESS = {Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM}
MAY_SEE_PROGRESS = {*MAY_OPEN_ACCESS, Role.MANAGEMENT}


@pytest.fixture
def victor(diary):
    """Gleb's father, whom the list has just brought: no grant yet."""
    return Guardian.objects.create(last_name="Верин", first_name="Виктор").pk


@pytest.fixture
def link(diary, victor):
    return GuardianLink.objects.create(
        guardian_id=victor, pupil_id=diary.small.gleb, relation="father", since_on=date(2026, 9, 1)
    )


def secretary(diary):
    return diary.actor(Role.SECRETARY, diary.small.boris)


def grant(diary, guardian_id, actor=None):
    return grant_access(
        actor=actor or secretary(diary),
        pupil_id=diary.small.gleb,
        guardian_id=guardian_id,
        ground=AccessGrant.Ground.CASE,
        now=NOW,
    )


def revoke(diary, guardian_id, actor=None, pupil_id=None):
    revoke_access(
        actor=actor or secretary(diary),
        pupil_id=pupil_id or diary.small.gleb,
        guardian_id=guardian_id,
        ground=AccessGrant.EndGround.CONSENT,
        now=NOW,
    )


def events():
    return [(e.name, e.payload["grant_ids"]) for e in OutboxEvent.objects.order_by("pk")]


def test_access_is_given_once(diary, victor, link):
    first, second = grant(diary, victor), grant(diary, victor)

    assert first == second
    assert events() == [("diary.AccessGranted", [first])]
    assert [c.action for c in list_changes(table="diary_accessgrant", row_id=first)] == ["INSERT"]


def test_access_is_given_to_who_stands_for_the_child_only(diary, victor):
    with pytest.raises(NotAGuardian):
        grant(diary, victor)

    assert (AccessGrant.objects.filter(guardian_id=victor).count(), events()) == (0, [])


def test_access_is_not_given_over_a_link_without_the_right(diary, victor, link):
    GuardianLink.objects.filter(pk=link.pk).update(may_read_diary=False)

    with pytest.raises(NotAGuardian):
        grant(diary, victor)


def test_access_ends_with_its_ground_and_may_be_given_again(diary, victor, link):
    first = grant(diary, victor)
    revoke(diary, victor)
    revoke(diary, victor)

    ended = AccessGrant.objects.get(pk=first)
    assert (ended.revoked_at, ended.revoked_ground) == (NOW, "consent")
    second = grant(diary, victor)
    assert second != first
    assert events() == [
        ("diary.AccessGranted", [first]),
        ("diary.AccessRevoked", [first]),
        ("diary.AccessGranted", [second]),
    ]


def test_access_that_never_was_cannot_be_taken(diary, victor):
    with pytest.raises(NotFound):
        revoke(diary, victor)


def test_database_keeps_one_live_grant_a_pair(diary):
    vera = diary.grant_of_vera()

    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.create(
            guardian_id=vera.guardian_id, pupil_id=vera.pupil_id, granted_at=NOW, ground="case"
        )


def test_database_keeps_no_end_without_a_ground(diary):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.update(revoked_at=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - MAY_OPEN_ACCESS))
def test_others_neither_give_nor_take_access(diary, victor, link, role):
    actor = diary.actor(role, victor if role in FAMILY_ROLES else diary.small.anna)

    with pytest.raises(NotFound):
        grant(diary, victor, actor)
    with pytest.raises(NotFound):
        revoke(diary, diary.small.vera, actor)
    with pytest.raises(NotFound):
        grant_by_lists(actor=actor, link_ids=[link.pk], now=NOW)

    assert AccessGrant.objects.live().count() == 2
    assert events() == []


# --- By the school's lists -----------------------------------------------------------------------


def test_lists_open_access_once(diary, link):
    system = Actor.system(diary.school)

    made = grant_by_lists(actor=system, link_ids=[link.pk], now=NOW)
    again = grant_by_lists(actor=system, link_ids=[link.pk], now=NOW)

    assert (len(made), again) == (1, [])
    assert events() == [("diary.AccessGranted", made)]
    assert AccessGrant.objects.get(pk=made[0]).ground == "import"


def test_lists_open_nothing_without_the_right(diary, link):
    GuardianLink.objects.filter(pk=link.pk).update(may_read_diary=False)

    assert grant_by_lists(actor=Actor.system(diary.school), link_ids=[link.pk], now=NOW) == []


def test_lists_do_not_open_again_what_was_taken_back(diary):
    revoke(diary, diary.small.vera)
    link_id = diary.link_of_vera().pk

    made = grant_by_lists(actor=Actor.system(diary.school), link_ids=[link_id], now=NOW)

    assert (made, AccessGrant.objects.live().filter(guardian_id=diary.small.vera).count()) == (
        [],
        0,
    )


def test_report_tells_how_many_are_on_their_way(diary, link):
    administrator = diary.actor(Role.ADMINISTRATOR, diary.small.boris)

    before = get_on_the_way(actor=administrator, on=TODAY)
    grant_by_lists(actor=Actor.system(diary.school), link_ids=[link.pk], now=datetime.now(UTC))
    after = get_on_the_way(actor=administrator, on=TODAY)

    assert (before.grants, after.grants) == (1, 0)
    # Vera, Dmitry and Victor; Gleb, Zoya and Yegor; Anna, Oksana and Boris.
    assert (after.guardian_accounts, after.pupil_accounts, after.employee_accounts) == (3, 3, 3)
    assert (after.accounts, after.is_over) == (9, False)


@pytest.mark.parametrize("role", sorted(set(Role) - MAY_SEE_PROGRESS))
def test_others_do_not_see_the_report(diary, role):
    with pytest.raises(NotFound):
        get_on_the_way(actor=diary.actor(role, diary.small.anna), on=TODAY)
