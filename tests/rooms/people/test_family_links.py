"""Who stands for a child: proposed, confirmed, limited, ended; what each state opens."""

from datetime import UTC, date, datetime

import pytest

from foundation.outbox.models import OutboxEvent
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.roles import Role
from services.people import queries
from services.people.models import Guardian, GuardianLink
from services.people.operations import (
    LimitNeedsGround,
    LinkIsOver,
    LinkIsThere,
    NewGuardian,
    add_guardian,
    confirm_link,
    end_link,
    limit_link,
    link_guardian,
)
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MAY_CONFIRM = {Role.ADMINISTRATOR, Role.SECRETARY}


@pytest.fixture
def small(opened, system):
    return make_small_school(system)


@pytest.fixture
def secretary(make_actor):
    return make_actor(Role.SECRETARY)


@pytest.fixture
def victor(small, secretary):
    """Gleb's father, proposed and not confirmed yet: the link's id."""
    card = NewGuardian(FullName("Верин", "Виктор", "Петрович"), "m", date(1980, 1, 2))
    guardian_id = add_guardian(actor=secretary, guardian=card)
    return link_guardian(
        actor=secretary,
        pupil_id=small.gleb,
        guardian_id=guardian_id,
        relation="father",
        since_on=TODAY,
    )


def readers(pupil_id):
    return {
        guardian for guardian, pupil in queries.list_readable_pairs(on=TODAY) if pupil == pupil_id
    }


def test_proposed_guardian_opens_nothing_until_the_school_confirms(small, secretary, victor):
    link = GuardianLink.objects.get(pk=victor)
    assert readers(small.gleb) == {small.vera}

    confirm_link(actor=secretary, link_id=victor, now=NOW)
    confirm_link(actor=secretary, link_id=victor, now=datetime(2027, 1, 1, tzinfo=UTC))

    assert readers(small.gleb) == {small.vera, link.guardian_id}
    link.refresh_from_db()
    assert (link.state, link.confirmed_at, link.confirmed_by) == ("confirmed", NOW, 1)


def test_right_is_taken_on_the_ground_of_a_court_only(small, secretary, victor):
    confirm_link(actor=secretary, link_id=victor, now=NOW)
    link = {"link_id": victor, "may_read_diary": False, "may_see_contacts": True}

    with pytest.raises(LimitNeedsGround):
        limit_link(actor=secretary, ground=" ", **link)
    limit_link(actor=secretary, ground="Заречный суд, 12.10.2026, № 2-15", **link)

    assert readers(small.gleb) == {small.vera}
    limit_link(actor=secretary, ground="", **{**link, "may_read_diary": True})
    assert len(readers(small.gleb)) == 2


def test_end_of_one_parent_leaves_the_other(small, secretary, victor):
    confirm_link(actor=secretary, link_id=victor, now=NOW)

    end_link(actor=secretary, link_id=victor, ground="court", until=TODAY)

    assert readers(small.gleb) == {small.vera}
    for again in (
        lambda: end_link(actor=secretary, link_id=victor, ground="court", until=TODAY),
        lambda: confirm_link(actor=secretary, link_id=victor, now=NOW),
    ):
        with pytest.raises(LinkIsOver):
            again()


def test_same_pair_is_linked_once_and_again_after_the_end(small, secretary, victor):
    guardian_id = GuardianLink.objects.get(pk=victor).guardian_id
    pair = {"pupil_id": small.gleb, "guardian_id": guardian_id, "relation": "father"}
    with pytest.raises(LinkIsThere):
        link_guardian(actor=secretary, since_on=TODAY, **pair)

    end_link(actor=secretary, link_id=victor, ground="mistake", until=TODAY)
    again = link_guardian(actor=secretary, since_on=TODAY, confirmed=True, now=NOW, **pair)

    assert again != victor
    assert readers(small.gleb) == {small.vera, guardian_id}


@pytest.mark.requirement("ACC-020", part=True)
def test_identity_finds_the_same_person_and_names_do_not(small, secretary):
    name = FullName("Иванова", "Мария", "Ивановна")
    first = NewGuardian(name, birth_date=date(1985, 5, 5), snils="112-233-445 95")

    one = add_guardian(actor=secretary, guardian=first)
    same = add_guardian(actor=secretary, guardian=first)
    namesake = add_guardian(
        actor=secretary, guardian=NewGuardian(name, birth_date=date(1985, 5, 5))
    )

    assert one == same != namesake
    assert "112" not in Guardian.objects.get(pk=one).identity_digest


def test_each_step_is_told_by_an_event_of_ids(small, secretary, victor):
    confirm_link(actor=secretary, link_id=victor, now=NOW)
    end_link(actor=secretary, link_id=victor, ground="court", until=TODAY)

    events = OutboxEvent.objects.filter(name="people.GuardianLinkChanged").order_by("pk")
    assert [event.payload for event in events] == [{"link_id": victor}] * 3


@pytest.mark.parametrize("role", sorted(set(Role) - MAY_CONFIRM - {Role.SYSTEM}))
def test_others_neither_add_nor_confirm_nor_end(small, make_actor, victor, role):
    actor = make_actor(role, person=small.anna)
    before = list(GuardianLink.objects.order_by("pk").values())

    for attempt in (
        lambda: add_guardian(actor=actor, guardian=NewGuardian(FullName("А", "Б"))),
        lambda: confirm_link(actor=actor, link_id=victor, now=NOW),
        lambda: end_link(actor=actor, link_id=victor, ground="court", until=TODAY),
        lambda: limit_link(
            actor=actor, link_id=victor, may_read_diary=False, may_see_contacts=True, ground="x"
        ),
        lambda: link_guardian(
            actor=actor,
            pupil_id=small.zoya,
            guardian_id=small.dmitry,
            relation="other",
            since_on=TODAY,
            confirmed=True,
            now=NOW,
        ),
    ):
        with pytest.raises(NotFound):
            attempt()

    assert list(GuardianLink.objects.order_by("pk").values()) == before
