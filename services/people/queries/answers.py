"""The answer to a request for own data, for the office and for the person: a ZIP of two files."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from foundation.documents.rendering import render_pdf
from kernel.actor import Actor
from services.people.queries.consents import get_operator
from services.people.queries.own_data import (
    OwnPart,
    as_json,
    collect_own_data,
    get_subject_name,
    pack,
)
from services.people.queries.subject_requests import RequestCard
from services.regulation.queries import get_settings

TERMS = ("retention.journal_years", "retention.summary_years", "retention.consent_years")


def make_answer(*, actor: Actor, card: RequestCard, on: date) -> bytes:
    """Return the ZIP: JSON for programs, PDF for people; inside the school's transaction."""
    name = get_subject_name(card.subject)
    parts = collect_own_data(card.subject)
    operator = asdict(get_operator(actor=actor, on=on))
    years = {key: str(one.value) for key, one in get_settings(keys=list(TERMS), on=on).items()}
    data = {
        "number": card.number,
        "on": on,
        "asked_on": card.asked_on,
        "asker": card.asker,
        "subject": name,
        "operator": operator,
        "journal_years": years[TERMS[0]],
        "summary_years": years[TERMS[1]],
        "consent_years": years[TERMS[2]],
        "preparer": actor.name,
        "parts": _tables(parts),
    }
    return pack(
        {
            "данные.json": as_json(name=name, operator=operator, on=on, parts=parts),
            "ответ.pdf": render_pdf(template="people/own_data.typ", data=data),
        }
    )


def _tables(parts: Sequence[OwnPart]) -> list[dict[str, object]]:
    return [
        {
            "title": one.title,
            "ground": one.ground,
            "columns": list(one.columns),
            "rows": [list(row) for row in one.rows],
        }
        for one in parts
    ]
