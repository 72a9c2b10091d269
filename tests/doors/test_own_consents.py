"""Signing a consent by one's own account: closed by default, what is shown is what is signed."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from kernel.roles import Role
from services.people.models import Consent, GuardianLink, Pupil
from services.people.operations.consents import change_operator
from services.people.queries.consent_papers import get_signed_document
from services.people.queries.consents import get_register_row
from services.regulation.operations import change_setting
from tests.factories.accounts import let_time_pass
from tests.factories.consents import TYPED
from tests.factories.district import TwoSchools

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SRV-010", part=True)]
ON = date(2026, 11, 20)


@pytest.fixture
def allow(two: TwoSchools, inside):
    """Let the school accept signatures so: `allow("in_person", "account")`."""

    def by_setting(*manners: str) -> None:
        system = two.system_of()
        with inside():
            values = {"operator.name": "МБОУ «Альфа»", "operator.address": "ул. Школьная, д. 1"}
            change_operator(actor=system, values=values, since_on=date(2026, 9, 1))
            change_setting(
                actor=system,
                key="consent.identification",
                value=list(manners),
                clause="приказ",
                since_on=date(2026, 9, 1),
            )

    return by_setting


@pytest.fixture
def vera(two: TwoSchools):
    """The mother's browser; she has just signed in."""
    return two.sign_in(Role.GUARDIAN)


def page(two: TwoSchools, pupil_id: int | None = None, slug: str = "alpha") -> str:
    pupil = pupil_id or two.small[slug].gleb
    return reverse("guardian:sign-consent", kwargs={"school": slug, "pupil_id": pupil})


def list_of(two: TwoSchools) -> str:
    return reverse("guardian:consents", kwargs={"school": "alpha"})


def sign(client: Any, address: str, *, typed: Any = None, **changes: Any) -> Any:
    """Walk to the end as a person does; return the answer of the last step."""
    typed = typed or TYPED
    shown = client.post(address, {**typed, "step": "check"})
    assert shown.status_code == 200
    context = shown.context
    signed = {
        **typed,
        "salt": context["document"].salt,
        "digest": context["digest"],
        "key": context["key"],
        "is_signed": "on",
        "step": "sign",
        **changes,
    }
    return client.post(address, {name: one for name, one in signed.items() if one is not None})


def test_by_default_a_consent_is_signed_at_school_and_the_page_says_so(two, vera, inside):
    listed = vera.get(list_of(two)).text
    shown = vera.get(page(two))
    sent = vera.post(page(two), {**TYPED, "step": "sign", "is_signed": "on"})

    assert "Подпишите в школе у классного руководителя" in listed
    assert "Подписать здесь" not in listed
    assert (shown.status_code, sent.status_code) == (200, 409)
    assert "Эта школа принимает согласие только лично" in shown.text
    with inside():
        assert not Consent.objects.exists()


def test_mother_reads_signs_and_what_was_shown_is_kept(two, vera, allow, inside):
    allow("in_person", "account")
    assert "Подписать здесь" in vera.get(list_of(two)).text
    assert "Шаг 1 из 2" in vera.get(page(two)).text
    shown = vera.post(page(two), {**TYPED, "step": "check"}).context

    answer = sign(vera, page(two))

    assert answer["Location"] == list_of(two)
    listed = vera.get(list_of(two)).text
    assert "№&nbsp;2026/000001" in listed
    assert "не подписано" not in listed
    with inside():
        consent = Consent.objects.get()
        assert (consent.identified_by, consent.kind) == ("account", "parent")
        assert consent.accepter_name == "подписано в личном кабинете"
        assert (consent.pupil_id, consent.guardian_id) == (two.alpha.gleb, two.alpha.vera)
        row = get_register_row(actor=two.system_of(), consent_id=consent.pk, on=ON)
        document = get_signed_document(row=row)
    assert document.is_intact
    assert [one.text for one in document.document.sections] == [
        one.text for one in shown["document"].sections
    ]
    again = vera.get(page(two), follow=True).text
    assert "Это согласие уже подписано" in again


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        pytest.param({"is_signed": None}, 400, "Отметьте, что прочитали", id="not ticked"),
        pytest.param({"digest": "0" * 64}, 409, "изменился", id="another text"),
        pytest.param({"digest": None}, 409, "изменился", id="no text shown"),
        pytest.param({"representative-number": ""}, 400, "Впишите серию", id="no passport"),
    ],
)
def test_nothing_is_signed_without_the_whole_of_it(
    two, vera, allow, inside, changes, status, words
):
    allow("account")

    answer = sign(vera, page(two), **changes)

    assert (answer.status_code, words in answer.text) == (status, True)
    with inside():
        assert not Consent.objects.exists()


def test_signature_asks_once_more_who_it_is(two, vera, allow, inside):
    allow("account")
    let_time_pass(3600)

    for answer in (vera.get(page(two)), vera.post(page(two), {**TYPED, "step": "sign"})):
        assert answer["Location"].startswith("/account/confirm/")
    with inside():
        assert not Consent.objects.exists()


def test_through_esia_only_who_came_through_it_this_time(two, vera, allow, inside):
    allow("in_person", "esia")
    assert "через Госуслуги" in vera.get(list_of(two)).text
    assert "Войдите через Госуслуги" in vera.get(page(two)).text
    session = vera.session
    session["through-esia"] = True
    session.save()

    assert sign(vera, page(two)).status_code == 302
    with inside():
        assert Consent.objects.get().identified_by == "esia"


def test_stranger_signs_for_nobodys_child(two, vera, allow, inside):
    allow("account")
    strangers = two.alpha.yegor

    assert vera.get(page(two, strangers)).status_code == 404
    assert vera.post(page(two, strangers), {**TYPED, "step": "sign"}).status_code == 404
    assert vera.get(page(two, slug="beta")).status_code == 404


def test_guardian_the_school_has_not_confirmed_signs_nothing(two, vera, allow, inside):
    allow("account")
    with inside():
        GuardianLink.objects.filter(guardian_id=two.alpha.vera).update(state="proposed")

    assert vera.get(page(two)).status_code == 404


def test_pupil_signs_alone_from_eighteen_on_and_younger_with_a_parent_at_school(two, allow, inside):
    allow("account")
    gleb = two.sign_in(Role.PUPIL)
    with inside():
        Pupil.objects.filter(pk=two.alpha.gleb).update(birth_date=date(2010, 1, 1))
    assert gleb.get(page(two)).status_code == 404
    assert "вместе с родителем" in gleb.get(list_of(two)).text
    with inside():
        Pupil.objects.filter(pk=two.alpha.gleb).update(birth_date=date(2008, 1, 1))

    own = {
        name.replace("representative", "subject"): one
        for name, one in TYPED.items()
        if name.startswith("representative")
    }
    assert sign(gleb, page(two), typed=own).status_code == 302
    with inside():
        assert Consent.objects.get().kind == "adult_pupil"
