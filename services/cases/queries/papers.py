"""The documents of a case as data for their templates (requirements.md, part G; SRV-025).

What the school issues bears its number, day, source and issuer; what the applicant signs bears the
mark of its registration. Names stand in the nominative: no program declines all of them rightly.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from foundation.documents.paper import PaperDocument
from kernel.actor import Actor
from kernel.errors import NotFound
from services.cases import access, rules
from services.cases.models import Application, CaseEvent
from services.cases.queries.reading import name_of
from services.cases.rules import Paper
from services.people import queries as people
from services.people.queries.consents import get_operator
from services.regulation.queries import get_settings

TITLES: dict[Paper, str] = {
    Paper.APPLICATION: "Заявление о предоставлении услуги",
    Paper.RECEIPT: "Расписка о регистрации заявления",
    Paper.NOT_ACCEPTED: "Уведомление об отказе в приёме заявления",
    Paper.ACCESS: "Уведомление о предоставлении доступа",
    Paper.REFUSAL: "Уведомление об отказе в предоставлении услуги",
    Paper.STOP: "Заявление о прекращении услуги",
    Paper.TERMINATION: "Уведомление о прекращении услуги",
}
TEMPLATES: dict[Paper, str] = {
    Paper.APPLICATION: "cases/application.typ",
    Paper.RECEIPT: "cases/receipt.typ",
    Paper.NOT_ACCEPTED: "cases/refusal.typ",
    Paper.ACCESS: "cases/access.typ",
    Paper.REFUSAL: "cases/refusal.typ",
    Paper.STOP: "cases/stop.typ",
    Paper.TERMINATION: "cases/termination.typ",
}
KEYS = (
    "service.name",
    "service.documents",
    "service.rights_and_duties",
    "service.appeal_order",
    "access.parent_due_workdays",
    *rules.DEMANDED_GROUNDS,
)
RELATIONS = {
    "mother": "мать",
    "father": "отец",
    "guardian": "опекун",
    "trustee": "попечитель",
    "adopter": "усыновитель",
    "other": "иной законный представитель",
}


def get_paper(*, actor: Actor, case_id: int, paper: str, on: date) -> PaperDocument:
    """Return a document of a case the actor may see. Raise `NotFound`."""
    case, _ = access.get_case(actor=actor, case_id=case_id, on=on)
    return _compose(actor, case, paper, on)


def get_paper_by_secret(
    *, actor: Actor, number: str, secret: str, paper: str, on: date
) -> PaperDocument:
    """Return a document to who knows the number and the code. Raise `NotFound`."""
    case, _ = access.get_case_by_secret(number=number, secret=secret)
    return _compose(actor, case, paper, on)


def _compose(actor: Actor, case: Application, paper: str, on: date) -> PaperDocument:
    event = case.log.filter(paper=paper).order_by("-at", "-pk").first()
    if event is None:
        raise NotFound
    kind = Paper(paper)
    zone = ZoneInfo(actor.school.timezone)
    issued_on = event.at.astimezone(zone).date()
    held = {key: one.value for key, one in get_settings(keys=list(KEYS), on=issued_on).items()}
    operator = get_operator(actor=actor, on=issued_on)
    data = {
        "title": TITLES[kind],
        "head": {"name": operator.name, "address": operator.address, "contacts": ""},
        "number": event.paper_number or None,
        "on": issued_on,
        "service": held["service.name"],
        "case": _describe(case, on, zone),
        "documents": [title for _, title in held["service.documents"]],
        "papers": [one.get_kind_display() for one in case.attachments.order_by("pk")],
        "duties": held["service.rights_and_duties"],
        "appeal": held["service.appeal_order"],
        "days": held["access.parent_due_workdays"],
        "ground": _ground(event, held),
        "deliveries": [
            [title, code == case.delivery] for code, title in Application.Deliveries.choices
        ],
        "issuer": _issuer(event),
        "secret": access.make_secret(case.request_key) if kind is Paper.RECEIPT else "",
    }
    number = case.number.replace("/", "-")
    return PaperDocument(TEMPLATES[kind], f"{TITLES[kind]} {number}.pdf", data)


def _describe(case: Application, on: date, zone: ZoneInfo) -> dict[str, Any]:
    cards = people.get_pupil_cards(pupil_ids=[case.pupil_id], on=on) if case.pupil_id else {}
    card = cards.get(case.pupil_id or 0)
    return {
        "number": case.number,
        "registered_on": case.registered_on,
        "submitted_on": case.submitted_at.astimezone(zone).date() if case.submitted_at else None,
        "channel": case.get_channel_display(),
        "applicant": name_of(
            case.applicant_last_name, case.applicant_first_name, case.applicant_middle_name
        ),
        "kind": case.get_kind_display(),
        "relation": RELATIONS.get(case.relation, ""),
        "phone": case.phone,
        "email": case.email,
        "child": name_of(case.child_last_name, case.child_first_name, case.child_middle_name),
        "birth_date": case.child_birth_date,
        "class_title": card.class_title if card else case.child_class,
        "is_self": case.kind in access.SELF,
        "delivery": case.get_delivery_display(),
        "accepted_on": case.accepted_on,
        "granted_on": case.granted_on,
        "due_on": case.due_on,
        "ended_on": case.ended_on,
    }


def _ground(event: CaseEvent, held: dict[str, Any]) -> dict[str, str]:
    return {
        "title": rules.say_ground(code=event.ground, state=event.to_state, listed=held),
        "clause": event.ground_clause,
        "note": event.note,
    }


def _issuer(event: CaseEvent) -> str:
    if event.account_id is None or event.party != "staff":
        return ""
    return people.get_employee_names_by_account([event.account_id]).get(event.account_id, "")
