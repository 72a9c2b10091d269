"""From the phone to the diary and out again, on a real database."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from foundation.notify.models import Notice
from foundation.outbox.models import OutboxEvent
from kernel.errors import NotFound
from kernel.names import FullName
from services.cases import rules
from services.cases.models import Application, CaseEvent
from services.cases.operations import applying, desk, service
from services.cases.operations.desk import Match, Signed
from services.cases.queries.cases import (
    CaseFilter,
    get_case_view,
    list_access_days,
    list_cases,
    list_own_cases,
)
from services.diary.models import AccessGrant
from services.people.models import Guardian, GuardianLink, Pupil
from services.people.operations.consents import accept_consent, withdraw_consent
from tests.rooms.cases.families import DETAILS, FRIDAY, Family, case_of, log_of, noon

pytestmark = pytest.mark.django_db
LATER = noon(FRIDAY + timedelta(days=3))


def live_grants(guardian_id: int) -> int:
    return AccessGrant.objects.filter(guardian_id=guardian_id, revoked_at=None).count()


@pytest.mark.requirement("SRV-008", "SRV-009", "SRV-016", "ACC-007")
def test_case_goes_from_the_phone_to_the_service(family: Family) -> None:
    AccessGrant.objects.all().delete()

    case_id = family.active()

    case = case_of(case_id)
    assert log_of(case_id) == [
        ("submit", "submitted"),
        ("register", "registered"),
        ("recognise", "registered"),
        ("accept", "accepted"),
        ("grant", "access_granted"),
        ("hand_over", "active"),
    ]
    assert (case.number, str(case.due_on)) == ("2026/000001", "2026-12-04")
    assert case.ended_on is None  # given for the whole schooling, until a ground of SRV-012
    grant = AccessGrant.objects.get(guardian_id=family.small.vera, revoked_at=None)
    assert (grant.pk, grant.ground) == (case.grant_id, "case")
    events = set(OutboxEvent.objects.values_list("name", flat=True))
    assert {"cases.ApplicationRegistered", "cases.CaseChanged", "diary.AccessGranted"} <= events


@pytest.mark.requirement("SRV-009", part=True)
def test_access_open_by_the_lists_is_kept_and_the_case_is_completed(family: Family) -> None:
    """Vera's diary is open by the import already: applying for it opens no second one."""
    before = AccessGrant.objects.get(guardian_id=family.small.vera)

    case = case_of(family.granted())

    assert case.grant_id == before.pk
    assert AccessGrant.objects.filter(guardian_id=family.small.vera).count() == 1


@pytest.mark.requirement("SRV-017")
def test_way_in_is_handed_over_with_rights_and_duties_only(family: Family) -> None:
    case_id = family.granted()

    with pytest.raises(service.NothingIsExplained):
        service.hand_over(actor=family.anna, case_id=case_id, is_explained=False, now=noon())
    service.hand_over(actor=family.anna, case_id=case_id, is_explained=True, now=noon())

    assert case_of(case_id).log.get(action="hand_over").note.startswith("права, обязанности")


@pytest.mark.requirement("SRV-012")
def test_stop_application_ends_the_access_at_once(family: Family) -> None:
    case_id = family.active()

    service.stop(actor=family.vera, case_id=case_id, now=LATER)

    case = case_of(case_id)
    assert (case.state, case.ground, str(case.ended_on)) == (
        "terminated", "stop_application", "2026-11-23",
    )  # fmt: skip
    assert live_grants(family.small.vera) == 0
    ended = AccessGrant.objects.get(guardian_id=family.small.vera)
    assert ended.revoked_ground == "stopped"


@pytest.mark.requirement("SRV-012")
def test_withdrawn_consent_ends_one_parents_case_only(family: Family) -> None:
    """The father of Gleb has a case and a consent of his own."""
    mothers = family.active()
    father = Guardian.objects.create(last_name="Глебов", first_name="Пётр")
    GuardianLink.objects.create(
        pupil_id=family.small.gleb, guardian=father, relation="father", since_on=date(2026, 9, 1)
    )
    fathers = family.apply(applicant=FullName("Глебов", "Пётр"), relation="father").case_id
    admin = family.administrator
    desk.recognise(
        actor=admin, case_id=fathers, match=Match(family.small.gleb, father.pk), now=noon()
    )
    desk.accept(actor=admin, case_id=fathers, now=noon(), signed=Signed(DETAILS, "in_person"))
    service.grant(actor=admin, case_id=fathers, now=noon())

    consent_id = case_of(mothers).consent_id
    assert consent_id is not None
    withdraw_consent(actor=admin, consent_id=consent_id, manner="desk", now=LATER)
    for _ in range(2):
        service.end_by_consent(actor=family.system, consent_id=consent_id, now=LATER)

    assert (case_of(mothers).state, case_of(mothers).ground) == ("terminated", "no_consent")
    assert case_of(fathers).state == "access_granted"
    assert (live_grants(family.small.vera), live_grants(father.pk)) == (0, 1)
    assert [step for step, _ in log_of(mothers)].count("lose_consent") == 1


