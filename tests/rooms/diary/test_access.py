"""Who may look at a child: a guardian with a live grant and a right that holds, the pupil himself.

The second half breaks every predicate of `access.py` on purpose: each of them alone stands between
somebody and a foreign child, so a test here fails when one stops deciding.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import FAMILY_ROLES, Role
from services.diary import access
from services.diary.models import AccessGrant
from services.diary.operations import grant_access
from services.diary.queries import get_on_the_way
from services.people.models import Guardian, GuardianLink
from tests.rooms.diary.conftest import TODAY

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 17, 12, tzinfo=UTC)


def opens(actor, pupil_id, on=TODAY):
    try:
        access.get_child(actor=actor, pupil_id=pupil_id, on=on)
    except NotFound:
        return False
    return True


def revoke(diary):
    grant = diary.grant_of_vera()
    grant.revoked_at, grant.revoked_ground = LATER, "consent"
    grant.save()


def drop_grant(diary):
    diary.grant_of_vera().delete()


def forbid_reading(diary):
    GuardianLink.objects.filter(pk=diary.link_of_vera().pk).update(may_read_diary=False)


def end_link(diary):
    GuardianLink.objects.filter(pk=diary.link_of_vera().pk).update(until=TODAY)


def start_link_tomorrow(diary):
    tomorrow = TODAY + timedelta(days=1)
    GuardianLink.objects.filter(pk=diary.link_of_vera().pk).update(since_on=tomorrow)


@pytest.mark.requirement("ROL-023", "PDP-005")
def test_guardian_and_pupil_see_the_child(diary):
    for actor in (diary.vera, diary.gleb):
        child = access.get_child(actor=actor, pupil_id=diary.small.gleb, on=TODAY)

        assert (child.id, str(child.name), child.class_title) == (
            diary.small.gleb,
            "Глебов Глеб",
            "7А",
        )
        assert child.siblings == ()


@pytest.mark.requirement("ROL-023", "PDP-005")
def test_nobody_else_sees_the_child(diary):
    small = diary.small
    others = [
        diary.dmitry,
        diary.actor(Role.PUPIL, small.zoya),
        diary.actor(Role.GUARDIAN, small.gleb),  # a card id of another kind of card
        diary.actor(Role.PUPIL, small.vera),
        *(diary.actor(role, small.anna) for role in sorted(set(Role) - FAMILY_ROLES)),
        Actor.system(diary.school),
        Actor.public(diary.school),
    ]

    assert [actor.roles for actor in others if opens(actor, small.gleb)] == []
    assert [actor.roles for actor in others if opens(actor, 0)] == []


@pytest.mark.requirement("ROL-023", "PDP-005")
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(revoke, id="the grant was taken back"),
        pytest.param(drop_grant, id="there was never a grant"),
        pytest.param(forbid_reading, id="the link gives no right to read"),
        pytest.param(end_link, id="the link ended today"),
        pytest.param(start_link_tomorrow, id="the link begins tomorrow"),
    ],
)
def test_guardian_needs_a_live_grant_and_a_right_that_holds(diary, spoil):
    assert opens(diary.vera, diary.small.gleb)

    spoil(diary)

    assert not opens(diary.vera, diary.small.gleb)
    assert access.list_children(actor=diary.vera, on=TODAY) == []


def test_grant_of_one_parent_opens_nothing_to_the_other(diary):
    father = Guardian.objects.create(last_name="Верин", first_name="Виктор")
    GuardianLink.objects.create(
        guardian=father, pupil_id=diary.small.gleb, relation="father", since_on=date(2026, 9, 1)
    )

    assert not opens(diary.actor(Role.GUARDIAN, father.pk), diary.small.gleb)


def test_ended_link_beside_a_new_one_shows_the_child_once(diary):
    GuardianLink.objects.create(
        guardian_id=diary.small.vera,
        pupil_id=diary.small.gleb,
        relation="guardian",
        since_on=date(2025, 9, 1),
        until=date(2026, 9, 1),
    )

    assert [c.id for c in access.list_children(actor=diary.vera, on=TODAY)] == [diary.small.gleb]


def test_children_of_one_mother_stand_beside_each_other(diary):
    small = diary.small
    open_to(diary.small.vera, small.yegor)

    child = access.get_child(actor=diary.vera, pupil_id=small.yegor, on=TODAY)

    assert [sibling.id for sibling in child.siblings] == [small.gleb]


def open_to(guardian_id, pupil_id):
    GuardianLink.objects.create(
        guardian_id=guardian_id, pupil_id=pupil_id, relation="mother", since_on=date(2026, 9, 1)
    )
    AccessGrant.objects.create(
        guardian_id=guardian_id, pupil_id=pupil_id, granted_at=LATER, ground="import"
    )


# --- Every predicate broken on purpose -----------------------------------------------------------


@pytest.mark.requirement("PDP-005")
@pytest.mark.parametrize(
    ("predicate", "spoil"),
    [
        pytest.param("is_granted", revoke, id="is_granted: revoked"),
        pytest.param("is_granted", drop_grant, id="is_granted: never"),
        pytest.param("may_read", forbid_reading, id="may_read"),
        pytest.param("holds_on", end_link, id="holds_on: ended"),
        pytest.param("holds_on", start_link_tomorrow, id="holds_on: not begun"),
    ],
)
def test_each_predicate_alone_keeps_a_guardian_out(diary, monkeypatch, predicate, spoil):
    spoil(diary)
    assert not opens(diary.vera, diary.small.gleb)

    monkeypatch.setattr(access, predicate, lambda *_: True)

    assert opens(diary.vera, diary.small.gleb)


def test_predicate_of_the_asked_child_alone_keeps_other_children_out(diary, monkeypatch):
    assert not opens(diary.dmitry, diary.small.gleb)

    monkeypatch.setattr(access, "is_asked_for", lambda *_: True)

    assert opens(diary.dmitry, diary.small.gleb)


@pytest.mark.parametrize(
    ("guard", "act"),
    [
        pytest.param("check_may_open_access", "grant", id="check_may_open_access"),
        pytest.param("check_may_see_progress", "progress", id="check_may_see_progress"),
    ],
)
def test_each_guard_alone_keeps_a_family_out_of_the_office(diary, monkeypatch, guard, act):
    def run():
        if act == "grant":
            grant_access(
                actor=diary.dmitry,
                pupil_id=diary.small.yegor,
                guardian_id=diary.small.dmitry,
                ground="import",
                now=LATER,
            )
        else:
            get_on_the_way(actor=diary.dmitry, on=TODAY)

    with pytest.raises(NotFound):
        run()

    monkeypatch.setattr(access, guard, lambda *_: None)

    run()
