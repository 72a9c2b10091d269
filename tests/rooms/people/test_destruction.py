"""What a withdrawn consent held goes with an act; what another consent or the law holds stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import Consent, DestructionAct, Guardian, GuardianLink, Pupil
from services.people.operations import consents as consents
from services.people.operations import destruction as operations
from services.people.queries import consent_papers as papers
from services.people.queries import consents as register
from services.people.queries import destruction as queries
from tests.rooms.people.families import NOW, TODAY
from tests.rooms.people.lists import GLEB, HEADER, MOTHER, VERA
from tests.rooms.people.papers import PARENT

pytestmark = pytest.mark.django_db
WITNESSES = [operations.Witness("Администратор", "Секретова С. И.")]
IN_THREE_YEARS = datetime(2029, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def withdraw(system):
    def run(card):
        return consents.withdraw_consent(actor=system, consent_id=card.id, manner="desk", now=NOW)

    return run


@pytest.fixture
def destroy(system):
    def run(card, now=NOW, **options):
        return operations.destroy_extra_data(
            **{
                "actor": system,
                "consent_id": card.id,
                "witnesses": WITNESSES,
                "now": now,
                **options,
            }
        )

    return run


def remembered(*, of: str, row_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(coalesce(before::text, '') || coalesce(after::text, ''), ' ')"
            " FROM audit_log WHERE table_name = %s AND row_id = %s",
            [of, row_id],
        )
        return str(cursor.fetchone()[0])


@pytest.mark.requirement("PDP-001", part=True)
def test_withdrawal_falls_due_in_thirty_days_with_what_goes(accept, withdraw, system):
    card = accept()
    assert queries.list_due(actor=system, on=TODAY) == []

    withdraw(card)

    (due,) = queries.list_due(actor=system, on=TODAY)
    assert (due.due_on, due.days_left, due.state) == (date(2026, 12, 20), 30, "plain")
    assert due.items == [
        "номер телефона (законного представителя)",
        "адрес электронной почты (законного представителя)",
    ]
    late = queries.list_due(actor=system, on=date(2026, 12, 21))
    assert [one.state for one in late] == ["bad"]


def test_contacts_go_from_the_card_and_from_the_journal_of_actions(
    accept,
    withdraw,
    destroy,
    family,
):
    withdraw(card := accept())
    assert "+79000000000" in remembered(of="people_guardian", row_id=family.vera.pk)

    act_id = destroy(card)

    vera = Guardian.objects.get(pk=family.vera.pk)
    assert (vera.phone, vera.email, vera.last_name) == ("", "", "Верина")
    memory = remembered(of="people_guardian", row_id=vera.pk)
    assert "+79000000000" not in memory
    assert "v@example.ru" not in memory
    act = DestructionAct.objects.get(pk=act_id)
    assert (act.number, act.made_on, act.kept_until) == (
        "2026/000001",
        TODAY,
        date(2029, 11, 20),
    )
    assert act.content["items"] == [
        "номер телефона (законного представителя)",
        "адрес электронной почты (законного представителя)",
    ]
    (line,) = act.content["log"]
    assert (line["table"], line["row"]) == ("people_guardian", vera.pk)
    assert act.content["witnesses"] == [{"post": "Администратор", "name": "Секретова С. И."}]
    assert "+79000000000" not in str(act.content)


def test_other_parent_and_the_record_of_learning_stay(accept, withdraw, destroy, family):
    accept(guardian=family.viktor)
    withdraw(card := accept())

    destroy(card)

    assert Guardian.objects.get(pk=family.viktor.pk).phone == "+79000000000"
    assert Pupil.objects.get(pk=family.gleb.pk).last_name == "Глебов"
    assert GuardianLink.objects.filter(pupil=family.gleb).count() == 2


def test_contacts_stay_while_a_consent_for_another_child_is_live(
    accept,
    withdraw,
    destroy,
    family,
):
    zoya = family.add_pupil("Зоина", date(2014, 1, 1))
    GuardianLink.objects.create(
        pupil=zoya, guardian=family.vera, relation="mother", since_on=date(2026, 9, 1)
    )
    accept(pupil_id=zoya.pk)
    withdraw(card := accept())

    act_id = destroy(card)

    assert Guardian.objects.get(pk=family.vera.pk).phone == "+79000000000"
    assert DestructionAct.objects.get(pk=act_id).content["items"] == []


def test_live_consent_destroys_nothing(accept, destroy):
    card = accept()

    with pytest.raises(operations.NothingToDestroy):
        destroy(card)


def test_second_press_gives_the_same_act(accept, withdraw, destroy):
    withdraw(card := accept())

    assert destroy(card) == destroy(card)
    assert DestructionAct.objects.count() == 1


def test_act_names_who_destroys(accept, withdraw, destroy, family):
    withdraw(card := accept())

    with pytest.raises(operations.ActNeedsNames), transaction.atomic():
        destroy(card, witnesses=[operations.Witness("", " ")])

    assert Guardian.objects.get(pk=family.vera.pk).phone == "+79000000000"


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.MANAGEMENT, Role.TEACHER, Role.GUARDIAN])
def test_only_the_administrator_destroys(accept, withdraw, destroy, make_actor, role):
    withdraw(card := accept())

    with pytest.raises(NotFound):
        destroy(card, actor=make_actor(role, person=1))


def test_database_forgets_no_contacts_that_are_still_there(accept, family):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT people_forget_contacts('people_guardian', %s)", [family.vera.pk])


def test_act_cannot_be_changed(accept, withdraw, destroy):
    withdraw(card := accept())
    destroy(card)

    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE people_destructionact SET subject_name = 'x'")


def test_signed_text_goes_three_years_after_the_withdrawal_and_the_register_stays(
    accept,
    withdraw,
    destroy,
    system,
):
    withdraw(card := accept())
    destroy(card)
    early = {"actor": system, "consent_id": card.id, "witnesses": WITNESSES}
    with pytest.raises(operations.NothingToDestroy):
        operations.erase_signed(**early, now=IN_THREE_YEARS - timedelta(days=1))
    (ripe,) = queries.list_expired(actor=system, on=date(2029, 11, 21))
    assert ripe.card.id == card.id

    operations.erase_signed(**early, now=IN_THREE_YEARS)

    consent = Consent.objects.get()
    assert consent.snapshot is None
    assert consent.number == "2026/000001"
    row = register.get_register_row(actor=system, consent_id=card.id, on=TODAY)
    with pytest.raises(NotFound):
        papers.get_signed_document(row=row)
    assert row.applicant == "Верина В"


def test_three_years_run_from_the_day_by_the_clock_of_the_school(accept, destroy, system):
    """Withdrawn on 21 November at half past midnight in Moscow: in UTC it is still the 20th."""
    card, night = accept(), datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    consents.withdraw_consent(actor=system, consent_id=card.id, manner="desk", now=night)
    destroy(card, now=night)

    assert queries.list_expired(actor=system, on=date(2029, 11, 21)) == []
    assert queries.list_expired(actor=system, on=date(2029, 11, 22)) != []


def test_act_is_a_pdf(accept, withdraw, destroy, system):
    withdraw(card := accept())
    act = queries.get_act(actor=system, act_id=destroy(card))

    pdf = queries.render_act(act=act)

    assert pdf.startswith(b"%PDF")


def test_no_list_brings_back_what_was_destroyed(bring, system):
    rows = [[*HEADER, *MOTHER], [*GLEB, *VERA]]
    bring(rows)
    vera = Guardian.objects.get()
    gleb = Pupil.objects.get()
    assert vera.phone
    consents.change_operator(
        actor=system,
        values={"operator.name": "МБОУ", "operator.address": "ул. Школьная"},
        since_on=date(2026, 9, 1),
    )
    card = consents.accept_consent(
        actor=system,
        pupil_id=gleb.pk,
        guardian_id=vera.pk,
        details=PARENT,
        identified_by="in_person",
        accepted_on=TODAY,
        now=NOW,
    )
    consents.withdraw_consent(actor=system, consent_id=card.id, manner="desk", now=NOW)
    operations.destroy_extra_data(actor=system, consent_id=card.id, witnesses=WITNESSES, now=NOW)

    report = bring(rows)

    assert Guardian.objects.get().phone == ""
    assert "отозвал согласие" in str(report.as_dict())