def test_consent_withdrawn_before_the_grant_refuses_the_service(family: Family) -> None:
    case_id = family.accepted()
    consent_id = case_of(case_id).consent_id
    assert consent_id is not None
    withdraw_consent(actor=family.administrator, consent_id=consent_id, manner="desk", now=LATER)

    with pytest.raises(rules.ConsentIsNotLive):
        service.grant(actor=family.administrator, case_id=case_id, now=LATER)
    service.end_by_consent(actor=family.system, consent_id=consent_id, now=LATER)

    assert (case_of(case_id).state, case_of(case_id).ground) == ("refused", "no_consent")


@pytest.mark.requirement("SRV-014", part=True)
def test_consent_taken_at_its_own_desk_starts_the_waiting_case(family: Family) -> None:
    case_id = family.recognised()
    consent = accept_consent(
        actor=family.secretary, pupil_id=family.small.gleb, guardian_id=family.small.vera,
        details=DETAILS, identified_by="in_person", accepted_on=FRIDAY, now=noon(),
    )  # fmt: skip

    for _ in range(2):
        desk.accept_by_consent(
            actor=family.system, consent_id=consent.id, pupil_id=family.small.gleb, now=noon()
        )

    case = case_of(case_id)
    assert (case.state, case.consent_id, str(case.due_on)) == (
        "accepted", consent.id, "2026-12-04",
    )  # fmt: skip


def test_consent_older_than_the_application_counts_from_the_application(family: Family) -> None:
    accept_consent(
        actor=family.secretary, pupil_id=family.small.gleb, guardian_id=family.small.vera,
        details=DETAILS, identified_by="in_person", accepted_on=FRIDAY, now=noon(),
    )  # fmt: skip
    case_id = family.recognised(now=LATER)
    desk.accept(actor=family.secretary, case_id=case_id, now=LATER)

    assert str(case_of(case_id).accepted_on) == "2026-11-23"


@pytest.mark.requirement("SRV-003")
def test_case_nobody_recognised_is_not_accepted(family: Family) -> None:
    case_id = family.apply().case_id

    with pytest.raises(rules.NotRecognised):
        desk.accept(
            actor=family.secretary, case_id=case_id, now=noon(),
            signed=Signed(DETAILS, "in_person"),
        )  # fmt: skip

    assert case_of(case_id).state == "registered"


@pytest.mark.requirement("SRV-003", "ROL-012", part=True)
def test_new_parent_is_added_by_who_may_confirm_families(family: Family) -> None:
    case_id = family.apply(applicant=FullName("Новикова", "Нина")).case_id
    match = Match(family.small.gleb)

    with pytest.raises(NotFound):  # the class teacher may not
        desk.recognise(actor=family.anna, case_id=case_id, match=match, now=noon())
    desk.recognise(actor=family.secretary, case_id=case_id, match=match, now=noon())

    guardian = Guardian.objects.get(last_name="Новикова")
    link = GuardianLink.objects.get(guardian=guardian)
    assert (case_of(case_id).guardian_id, link.relation, link.state) == (
        guardian.pk, "mother", "confirmed",
    )  # fmt: skip
    assert guardian.phone == "+79001234567"


@pytest.mark.requirement("SRV-003")
def test_pupil_of_another_birth_date_is_not_taken_for_the_applicant(family: Family) -> None:
    """A boy of thirteen typed himself fourteen: his card says otherwise."""
    Pupil.objects.filter(pk=family.small.gleb).update(birth_date=date(2013, 5, 5))
    papers = [applying.Paper("parental_consent")]
    receipt = applying.submit_application(
        actor=family.secretary,
        door=applying.Door("in_person", uuid.uuid4()),
        typed=family.typed(is_pupil=True, child_birth_date=date(2012, 5, 5)),
        papers=papers,
        now=noon(),
    )

    with pytest.raises(rules.PupilIsOther):
        desk.recognise(
            actor=family.secretary, case_id=receipt.case_id, match=Match(family.small.gleb),
            now=noon(),
        )  # fmt: skip


