"""Print-outs as sheets of paper, one child after another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from foundation.documents.paper import PaperDocument
from kernel.actor import Actor
from kernel.errors import NotFound
from services.cases.models import Printout
from services.cases.queries.printouts import NOTE, name_receivers
from services.diary.queries import FreshMark
from services.diary.queries.paper import PaperSheet, get_sheet
from services.people import queries as people
from services.people.queries.consents import get_operator
from services.regulation.queries import get_settings


def compose_sheets(
    *, actor: Actor, printout_ids: Sequence[int], is_two_sided: bool, on: date
) -> PaperDocument:
    """Return sheets of a batch as one document, in the order given. Raise `NotFound`.

    Printed on both sides, each child begins a new leaf: no child's marks lie on another's back.
    """
    found = {one.pk: one for one in Printout.objects.filter(pk__in=list(printout_ids))}
    sheets = [found[pk] for pk in printout_ids if pk in found]
    if not sheets or len(sheets) != len(printout_ids):
        raise NotFound
    cards = people.get_pupil_cards(pupil_ids={one.pupil_id for one in sheets}, on=on)
    names = name_receivers(sheets, cards)
    operator = get_operator(actor=actor, on=on)
    data = {
        "title": "Распечатки сведений об успеваемости и посещаемости",
        "head": {"name": operator.name, "address": operator.address, "contacts": ""},
        "two_sided": is_two_sided,
        "note": str(get_settings(keys=[NOTE], on=on)[NOTE].value or ""),
        "sheets": [
            _to_sheet(
                one,
                get_sheet(
                    actor=actor,
                    pupil_id=one.pupil_id,
                    since=one.period_since,
                    last=one.period_last,
                    today=on,
                ),
                names[one.pair],
            )
            for one in sheets
        ],
    }
    name = sheets[0].number.replace("/", "-") if len(sheets) == 1 else f"{on}"
    return PaperDocument("cases/printout.typ", f"Распечатки {name}.pdf", data)


def _to_sheet(printout: Printout, sheet: PaperSheet, receiver: str) -> dict[str, Any]:
    return {
        "number": printout.number,
        "on": printout.printed_on,
        "since": printout.period_since,
        "last": printout.period_last,
        "issuer": printout.printed_by_name,
        "receiver": receiver,
        "child": str(sheet.child.name),
        "class_title": sheet.child.class_title,
        "marks": [
            {
                "subject": subject,
                "marks": [
                    {"value": str(one.value), "on": one.day, "what": _say_what(one)}
                    for one in marks
                ],
            }
            for subject, marks in sheet.marks
        ],
        "absences": [
            [f"{one.date:%d.%m}", f"{one.number}", one.subject, one.code_title]
            for one in sheet.absences
        ],
        "tasks": [
            [f"{one.due_on:%d.%m}" if one.due_on else "следующий урок", one.subject, one.text]
            for one in sheet.tasks
        ],
        "changes": [
            [
                f"{one.date:%d.%m}",
                f"{one.number}",
                one.subject,
                "урока не будет" if one.is_cancelled else f"замена: {one.teacher}",
            ]
            for one in sheet.changes
        ],
    }


def _say_what(mark: FreshMark) -> str:
    return ": ".join(filter(None, (mark.work_kind, mark.topic)))
