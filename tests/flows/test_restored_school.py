"""What follows a restored school: lost cards lose their roles, the committee's word comes again."""

from datetime import date, timedelta

import pytest
from django.db.models.functions import Now

from config.restoring import settle
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.roles import Role
from services.monitoring.models import DirtyDay
from services.oversight.events import ComplaintSentToSchool
from tenants.accounts.events import ResetAsked
from tenants.accounts.models import Membership
from tenants.accounts.operations import give_role, open_account
from tenants.accounts.queries.members import list_cards
from tenants.backups.restoring import SchoolCannotBeRestored, stop_school
from tenants.registry import queries as registry
from tenants.registry.models import School
from tests.factories.district import sign_in
from tests.factories.facts import a_grade, count_day
from tests.factories.school import MONDAY, make_small_school

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
NOBODY = 777_777


@pytest.fixture
def moment(school):
    """The moment the school went back to: a second ago."""
    return School.objects.annotate(at=Now()).values_list("at", flat=True)[0] - timedelta(seconds=1)


def give(name: str, role: Role, school, person_id: int | None) -> int:
    account_id = open_account(name=name)
    give_role(account_id=account_id, role=role, school_id=school.id, person_id=person_id)
    return account_id


@pytest.mark.requirement("PDP-011", part=True)
def test_role_whose_card_is_gone_is_taken_before_anybody_is_let_in(school, other_school, moment):
    with school_transaction(Actor.system(school), school.id):
        small = make_small_school(Actor.system(school))
    anna = give("Анина Анна", Role.TEACHER, school, small.anna)
    vera = give("Верина Вера", Role.GUARDIAN, school, small.vera)
    gleb = give("Глебов Глеб", Role.PUPIL, school, small.gleb)
    admin = give("Галина", Role.ADMINISTRATOR, school, None)
    for role in (Role.TEACHER, Role.GUARDIAN, Role.PUPIL):
        give(f"Пришедший После {role}", role, school, NOBODY)
    stranger = give("Чужой", Role.PUPIL, other_school, NOBODY)

    done = settle(school, moment=moment, today=FRIDAY)

    assert done["roles_taken"] == 3
    assert {one.account_id for one in list_cards(school_id=school.id)} == {anna, vera, gleb}
    kept = Membership.objects.filter(account_id__in=[admin, stranger])
    assert kept.count() == 2


def test_what_the_committee_sent_is_sent_again_and_codes_are_not(school, moment):
    with public_transaction():
        record(ComplaintSentToSchool(1))
        record(ResetAsked(1))
        OutboxEvent.objects.update(delivered_at=Now(), attempts=3)

    done = settle(school, moment=moment, today=FRIDAY)

    waiting = OutboxEvent.objects.filter(delivered_at=None)
    assert done["sent_again"] == 1
    assert [(one.name, one.attempts) for one in waiting] == [("oversight.ComplaintSentToSchool", 0)]


def test_every_day_since_the_first_is_counted_anew(school, moment):
    count_day(school, MONDAY, a_grade())

    done = settle(school, moment=moment, today=FRIDAY)

    days = DirtyDay.objects.filter(school_id=school.id).order_by("day")
    assert list(days.values_list("day", flat=True)) == [
        MONDAY + timedelta(days=shift) for shift in range(5)
    ]
    assert done["days"] == 5


def test_school_nobody_opened_is_not_restored(school):
    with pytest.raises(SchoolCannotBeRestored, match="нет или она ещё не открыта"):
        stop_school(slug="no-such-school")


def test_who_knocks_meanwhile_is_asked_to_wait_and_let_in_afterwards(school, monkeypatch):
    with school_transaction(Actor.system(school), school.id):
        small = make_small_school(Actor.system(school))
    anna = sign_in((Role.TEACHER, school, small.anna))
    page = f"/s/{school.slug}/journals/"
    stop_school(slug=school.slug)

    answer = anna.get(page)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Школу возвращают из резервной копии" in answer.text
    for address in (page, f"/api/v1/s/{school.slug}/journals/"):
        told = anna.get(address, headers={"accept": "application/json"})
        assert (told.status_code, told.json()["code"]) == (503, "school-is-away")
        assert int(told["Retry-After"]) > 0
    assert anna.get("/s/no-such-school/journals/").status_code == 404

    # Another process lets people in; this one still holds the list it has just read.
    School.objects.filter(pk=school.id).update(state=School.State.ACTIVE)
    assert anna.get(page).status_code == 503
    monkeypatch.setattr(registry, "MISS_SECONDS", 0.0)
    assert anna.get(page).status_code == 200