@pytest.mark.requirement("SRV-014", part=True)
def test_class_teacher_works_with_the_cases_of_the_own_class_only(family: Family) -> None:
    own, unknown = family.recognised(), family.apply(child_class="7 а").case_id

    for case_id in (own, unknown):
        assert get_case_view(actor=family.anna, case_id=case_id, on=FRIDAY).actions
        with pytest.raises(NotFound):
            get_case_view(actor=family.oksana, case_id=case_id, on=FRIDAY)
        with pytest.raises(NotFound):
            service.withdraw(actor=family.oksana, case_id=case_id, now=noon())
    rows, found = list_cases(actor=family.anna, wanted=CaseFilter(), on=FRIDAY)
    assert (found, {row.id for row in rows}) == (2, {own, unknown})
    assert list_cases(actor=family.oksana, wanted=CaseFilter(), on=FRIDAY)[1] == 0


@pytest.mark.requirement("PDP-005", part=True)
def test_another_parent_sees_no_case_of_vera(family: Family) -> None:
    case_id = family.recognised()

    assert [one.row.id for one in list_own_cases(actor=family.vera, on=FRIDAY)] == [case_id]
    assert list_own_cases(actor=family.stranger, on=FRIDAY) == []
    with pytest.raises(NotFound):
        get_case_view(actor=family.stranger, case_id=case_id, on=FRIDAY)


@pytest.mark.requirement("SRV-011")
def test_refusal_to_accept_names_its_ground_and_may_be_followed_by_a_new_application(
    family: Family,
) -> None:
    receipt = family.apply()
    desk.refuse_to_accept(
        actor=family.director, case_id=receipt.case_id, ground="stranger", now=noon()
    )
    event = CaseEvent.objects.get(application_id=receipt.case_id, action="refuse_to_accept")
    assert (event.ground, event.ground_clause, event.paper) == (
        "stranger", "регламент услуги, п. 2.7", "not_accepted",
    )  # fmt: skip
    assert event.paper_number

    key = applying.start_again(
        actor=family.secretary, case_id=receipt.case_id, key=uuid.uuid4(), now=LATER
    )
    assert key == applying.start_again(
        actor=family.secretary, case_id=receipt.case_id, key=uuid.uuid4(), now=LATER
    )
    again = applying.submit_application(
        actor=family.secretary, door=applying.Door("in_person", key), typed=family.typed(),
        now=LATER,
    )  # fmt: skip

    assert case_of(receipt.case_id).state == "resubmitted"
    assert case_of(again.case_id).resubmits_id == receipt.case_id


@pytest.mark.requirement("SRV-010")
def test_clerk_asks_for_listed_documents_only(family: Family) -> None:
    case_id = family.apply().case_id

    with pytest.raises(rules.DocumentIsNotListed):
        desk.ask_documents(actor=family.secretary, case_id=case_id, kinds=["inn"], now=noon())
    desk.ask_documents(actor=family.secretary, case_id=case_id, kinds=["consent"], now=noon())

    note = CaseEvent.objects.get(action="ask_document").note
    assert note == "принесите: Письменное согласие на обработку персональных данных"


@pytest.mark.requirement("SRV-032", "SRV-033")
def test_delivery_is_changed_later_with_the_contact_it_needs(family: Family) -> None:
    case_id = family.recognised()

    def change(delivery: str, email: str = "") -> None:
        service.change_delivery(
            actor=family.vera, case_id=case_id, delivery=delivery, phone="", email=email,
            now=noon(),
        )  # fmt: skip

    with pytest.raises(rules.ContactIsMissing):
        change("email")
    change("email", "vera@example.org")

    assert (case_of(case_id).delivery, case_of(case_id).email) == ("email", "vera@example.org")


def test_applicant_with_a_login_hears_of_every_step(family: Family) -> None:
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)

    family.active()

    told = Notice.objects.filter(account_id=20).order_by("pk").values_list("title", flat=True)
    assert list(told) == [
        "Согласие принято",
        "Доступ к дневнику предоставлен",
        "Услуга оказывается",
    ]


def test_log_of_a_case_cannot_be_rewritten(family: Family) -> None:
    family.apply()
    for change in (
        lambda: CaseEvent.objects.update(note="иначе"),
        lambda: CaseEvent.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_pair_has_one_accepted_case(family: Family) -> None:
    family.accepted()

    with pytest.raises(rules.ServiceIsGiven):
        family.accepted()

    assert Application.objects.filter(state="accepted").count() == 1


def test_days_to_the_access_are_counted_for_the_indicators(family: Family) -> None:
    case_id = family.accepted()
    service.grant(actor=family.administrator, case_id=case_id, now=noon(date(2026, 11, 25)))

    (one,) = list_access_days(since=date(2026, 11, 1), until=date(2026, 11, 30))

    assert (one.case_id, one.days, one.is_in_time) == (case_id, 3, True)
