"""The form that is sent once however often it is pressed, and tells a stranger nothing."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from foundation.registers.models import RegisterCounter
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.roles import Role
from services.cases import access, rules
from services.cases.models import Application, Attachment
from services.cases.operations import applying, reminding, service
from services.cases.operations.applying import Door, Paper
from services.cases.queries.cases import find_draft, find_own_draft, get_case_by_secret
from services.regulation.operations import change_setting
from tests.rooms.cases.families import FRIDAY, Family, case_of, count, noon

pytestmark = pytest.mark.django_db


def door(key: uuid.UUID | None = None, **more: Any) -> Door:
    return Door("anonymous", key or uuid.uuid4(), network="here", **more)


@pytest.mark.requirement("SRV-015", part=True)
def test_application_is_registered_on_the_day_it_came_by_the_schools_clock(family: Family) -> None:
    """23:30 in Moscow of 31 December is the old year's register, half an hour later the new."""
    last = applying.submit_application(
        actor=Actor.public(family.school), door=door(), typed=family.typed(),
        now=noon(date(2026, 12, 31), 23) + timedelta(minutes=30),
    )  # fmt: skip
    first = applying.submit_application(
        actor=Actor.public(family.school), door=door(), typed=family.typed(),
        now=noon(date(2026, 12, 31), 23) + timedelta(minutes=61),
    )  # fmt: skip

    assert (last.number, first.number) == ("2026/000001", "2027/000001")
    assert str(case_of(last.case_id).registered_on) == "2026-12-31"


def test_same_form_sent_twice_is_one_application_with_one_code(family: Family) -> None:
    key = uuid.uuid4()

    first, second = family.apply(key=key), family.apply(key=key, phone="+79007654321")

    assert (second.number, second.secret, second.is_repeat) == (first.number, first.secret, True)
    assert Application.objects.get().phone == "+79001234567"
    assert RegisterCounter.objects.get(register="applications").last_place == 1


def test_refused_form_takes_no_number(family: Family) -> None:
    with pytest.raises(rules.ChildIsAdult):
        family.apply(child_birth_date=date(2008, 11, 20))
    with pytest.raises(rules.ContactIsMissing):
        family.apply(phone="")

    assert family.apply().number == "2026/000001"


@pytest.mark.requirement("INF-002", part=True)
def test_answer_is_the_same_whether_the_child_learns_here_or_not(family: Family) -> None:
    known = family.apply()
    unknown = family.apply(child=FullName("Никогдаев", "Нил"), applicant=FullName("Да", "Я"))

    states = [case_of(one.case_id).state for one in (known, unknown)]
    assert states == ["registered", "registered"]
    assert [case_of(one.case_id).pupil_id for one in (known, unknown)] == [None, None]


def test_form_of_a_stranger_asks_the_same_of_the_database(
    family: Family, django_assert_num_queries
) -> None:
    family.apply()
    with django_assert_num_queries(22, exact=False) as known:
        family.apply()
    with django_assert_num_queries(len(known), exact=True):
        family.apply(child=FullName("Никогдаев", "Нил"))


def test_draft_survives_and_is_found_by_its_key(family: Family) -> None:
    key = uuid.uuid4()
    public = Actor.public(family.school)
    applying.keep_draft(actor=public, door=door(key), typed={"child": "Гле"}, now=noon())
    applying.keep_draft(actor=public, door=door(key), typed={"child": "Глебов"}, now=noon())

    draft = find_draft(key=key)

    assert draft is not None
    assert (draft.typed, draft.number) == ({"child": "Глебов"}, "")
    assert find_draft(key=uuid.uuid4()) is None
    family.apply(key=key)
    with pytest.raises(rules.NotPossibleNow):
        applying.keep_draft(actor=public, door=door(key), typed={}, now=noon())
    assert case_of(Application.objects.get().pk).typed == {}


def test_draft_of_an_account_is_found_on_another_phone(family: Family) -> None:
    key = uuid.uuid4()
    own = Door("portal", key, account_id=20)
    applying.keep_draft(actor=family.vera, door=own, typed={"child": "Гле"}, now=noon())

    assert find_own_draft(account_id=20) == key
    assert find_own_draft(account_id=21) is None


