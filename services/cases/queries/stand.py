"""The information stand (информационный стенд): its six parts, read from the regulation.

Source: SRV-019 (the parts), SRV-021 and INF-002 (where the order is published), SRV-036 (legal
basis), SRV-005…007 (result). The page, the poster and the order of the service are made of this.
"""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from services.people.queries.consents import get_operator
from services.regulation.queries import get_settings

CARD = ("service_place", "phones", "email", "site", "hours", "reception")
CARD_TITLES = {
    "service_place": "Где принимают согласие",
    "phones": "Телефон",
    "email": "Электронная почта",
    "site": "Сайт",
    "hours": "Часы работы",
    "reception": "Дни приёма",
}
CARD_KEYS = {name: f"school.card.{name}" for name in CARD}
KEYS = [
    *CARD_KEYS.values(),
    "service.name",
    "service.result",
    "service.legal_basis",
    "service.principles",
    "service.documents",
    "service.grounds.not_accepted",
    "service.grounds.refused",
    "service.grounds.terminated",
    "service.appeal_order",
    "service.rights_and_duties",
    "service.min_age_self",
    "service.parental_consent_required_14_17",
    "service.apply_without_sign_in",
    "access.parent_due_workdays",
    "print.parent_interval_days",
    "deadline.week",
    "complaint.review_workdays",
    "complaint.short_review_workdays",
    "complaint.register_workdays",
    "complaint.answer_days",
]


@dataclass(frozen=True, slots=True)
class Stand:
    """What a school tells everybody of the service; lists are texts in order."""

    school: str
    address: str
    card: dict[str, str]
    name: str
    result: list[str]
    legal_basis: list[str]
    principles: list[str]
    documents: list[str]
    not_accepted: list[str]
    refused: list[str]
    terminated: list[str]
    appeal: str
    duties: list[str]
    min_age: int
    is_consent_needed_14_17: bool
    is_open_without_sign_in: bool
    days: int
    print_days: int
    week: int
    complaint_days: int
    complaint_short_days: int
    complaint_register_days: int
    complaint_answer_days: int

    @property
    def contacts(self) -> list[tuple[str, str]]:
        """Return (title, value) of what is known of the school, the place of the service first."""
        known = [("Адрес", self.address)] if self.address else []
        return known + [(CARD_TITLES[one], self.card[one]) for one in CARD if self.card[one]]


def get_stand(*, actor: Actor, on: date) -> Stand:
    """Return the stand of the school as it holds on a day; open to everybody."""
    held = {key: one.value for key, one in get_settings(keys=KEYS, on=on).items()}
    operator = get_operator(actor=actor, on=on)
    return Stand(
        school=operator.name,
        address=operator.address,
        card={name: held[key] for name, key in CARD_KEYS.items()},
        name=held["service.name"],
        result=held["service.result"],
        legal_basis=held["service.legal_basis"],
        principles=held["service.principles"],
        documents=_titles(held["service.documents"]),
        not_accepted=_titles(held["service.grounds.not_accepted"]),
        refused=_titles(held["service.grounds.refused"]),
        terminated=_titles(held["service.grounds.terminated"]),
        appeal=held["service.appeal_order"],
        duties=held["service.rights_and_duties"],
        min_age=held["service.min_age_self"],
        is_consent_needed_14_17=held["service.parental_consent_required_14_17"],
        is_open_without_sign_in=held["service.apply_without_sign_in"],
        days=held["access.parent_due_workdays"],
        print_days=held["print.parent_interval_days"],
        week=held["deadline.week"],
        complaint_days=held["complaint.review_workdays"],
        complaint_short_days=held["complaint.short_review_workdays"],
        complaint_register_days=held["complaint.register_workdays"],
        complaint_answer_days=held["complaint.answer_days"],
    )


def _titles(rows: list[list[str]]) -> list[str]:
    return [title for _, title in rows]
