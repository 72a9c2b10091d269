"""Taking back what a stolen account changed outside the journal (ACC-010), in one act."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from foundation import clock
from foundation.audit.models import VoidNote
from foundation.audit.queries import list_changes_by
from foundation.audit.reversal import describe_reversal, reverse_changes
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.names import FullName
from kernel.rights import Right
from kernel.roles import Role
from services.diary.handlers import on_guardian_link_changed, on_guardian_link_restored
from services.diary.models import AccessGrant
from services.diary.operations import grant_access, revoke_access
from services.people.events import GuardianLinkChanged, GuardianLinkRestored
from services.people.models import Appointment, Guardian, GuardianLink, Pupil, RoleChange
from services.people.operations import (
    CardChange,
    NewAppointment,
    appoint,
    change_pupil,
    dismiss_employee,
    end_link,
    give_role_to,
    link_guardian,
    take_role_from,
)
from services.regulation.models import RegulationSetting, RightRule
from services.regulation.operations import change_right, change_setting
from services.schedule.models import Lesson
from services.schedule.operations import substitute_lesson
from tests.factories.school import make_small_school

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-010", "AUD-006")]
THIEF, HONEST, HEAD, CASE = 11, 12, 13, 7
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GLEB = CardChange(FullName("Глебов", "Глеб"), "m", date(2013, 5, 5), phone="+79001110000")


@pytest.fixture
def small(school, system):
    with school_transaction(system, school.id):
        return make_small_school(system)


@pytest.fixture
def do(school, make_actor):
    """Do something as somebody: `do(THIEF, operation, **arguments)`; return what it returns."""

    def act(who: int, operation: Any, **more: Any) -> Any:
        actor = make_actor(Role.ADMINISTRATOR, Role.MANAGEMENT, account_id=who)
        with school_transaction(actor, school.id):
            return operation(actor=actor, **more)

    return act


@pytest.fixture
def void(do):
    """Take back everything the thief wrote; return the outcomes in the order of the changes."""

    def act(since: datetime) -> list[str]:
        outcomes = do(
            HEAD, reverse_changes, account_id=THIEF, since=since, case_id=CASE, now=clock.now()
        )
        return [outcomes[entry] for entry in sorted(outcomes)]

    return act


@pytest.fixture
def read(school, system):
    """Read rows of a model: `read(Pupil, pk=5)`."""

    def one(model: Any, **place: Any) -> Any:
        with school_transaction(system, school.id):
            return model.objects.get(**place)

    return one


def write(small, do, who: int, **more: Any) -> None:
    change = CardChange(**{"name": GLEB.name, "sex": "m", "birth_date": GLEB.birth_date, **more})
    do(who, change_pupil, pupil_id=small.gleb, change=change, on=TODAY)


def test_card_comes_back_word_by_word_and_an_honest_word_stays(small, do, void, read):
    write(small, do, HONEST)
    noticed_at = clock.now()
    write(small, do, THIEF, name=FullName("Чужой", "Глеб"), sex="f")
    write(small, do, HONEST, name=FullName("Чужой", "Глеб", "Иванович"), sex="f")

    assert void(noticed_at) == ["reversed"]

    card = read(Pupil, pk=small.gleb)
    assert (card.last_name, card.middle_name, card.sex) == ("Глебов", "Иванович", "m")


def test_word_that_another_wrote_later_is_left(small, do, void, read):
    noticed_at = clock.now()
    write(small, do, THIEF, name=FullName("Чужой", "Глеб"))
    write(small, do, HONEST, name=FullName("Глебова", "Глеб"))

    assert void(noticed_at) == ["changed"]
    assert read(Pupil, pk=small.gleb).last_name == "Глебова"


def test_link_ended_by_the_thief_stands_again_and_opens_the_diary(
    small, do, void, read, school, system
):
    link = read(GuardianLink, guardian_id=small.vera).pk
    noticed_at = clock.now()
    do(THIEF, end_link, link_id=link, ground="court", until=TODAY)
    on_guardian_link_changed(school, GuardianLinkChanged(link))
    assert read(AccessGrant, guardian_id=small.vera).revoked_ground == "rights"

    assert void(noticed_at) == ["reversed"]
    on_guardian_link_changed(school, GuardianLinkChanged(link))
    on_guardian_link_restored(school, GuardianLinkRestored(link))
    on_guardian_link_restored(school, GuardianLinkRestored(link))

    back = read(GuardianLink, pk=link)
    assert (back.state, back.until, back.end_ground) == ("confirmed", None, "")
    with school_transaction(system, school.id):
        live = AccessGrant.objects.live().filter(guardian_id=small.vera)
        assert live.count() == 1
        names = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"people.GuardianLinkRestored", "diary.AccessGranted"} <= names


def test_stranger_linked_to_a_child_is_linked_no_more(small, do, void, read, school, system):
    with school_transaction(system, school.id):
        stranger = Guardian.objects.create(last_name="Чужой", first_name="Вор").pk
    noticed_at = clock.now()
    link = do(
        THIEF,
        link_guardian,
        pupil_id=small.gleb,
        guardian_id=stranger,
        relation="father",
        since_on=TODAY,
        confirmed=True,
        now=NOW,
    )

    assert void(noticed_at) == ["reversed"]

    ended = read(GuardianLink, pk=link)
    assert (ended.state, ended.end_ground) == ("ended", "mistake")


def test_roles_given_and_taken_by_the_thief_turn_back(small, do, void, school, system):
    do(HONEST, give_role_to, employee_id=small.anna, role=Role.SECRETARY, on=TODAY, now=NOW)
    noticed_at = clock.now()
    more = {"on": TODAY, "now": NOW}
    do(
        THIEF,
        take_role_from,
        employee_id=small.anna,
        role=Role.SECRETARY,
        other_holders={1},
        **more,
    )
    do(THIEF, give_role_to, employee_id=small.oksana, role=Role.ADMINISTRATOR, **more)
    do(THIEF, give_role_to, employee_id=small.boris, role=Role.SECRETARY, **more)
    do(
        HONEST,
        take_role_from,
        employee_id=small.boris,
        role=Role.SECRETARY,
        other_holders={1},
        **more,
    )

    assert void(noticed_at) == ["reversed", "reversed", "changed"]

    with school_transaction(system, school.id):
        said = RoleChange.objects.filter(made_by=HEAD).order_by("employee_id")
        assert {(one.employee_id, one.role, one.is_given) for one in said} == {
            (small.anna, "secretary", True),
            (small.oksana, "administrator", False),
        }
        told = OutboxEvent.objects.order_by("pk").values_list("name", flat=True)
        assert list(told)[-2:] == ["people.RoleTaken", "people.RoleGiven"]  # the newest goes first


def test_rights_settings_duties_and_substitutions_turn_back(small, do, void, read, school, system):
    noticed_at = clock.now()
    do(
        THIEF,
        change_right,
        hats=(),
        right=Right.PEOPLE_KEEP,
        subject=Role.TEACHER,
        is_allowed=True,
        on=TODAY,
        now=NOW,
    )
    do(
        THIEF,
        change_setting,
        key="access.activation_days",
        value=3000,
        clause="нет",
        since_on=TODAY,
    )
    do(
        THIEF,
        appoint,
        appointment=NewAppointment("technical", small.anna, "1", TODAY, TODAY),
        on=TODAY,
    )
    do(
        THIEF,
        substitute_lesson,
        lesson_id=small.lessons[0],
        employee_id=small.oksana,
        reason="Я так хочу",
    )

    assert void(noticed_at) == ["reversed"] * 4

    with school_transaction(system, school.id):
        newest = RightRule.objects.latest("pk")
        assert (newest.is_allowed, newest.changed_by) == (None, HEAD)
        assert not RegulationSetting.objects.filter(key="access.activation_days").exists()
        assert not Appointment.objects.exists()
        lesson = Lesson.objects.get(pk=small.lessons[0])
        assert (lesson.substitute_id, lesson.note) == (None, "")


def test_access_given_ends_and_access_taken_comes_back(small, do, void, read, school, system):
    noticed_at = clock.now()
    pair = {"pupil_id": small.gleb, "guardian_id": small.vera, "now": NOW}

    def take(*, actor: Any) -> None:
        revoke_access(actor=system, ground="stopped", **pair)

    do(THIEF, take)
    assert void(noticed_at) == ["reversed"]
    assert read(AccessGrant, guardian_id=small.vera).revoked_at is None

    do(HONEST, take)
    noticed_at = clock.now()

    def give(*, actor: Any) -> int:
        return grant_access(actor=system, ground="case", **pair)

    grant = do(THIEF, give)
    assert void(noticed_at) == ["reversed"]
    assert read(AccessGrant, pk=grant).revoked_ground == "mistake"


def test_what_cannot_come_back_is_left_for_people(small, do, void, school, system):
    noticed_at = clock.now()

    def make(*, actor: Any) -> None:
        Pupil.objects.create(last_name="Нет", first_name="Такого")

    do(THIEF, make)
    more = {"order": "1", "on": TODAY}
    yesterday = TODAY - timedelta(days=1)
    do(THIEF, dismiss_employee, employee_id=small.oksana, last_day=yesterday, **more)

    outcomes = void(noticed_at)

    assert outcomes[0] == "by-hand"
    with school_transaction(system, school.id):
        notes = VoidNote.objects.filter(case_id=CASE, voided_by=HEAD)
        assert notes.count() == len(outcomes)


def test_appointment_that_others_build_upon_is_left(small, do, void, monkeypatch, school, system):
    noticed_at = clock.now()
    do(
        THIEF,
        appoint,
        appointment=NewAppointment("technical", small.anna, "1", TODAY, TODAY),
        on=TODAY,
    )

    def refuse(self: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Appointment, "delete", refuse)

    assert void(noticed_at) == ["in-use"]


def test_act_is_told_beforehand_and_the_second_changes_nothing(small, do, void, read, school):
    noticed_at = clock.now()
    write(small, do, THIEF, sex="f")

    def foresee(*, actor: Any) -> Any:
        return describe_reversal(account_id=THIEF, since=noticed_at)

    assert list(do(HEAD, foresee).values()) == ["reversed"]
    assert read(Pupil, pk=small.gleb).sex == "f"
    void(noticed_at)
    write(small, do, HONEST, sex="")

    assert void(noticed_at) == []
    assert read(Pupil, pk=small.gleb).sex == ""
    assert do(HEAD, foresee) == {}
    assert [
        one.void
        for one in do(HEAD, lambda actor: list_changes_by(account_id=THIEF, since=noticed_at))
    ] == ["reversed"]
