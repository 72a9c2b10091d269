"""Consents: accepted on the day with a number, kept word for word, withdrawn by one parent only."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.outbox.models import OutboxEvent
from kernel.errors import NotFound
from kernel.registration import RegistrationNumber, list_missing
from kernel.roles import Role
from services.people.models import (
    Consent,
    Guardian,
    Pupil,
)
from services.people.operations import consents as operations
from services.people.operations.consents import ConsentKind
from services.people.queries import consent_papers as papers
from services.people.queries import consents as queries
from services.people.queries.consents import RegisterFilter, find_live_consent
from services.regulation.operations import change_setting
from tests.rooms.people.families import NOW, TODAY
from tests.rooms.people.papers import BOTH, OWN, PARENT

pytestmark = pytest.mark.django_db


def events() -> list[tuple[str, object]]:
    return [
        (row.name, row.payload.get("guardian_id")) for row in OutboxEvent.objects.order_by("pk")
    ]


# --- Accepting --------------------------------------------------------------------------------


@pytest.mark.requirement("SRV-015", "AUD-005")
def test_consent_is_registered_the_same_day_with_number_applicant_child_accepter(
    accept, family, make_actor
):
    secretary = make_actor(Role.SECRETARY)

    accept(secretary)

    (row,), found = queries.list_register(actor=secretary, wanted=RegisterFilter(), on=TODAY)
    assert found == 1
    assert row.card.number == "2026/000001"
    assert row.card.accepted_on == TODAY
    assert (row.applicant, row.child, row.class_title) == ("Верина В", "Глебов Глеб", "7А")
    assert row.accepter == "Анна"
    assert events() == [("people.ConsentAccepted", family.vera.pk)]


@pytest.mark.requirement("SRV-015", part=True)
@pytest.mark.parametrize("shift", [-1, 1])
def test_consent_of_another_day_is_refused(accept, shift):
    with pytest.raises(operations.RegisteredLate):
        accept(accepted_on=TODAY + timedelta(days=shift))


def test_school_that_was_without_power_may_register_later_by_a_setting(accept, system):
    change_setting(
        actor=system,
        key="consent.registered_within_days",
        value=1,
        clause="",
        since_on=date(2026, 9, 1),
    )

    assert accept(accepted_on=TODAY - timedelta(days=1)).accepted_on == date(2026, 11, 19)


@pytest.mark.requirement("SRV-010")
@pytest.mark.parametrize("manner", ["esia", "account"])
def test_consent_is_given_in_person_until_a_setting_says_more(accept, system, manner):
    with pytest.raises(operations.IdentificationIsNotAccepted):
        accept(identified_by=manner)

    change_setting(
        actor=system,
        key="consent.identification",
        value=["in_person", manner],
        clause="",
        since_on=date(2026, 9, 1),
    )

    assert accept(identified_by=manner).identified_by == manner


@pytest.mark.requirement("SRV-014", "ROL-013", part=True)
def test_class_teacher_accepts_for_the_own_class_only(accept, family, make_actor):
    anna = make_actor(Role.TEACHER, person=family.anna.pk)
    boris = make_actor(Role.TEACHER, person=family.boris.pk)

    with pytest.raises(NotFound):
        accept(boris)

    assert accept(anna).is_live
    assert len(queries.list_register(actor=anna, wanted=RegisterFilter(), on=TODAY)[0]) == 1
    with pytest.raises(NotFound):
        queries.list_register(actor=boris, wanted=RegisterFilter(), on=TODAY)


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.NURSE, Role.GUARDIAN, Role.PERSONNEL])
def test_others_accept_nothing(accept, make_actor, role):
    with pytest.raises(NotFound):
        accept(make_actor(role, person=1))
    assert not Consent.objects.exists()


@pytest.mark.requirement("SRV-035", "PDP-004")
def test_nine_requisites_stand_in_what_is_signed(accept, system):
    card = accept()

    row = queries.get_register_row(actor=system, consent_id=card.id, on=TODAY)
    signed = papers.get_signed_document(row=row)

    assert [one.code for one in signed.document.sections] == [
        "subject",
        "representative",
        "operator",
        "purpose",
        "data",
        "processor",
        "actions",
        "term",
        "signature",
    ]
    text = "\n".join(one.text for one in signed.document.sections)
    for words in (
        "Глебов Глеб",
        "I-АЖ 765432",
        "Верина В",
        "79 08 123456",
        "12.03.2015",
        "ОВД г. Заречного",
        "МБОУ «Школа «Альфа»",
        "г. Заречный, ул. Школьная, д. 1",
        "МКУ «Центр цифровизации»",
        "пл. Победы",
        "отозвать",
        "30 дней",
    ):
        assert words in text, words
    assert "{" not in text
    assert signed.document.signers == ("Верина В",)
    assert signed.is_intact


@pytest.mark.requirement("SRV-035", "PDP-004")
@pytest.mark.parametrize(
    ("kind", "born", "details", "with_guardian", "signers"),
    [
        (ConsentKind.ADULT_PUPIL, date(2008, 11, 20), OWN, False, 1),
        (ConsentKind.PUPIL, date(2011, 1, 1), BOTH, True, 2),
    ],
)
def test_pupil_signs_himself_by_age(
    accept, family, system, kind, born, details, with_guardian, signers
):
    Pupil.objects.filter(pk=family.gleb.pk).update(birth_date=born)

    card = accept(
        kind=kind,
        details=details,
        guardian_id=family.vera.pk if with_guardian else None,
    )

    row = queries.get_register_row(actor=system, consent_id=card.id, on=TODAY)
    assert len(papers.get_signed_document(row=row).document.signers) == signers
    assert row.applicant == "Глебов Глеб"
    found = find_live_consent(pupil_id=family.gleb.pk, guardian_id=None)
    assert found is not None
    assert found.id == card.id
    assert find_live_consent(pupil_id=family.gleb.pk, guardian_id=family.vera.pk) is None
    assert events()[-1] == ("people.ConsentAccepted", None)


@pytest.mark.requirement("PDP-004")
def test_employee_signs_his_own(family, system, make_actor):
    card = operations.accept_consent(
        actor=make_actor(Role.PERSONNEL),
        employee_id=family.anna.pk,
        details=OWN,
        identified_by="in_person",
        accepted_on=TODAY,
        now=NOW,
    )

    assert (card.kind, card.employee_id, card.pupil_id) == ("employee", family.anna.pk, None)
    assert events() == []


@pytest.mark.parametrize(
    ("kind", "born", "with_guardian"),
    [
        (ConsentKind.PARENT, date(2008, 11, 20), True),
        (ConsentKind.ADULT_PUPIL, date(2008, 11, 21), False),
        (ConsentKind.ADULT_PUPIL, None, False),
        (ConsentKind.PUPIL, date(2012, 11, 21), True),
        (ConsentKind.PUPIL, date(2008, 11, 20), True),
    ],
)
def test_wrong_age_cannot_sign(accept, family, kind, born, with_guardian):
    Pupil.objects.filter(pk=family.gleb.pk).update(birth_date=born)

    with pytest.raises(operations.ConsentCannotBeGiven):
        accept(kind=kind, details=BOTH, guardian_id=family.vera.pk if with_guardian else None)


def test_stranger_cannot_sign_for_a_child(accept, family):
    stranger = Guardian.objects.create(last_name="Чужой", first_name="Ч")

    with pytest.raises(operations.ConsentCannotBeGiven):
        accept(guardian=stranger)


def test_missing_requisite_is_named(accept):
    broken = operations.SignerDetails(subject=PARENT.subject, representative=None)

    with pytest.raises(operations.ConsentIsIncomplete) as refusal:
        accept(details=broken)

    assert refusal.value.facts["missing"] == ["representative", "authority"]


def test_school_without_an_address_cannot_take_a_consent(accept, system):
    change_setting(
        actor=system, key="operator.address", value="", clause="", since_on=date(2026, 9, 2)
    )

    with pytest.raises(operations.ConsentIsIncomplete) as refusal:
        accept()

    assert refusal.value.facts["missing"] == ["operator"]


def test_second_consent_of_the_same_parent_is_refused_and_takes_no_number(accept, family):
    accept()

    with pytest.raises(operations.ConsentIsAlreadyThere), transaction.atomic():
        accept()
    accept(guardian=family.viktor)

    numbers = [RegistrationNumber.parse(one.number) for one in Consent.objects.all()]
    assert len(numbers) == 2
    assert list_missing(numbers) == []


def test_same_request_again_gives_the_same_row(accept):
    key = uuid4()

    first, again = accept(request_key=key), accept(request_key=key)

    assert first.id == again.id
    assert Consent.objects.count() == 1
    assert len(events()) == 1


def test_what_is_registered_is_what_was_printed(accept, family, system):
    salt = papers.new_salt()
    shown = papers.compose_consent(
        actor=system,
        parties=operations.Parties(ConsentKind.PARENT, family.gleb.pk, family.vera.pk),
        details=PARENT,
        salt=salt,
        on=TODAY,
    )
    change_setting(
        actor=system,
        key="operator.address",
        value="другой адрес",
        clause="",
        since_on=date(2026, 9, 2),
    )

    with pytest.raises(operations.ConsentTextChanged):
        accept(salt=salt, shown_digest=shown.digest)


# --- The text of the school -------------------------------------------------------------------


def test_school_words_a_section_itself_and_old_consents_keep_theirs(accept, family, system):
    before = accept()
    operations.change_consent_text(
        actor=system,
        kind=ConsentKind.PARENT,
        own_sections={"purpose": "Ведение электронного дневника."},
        since_on=TODAY,
    )

    after = accept(guardian=family.viktor)

    texts = {}
    for card in (before, after):
        row = queries.get_register_row(actor=system, consent_id=card.id, on=TODAY)
        document = papers.get_signed_document(row=row).document
        texts[card.id] = (document.edition, document.sections[3].text)
    assert texts[after.id] == (
        "01.09.2025, текст школы от 20.11.2026",
        "Ведение электронного дневника.",
    )
    assert texts[before.id][0] == "01.09.2025"
    assert texts[before.id][1].startswith("Предоставление информации о текущей успеваемости")


@pytest.mark.parametrize(
    "own",
    [
        {"operator": "Школа"},
        {"term": "Навсегда"},
        {"purpose": "  "},
        {"purpose": "Цель {nobody}"},
        {"extra": "Согласен на всё"},
    ],
)
def test_wording_without_a_requisite_is_refused(opened, system, own):
    with pytest.raises(operations.ConsentTextIsUnfit):
        operations.change_consent_text(
            actor=system, kind=ConsentKind.PARENT, own_sections=own, since_on=TODAY
        )


# --- Nothing changes what was signed ----------------------------------------------------------


@pytest.mark.requirement("PDP-011")
@pytest.mark.parametrize(
    "change",
    [
        "snapshot = 'x'",
        "snapshot = NULL",
        "digest = 'x'",
        "number = '2026/000009'",
        "accepted_on = '2020-01-01'",
        "accepter_name = 'x'",
        "edition = 'x'",
        "guardian_id = NULL",
        "identified_by = 'esia'",
    ],
)
def test_database_lets_nobody_change_what_was_signed(accept, change):
    card = accept()

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE people_consent SET {change} WHERE id = %s", [card.id])


@pytest.mark.requirement("PDP-011")
def test_database_lets_nobody_delete_a_consent(accept):
    accept()

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM people_consent")


def test_what_was_signed_cannot_be_read_in_the_database(accept):
    card = accept()

    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot FROM people_consent WHERE id = %s", [card.id])
        sealed = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT string_agg(coalesce(after::text, ''), '') FROM audit_log")
        audit = cursor.fetchone()[0]
    assert "123456" not in sealed.decode()
    assert "123456" not in audit
    assert "snapshot" not in audit


# --- Withdrawing ------------------------------------------------------------------------------


def test_withdrawal_of_one_parent_leaves_the_other(accept, family, system):
    mine, other = accept(), accept(guardian=family.viktor)

    gone = operations.withdraw_consent(actor=system, consent_id=mine.id, manner="desk", now=NOW)

    assert not gone.is_live
    assert find_live_consent(pupil_id=family.gleb.pk, guardian_id=family.vera.pk) is None
    left = find_live_consent(pupil_id=family.gleb.pk, guardian_id=family.viktor.pk)
    assert left is not None
    assert left.id == other.id
    assert events()[-1] == ("people.ConsentWithdrawn", family.vera.pk)
    assert Consent.objects.get(pk=mine.id).destroy_due_on == date(2026, 12, 20)
    assert Consent.objects.get(pk=mine.id).withdrawal_number == "2026/000001"


def test_withdrawing_twice_is_withdrawing_once(accept, system):
    card = accept()

    for shift in (0, 1):
        operations.withdraw_consent(
            actor=system, consent_id=card.id, manner="desk", now=NOW + timedelta(days=shift)
        )

    assert Consent.objects.get().withdrawn_at == NOW
    assert [name for name, _ in events()].count("people.ConsentWithdrawn") == 1


def test_parent_withdraws_by_the_account_and_only_the_own_consent(accept, family, make_actor):
    card = accept()
    viktor = make_actor(Role.GUARDIAN, person=family.viktor.pk)
    vera = make_actor(Role.GUARDIAN, person=family.vera.pk)

    with pytest.raises(NotFound):
        operations.withdraw_consent(actor=viktor, consent_id=card.id, manner="account", now=NOW)
    with pytest.raises(NotFound):
        operations.withdraw_consent(actor=vera, consent_id=card.id, manner="desk", now=NOW)

    assert not operations.withdraw_consent(
        actor=vera, consent_id=card.id, manner="account", now=NOW
    ).is_live


def test_consent_may_be_given_anew_after_a_withdrawal(accept, system):
    first = accept()
    operations.withdraw_consent(actor=system, consent_id=first.id, manner="desk", now=NOW)

    assert accept().number == "2026/000002"


def test_database_keeps_a_withdrawal(accept, system):
    card = accept()
    operations.withdraw_consent(actor=system, consent_id=card.id, manner="desk", now=NOW)

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE people_consent SET withdrawn_at = now()")


# --- Reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (RegisterFilter(), 2),
        (RegisterFilter(words="верин"), 1),
        (RegisterFilter(words="глебов"), 2),
        (RegisterFilter(words="000002"), 1),
        (RegisterFilter(state="live"), 1),
        (RegisterFilter(state="withdrawn"), 1),
        (RegisterFilter(kind="employee"), 0),
        (RegisterFilter(since=date(2026, 11, 21)), 0),
        (RegisterFilter(until=date(2026, 11, 20)), 2),
    ],
)
def test_register_is_filtered(accept, family, system, wanted, found):
    first = accept()
    accept(guardian=family.viktor)
    operations.withdraw_consent(actor=system, consent_id=first.id, manner="desk", now=NOW)

    assert queries.list_register(actor=system, wanted=wanted, on=TODAY)[1] == found


def test_family_sees_what_it_signed_itself(accept, family, make_actor):
    mine = accept()
    accept(guardian=family.viktor)
    vera = make_actor(Role.GUARDIAN, person=family.vera.pk)

    rows = queries.list_own_register(actor=vera, on=TODAY)

    assert [row.card.id for row in rows] == [mine.id]
