"""A consent that ended by itself reaches the list of destruction with its clock, and its act."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import ClassEnrollment, Consent, DestructionAct, Employee, Pupil
from services.people.operations import destruction
from services.people.operations.consents import ConsentKind
from services.people.operations.ending import end_consents_of_adults, end_consents_of_left
from services.people.queries import consents as register
from services.people.queries import destruction as queries
from tests.rooms.people.families import NOW, TODAY
from tests.rooms.people.papers import OWN

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("PDP-001", part=True)]


def leave(pupil_id: int, until: date) -> None:
    ClassEnrollment.objects.filter(pupil_id=pupil_id).update(until=until)


def test_consents_end_when_the_child_has_left_and_fall_due_in_thirty_days(accept, family, system):
    card = accept()
    assert end_consents_of_left(actor=system, now=NOW) == 0
    leave(family.gleb.pk, TODAY)

    assert end_consents_of_left(actor=system, now=NOW) == 1
    assert end_consents_of_left(actor=system, now=NOW) == 0

    (due,) = queries.list_due(actor=system, on=TODAY)
    assert (due.row.card.id, due.due_on, due.days_left) == (card.id, date(2026, 12, 20), 30)
    assert due.row.ended_title == "прекращено"
    assert "номер телефона (законного представителя)" in due.items
    assert register.find_live_consent(pupil_id=family.gleb.pk, guardian_id=family.vera.pk) is None


def test_child_who_goes_on_in_september_has_not_left(accept, family, system):
    accept()
    leave(family.gleb.pk, TODAY)
    ClassEnrollment.objects.create(
        pupil=family.gleb, school_class=family.school_class, since_on=TODAY + timedelta(days=90)
    )

    assert end_consents_of_left(actor=system, now=NOW) == 0


def test_consent_of_an_employee_ends_after_the_last_day(accept, family, system):
    accept(employee_id=family.anna.pk, pupil_id=None, guardian_id=None, details=OWN)
    Employee.objects.filter(pk=family.anna.pk).update(left_on=TODAY)

    assert end_consents_of_left(actor=system, now=NOW) == 0
    assert end_consents_of_left(actor=system, now=NOW + timedelta(days=1)) == 1


def test_at_eighteen_what_was_signed_for_a_child_ends_but_for_an_agreed_parent(
    accept, family, system
):
    accept()
    accept(guardian_id=family.viktor.pk)
    assert end_consents_of_adults(actor=system, agreed=[], now=NOW) == 0
    Pupil.objects.filter(pk=family.gleb.pk).update(birth_date=date(2008, 11, 20))
    accept(kind=ConsentKind.ADULT_PUPIL, guardian_id=None, details=OWN)

    agreed = {(family.viktor.pk, family.gleb.pk)}
    assert end_consents_of_adults(actor=system, agreed=agreed, now=NOW) == 1

    ended = Consent.objects.exclude(withdrawn_at=None).get()
    assert (ended.guardian_id, ended.withdrawn_manner) == (family.vera.pk, "of_age")
    assert Consent.objects.live().count() == 2
    assert end_consents_of_adults(actor=system, agreed=[], now=NOW) == 1
    assert Consent.objects.live().get().kind == "adult_pupil"


def test_act_says_that_the_term_was_over(accept, family, system):
    card = accept()
    leave(family.gleb.pk, TODAY)
    end_consents_of_left(actor=system, now=NOW)

    act_id = destruction.destroy_extra_data(
        actor=system,
        consent_id=card.id,
        witnesses=[destruction.Witness("Администратор", "Секретова С. И.")],
        now=NOW,
    )

    act = queries.get_act(actor=system, act_id=act_id)
    assert act.reason == DestructionAct.Reason.ENDED
    assert act.content["consent"]["is_over_by_term"] is True
    assert queries.render_act(act=act).startswith(b"%PDF")
    family.vera.refresh_from_db()
    assert family.vera.phone == ""


def test_numbers_of_endings_leave_no_hole_in_the_register_of_withdrawals(accept, family, system):
    accept()
    accept(guardian_id=family.viktor.pk)
    leave(family.gleb.pk, TODAY)

    end_consents_of_left(actor=system, now=NOW)

    numbers = Consent.objects.order_by("pk").values_list("withdrawal_number", flat=True)
    assert list(numbers) == ["2026/000001", "2026/000002"]


def test_people_end_nothing_by_hand(accept, family, make_actor):
    later = datetime(2027, 1, 11, 9, tzinfo=UTC)

    with pytest.raises(NotFound):
        end_consents_of_left(actor=make_actor(Role.ADMINISTRATOR), now=later)
