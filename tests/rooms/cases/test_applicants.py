"""Who may apply (SRV-003): a table of ages and days."""

from datetime import date

import pytest

from kernel.errors import DomainError
from services.cases import rules
from services.cases.rules import ApplicantKind, Delivery

TODAY = date(2026, 11, 20)
PARENT, ADULT, YOUNG = (
    ApplicantKind.PARENT,
    ApplicantKind.ADULT_PUPIL,
    ApplicantKind.PUPIL_WITH_CONSENT,
)


@pytest.mark.requirement("SRV-002", "SRV-003")
@pytest.mark.parametrize(
    ("who", "born", "has_consent", "outcome"),
    [
        pytest.param("parent", "2019-11-20", False, PARENT, id="a parent of a child of seven"),
        pytest.param("parent", "2008-11-21", False, PARENT, id="on the eve of eighteen"),
        pytest.param("parent", "2008-11-20", False, "child-is-adult", id="on the day of eighteen"),
        pytest.param("pupil", "2012-11-21", True, "applicant-is-too-young", id="thirteen"),
        pytest.param("pupil", "2012-11-20", True, YOUNG, id="fourteen today, with consent"),
        pytest.param(
            "pupil", "2012-11-20", False, "parental-consent-is-missing", id="fourteen, without"
        ),
        pytest.param("pupil", "2008-11-21", True, YOUNG, id="seventeen, with consent"),
        pytest.param(
            "pupil", "2008-11-21", False, "parental-consent-is-missing", id="seventeen, without"
        ),
        pytest.param("pupil", "2008-11-20", False, ADULT, id="eighteen today needs nobody"),
    ],
)
def test_applicant_is_who_the_regulation_says(who, born, has_consent, outcome) -> None:
    def choose() -> str:
        try:
            return rules.choose_kind(
                is_pupil=who == "pupil",
                birth_date=date.fromisoformat(born),
                on=TODAY,
                min_age_self=14,
                needs_consent=True,
                has_consent=has_consent,
            )
        except DomainError as refusal:
            return refusal.code

    assert choose() == outcome


def test_school_may_ask_for_no_consent_and_for_another_age() -> None:
    def choose(min_age: int) -> ApplicantKind:
        return rules.choose_kind(
            is_pupil=True, birth_date=date(2012, 1, 1), on=TODAY, min_age_self=min_age,
            needs_consent=False, has_consent=False,
        )  # fmt: skip

    assert choose(14) is YOUNG
    with pytest.raises(rules.ApplicantIsTooYoung, match="с 16 лет"):
        choose(16)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2012-02-29", "2026-02-28", 13),
        ("2012-02-29", "2026-03-01", 14),
        ("2008-12-31", "2026-12-30", 17),
        ("2008-12-31", "2026-12-31", 18),
    ],
)
def test_years_are_full_on_the_birthday(born, on, age) -> None:
    assert rules.age_on(date.fromisoformat(born), date.fromisoformat(on)) == age


@pytest.mark.requirement("SRV-032", "SRV-033")
@pytest.mark.parametrize(
    ("delivery", "phone", "email", "needs_any", "is_fit"),
    [
        (Delivery.PORTAL, "", "", False, True),
        (Delivery.PORTAL, "", "", True, False),
        (Delivery.PORTAL, "+79001234567", "", True, True),
        (Delivery.EMAIL, "+79001234567", "", True, False),
        (Delivery.EMAIL, "", "a@example.org", True, True),
        (Delivery.SMS, "", "a@example.org", True, False),
        (Delivery.SMS, "+79001234567", "", False, True),
        (Delivery.PAPER, "", "", False, True),
    ],
)
def test_delivery_has_somewhere_to_go(delivery, phone, email, needs_any, is_fit) -> None:
    def check() -> None:
        rules.check_contacts(delivery=delivery, phone=phone, email=email, needs_any=needs_any)

    if is_fit:
        check()
    else:
        with pytest.raises(rules.ContactIsMissing):
            check()
