"""The register of applications and of refusals: a table to filter, print and export.

Source: SRV-011, SRV-012 (refusals with their grounds), SRV-014 (registration), REP-026.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.documents.paper import PaperDocument
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from services.cases import rules
from services.cases.models import Application
from services.cases.queries.cases import CaseFilter, list_cases
from services.cases.queries.reading import CaseRow, read_grounds
from services.people.access import may_on_duty
from services.people.queries.consents import get_operator

HEAD = (
    "Номер",
    "Зарегистрировано",
    "Обучающийся",
    "Класс",
    "Заявитель",
    "Как подано",
    "Сведения",
    "Состояние",
    "Доступ не позднее",
    "Доступ предоставлен",
    "Завершено",
    "Основание",
)
Cell = str | date | None


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of the register: the queue's row with how it ended."""

    row: CaseRow
    delivery_title: str
    due_on: date | None
    granted_on: date | None
    ended_on: date | None
    ground_title: str


def may_export(*, actor: Actor, on: date) -> bool:
    """Return whether the actor prints and exports registers."""
    return may_on_duty(actor=actor, right=Right.REGISTERS_EXPORT, on=on)


def list_register(*, actor: Actor, wanted: CaseFilter, on: date) -> list[RegisterLine]:
    """Return the register as the filter leaves it, by number. Raise `NotFound`."""
    if not may_export(actor=actor, on=on):
        raise NotFound
    rows, _ = list_cases(actor=actor, wanted=wanted, on=on, page=None)
    cases = Application.objects.in_bulk([row.id for row in rows])
    grounds = read_grounds(on)
    lines = [_to_line(row, cases[row.id], grounds) for row in rows]
    return sorted(lines, key=lambda line: line.row.number)


def register_cells(lines: Iterable[RegisterLine]) -> list[tuple[Cell, ...]]:
    """Return the register as a table, its head first."""
    return [
        HEAD,
        *(
            (
                line.row.number,
                line.row.registered_on,
                line.row.child,
                line.row.class_title,
                line.row.applicant,
                line.row.channel_title,
                line.delivery_title,
                line.row.state_title,
                line.due_on,
                line.granted_on,
                line.ended_on,
                line.ground_title,
            )
            for line in lines
        ),
    ]


def compose_register(
    *, actor: Actor, lines: Sequence[RegisterLine], is_of_refusals: bool, on: date
) -> PaperDocument:
    """Return the extract of the register for paper."""
    operator = get_operator(actor=actor, on=on)
    head, *rows = register_cells(lines)
    title = "Реестр отказов" if is_of_refusals else "Реестр заявлений"
    data = {
        "head": {"name": operator.name, "address": operator.address, "contacts": ""},
        "title": title,
        "issuer": actor.name,
        "on": on,
        "columns": head,
        "rows": [[_say(cell) for cell in row] for row in rows],
    }
    return PaperDocument("cases/case-register.typ", f"{title} {on}.pdf", data)


def _to_line(
    row: CaseRow, case: Application, grounds: Mapping[str, Sequence[tuple[str, str]]]
) -> RegisterLine:
    return RegisterLine(
        row=row,
        delivery_title=case.get_delivery_display(),
        due_on=case.due_on,
        granted_on=case.granted_on,
        ended_on=case.ended_on,
        ground_title=rules.say_ground(code=case.ground, state=case.state, listed=grounds),
    )


def _say(cell: Cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell or ""
