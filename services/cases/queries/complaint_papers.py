"""Papers of a complaint: receipt, forwarding, answer, extract of the register; for both bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.complaints.reading import ComplaintCard, ComplaintRow, register_cells
from foundation.documents.paper import PaperDocument
from kernel.complaints import Outcome
from kernel.errors import NotFound

TITLES = {
    "receipt": "Расписка о регистрации жалобы",
    "forward": "Уведомление о переадресации жалобы",
    "answer": "Ответ на жалобу",
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues a paper: the organisation's head, the body in words, the person at the desk."""

    head: Mapping[str, str]
    body: str
    name: str = ""


def list_papers(card: ComplaintCard) -> list[tuple[str, str]]:
    """Return (kind, title) of the papers a complaint has by now."""
    held = {
        "receipt": card.row.registered_on,
        "forward": card.forwarded_on,
        "answer": card.row.decided_on,
    }
    return [(kind, title) for kind, title in TITLES.items() if held[kind]]


def compose_paper(*, card: ComplaintCard, kind: str, issuer: Issuer) -> PaperDocument:
    """Return a paper of a complaint. Raise `NotFound` for one it does not have."""
    if kind not in {one for one, _ in list_papers(card)}:
        raise NotFound
    row = card.row
    days = {"receipt": row.registered_on, "forward": card.forwarded_on, "answer": row.decided_on}
    data = {
        "head": dict(issuer.head),
        "body": issuer.body,
        "issuer": issuer.name,
        "number": row.number,
        "on": days[kind],
        "due": f"{row.due_on:%d.%m.%Y}" if row.due_on else "",
        "decided": f"{row.decided_on:%d.%m.%Y}" if row.decided_on else "",
        "is_satisfied": row.outcome is Outcome.SATISFIED,
        "complaint": _describe(card),
    }
    number = row.number.replace("/", "-")
    template = f"cases/complaint-{kind}.typ"
    return PaperDocument(template, f"{TITLES[kind]} {number}.pdf", data)


def compose_register(
    *, rows: Sequence[ComplaintRow], subtitle: str, issuer: Issuer, on: date
) -> PaperDocument:
    """Return the extract of the register."""
    headings, *lines = register_cells(rows)
    data = {
        "head": dict(issuer.head),
        "issuer": issuer.name,
        "on": on,
        "subtitle": subtitle,
        "columns": headings,
        "rows": [[_say(cell) for cell in line] for line in lines],
    }
    return PaperDocument("cases/complaint-register.typ", f"Реестр жалоб {on}.pdf", data)


def _say(cell: str | date | None) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell or ""


def _describe(card: ComplaintCard) -> dict[str, Any]:
    row = card.row
    return {
        "number": row.number,
        "applicant": row.applicant,
        "postal_address": card.postal_address,
        "against": ", ".join(filter(None, (row.target_title, row.against))),
        "grounds": list(row.grounds),
        "received_on": row.received_on,
        "registered_on": row.registered_on,
        "review_workdays": card.review_workdays or 0,
        "files": len(card.file_ids),
        "forwarded_on": card.forwarded_on,
        "forwarded_to": card.forwarded_to,
        "forward_reason": card.forward_reason,
        "contested": card.contested,
        "outcome": row.outcome_title,
        "reasons": card.reasons,
        "measures": card.measures,
        "apology": card.apology,
        "next_steps": card.next_steps,
        "appeal_order": card.appeal_order,
        "cure_until": card.cure_until,
        "decided_by": card.decided_by_name,
    }