def test_drafts_and_traces_of_networks_are_swept(family: Family) -> None:
    public = Actor.public(family.school)
    applying.keep_draft(actor=public, door=door(), typed={"child": "Гле"}, now=noon())
    sent = family.apply()
    later = noon() + timedelta(days=15)

    reminding.sweep(actor=family.system, now=later, today=later.date())

    assert count(Application) == 1
    assert case_of(sent.case_id).network_digest == ""


@pytest.mark.parametrize("wrong", ["number", "secret"])
def test_state_opens_to_number_and_code_together(family: Family, wrong: str) -> None:
    one, other = family.apply(), family.apply()
    typed = {"number": one.number, "secret": one.secret.lower().replace("-", " ")}
    assert get_case_by_secret(**typed, on=FRIDAY).row.id == one.case_id

    typed[wrong] = {"number": other.number, "secret": other.secret}[wrong]

    with pytest.raises(NotFound):
        get_case_by_secret(**typed, on=FRIDAY)


@pytest.mark.parametrize(("number", "secret"), [("", ""), ("2026/000001", ""), ("", "A")])
def test_empty_code_opens_nothing(family: Family, number: str, secret: str) -> None:
    key = uuid.uuid4()
    applying.keep_draft(
        actor=Actor.public(family.school), door=door(key), typed={"child": "Г"}, now=noon()
    )

    with pytest.raises(NotFound):
        get_case_by_secret(number=number, secret=secret, on=FRIDAY)


def test_code_read_with_a_zero_for_an_o_is_understood() -> None:
    assert access.digest_secret("ОО01-abcd") == access.digest_secret("OOOI-ABCD")


def test_who_knows_the_code_withdraws_and_does_nothing_else(family: Family) -> None:
    one = family.apply()
    public = Actor.public(family.school)

    with pytest.raises(NotFound):
        service.act_by_secret(
            actor=public, number=one.number, secret=one.secret, action="grant", now=noon()
        )
    service.act_by_secret(
        actor=public, number=one.number, secret=one.secret, action="withdraw", now=noon()
    )

    assert case_of(one.case_id).state == "withdrawn"


def test_one_network_is_slowed_softly_and_another_is_not(family: Family) -> None:
    change_setting(
        actor=family.system, key="service.anonymous_per_network_hour", value=2, clause="тест",
        since_on=date(2026, 1, 1),
    )  # fmt: skip
    for number in range(2):
        family.apply(phone=f"+7900123456{number}")

    with pytest.raises(rules.TooManyApplications):
        family.apply(phone="+79001234569")

    receipt = applying.submit_application(
        actor=Actor.public(family.school),
        door=Door("anonymous", uuid.uuid4(), network="elsewhere"),
        typed=family.typed(), now=noon(),
    )  # fmt: skip
    assert receipt.number == "2026/000003"
    assert family.apply(now=noon(hour=14), phone="+79001234569").number


def test_one_contact_is_slowed_too(family: Family) -> None:
    for _ in range(5):
        family.apply()

    with pytest.raises(rules.TooManyApplications):
        family.apply()


@pytest.mark.requirement("SRV-003", "SRV-010", part=True)
def test_paper_seen_at_the_desk_counts_as_the_parents_consent(family: Family) -> None:
    born = date(2011, 5, 5)

    receipt = applying.submit_application(
        actor=family.secretary,
        door=Door("in_person", uuid.uuid4()),
        typed=family.typed(is_pupil=True, child_birth_date=born),
        papers=[Paper("application"), Paper("parental_consent")],
        now=noon(),
    )

    kinds = Attachment.objects.order_by("pk").values_list("kind", "file_id")
    assert list(kinds) == [("application", None), ("parental_consent", None)]
    assert case_of(receipt.case_id).kind == "pupil_with_consent"


@pytest.mark.parametrize("role", [Role.TEACHER, Role.NURSE, Role.MANAGEMENT, Role.GUARDIAN])
def test_desk_takes_applications_from_who_has_the_right(family: Family, role: Role) -> None:
    with pytest.raises(NotFound):
        applying.submit_application(
            actor=family.actor(role), door=Door("in_person", uuid.uuid4()),
            typed=family.typed(), now=noon(),
        )  # fmt: skip
    assert count(Application) == 0
