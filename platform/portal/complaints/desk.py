"""The desk's pages for both bodies: forms of the moves, filters, export and print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.dateparse import parse_date

from foundation.complaints.reading import (
    ComplaintCard,
    ComplaintRow,
    RegisterFilter,
    register_cells,
)
from foundation.documents.serving import paper_response
from foundation.files.serving import xlsx_response
from foundation.spreadsheets.writing import write_xlsx
from kernel.complaints import (
    MANNER_TITLES,
    OUTCOME_TITLES,
    STATE_TITLES,
    TARGET_TITLES,
    Action,
    Body,
    ComplaintIsIncomplete,
    Decision,
    Manner,
    Outcome,
    Procedure,
    Target,
)
from portal.complaints.form import show_errors
from portal.shell.forms import offer
from services.cases.queries.complaint_papers import Issuer, compose_register

LONGEST_TEXT = 10000
STATES = [
    ("", "Все"),
    ("open", "В работе"),
    ("overdue", "Просроченные"),
    ("closed", "Завершённые"),
    *((one.value, title.capitalize()) for one, title in STATE_TITLES.items()),
]


def _text(label: str, *, rows: int = 3, hint: str = "", missing: str = "") -> forms.CharField:
    """Return a field for a text; `missing` is what to say when it is needed and not there."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=bool(missing),
        help_text=hint,
        error_messages={"required": missing},
        widget=forms.Textarea({"rows": rows}),
    )


class DecideForm(forms.Form):
    """The decision in the words of the answer; which words are needed, the outcome says."""

    outcome = forms.ChoiceField(
        label="Решение",
        choices=[(one.value, title.capitalize()) for one, title in OUTCOME_TITLES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите решение."},
    )
    reasons = _text("Основания решения", rows=4, missing="Напишите основания решения.")
    measures = _text("Что сделано, чтобы устранить нарушение", hint="Если жалоба удовлетворена.")
    cure_until = forms.DateField(
        label="Устранить до",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    apology = _text("Извинения", rows=2)
    next_steps = _text("Что заявителю делать дальше", rows=2)
    appeal_order = _text(
        "Порядок обжалования",
        rows=2,
        missing="Напишите, как обжаловать решение.",
    )

    def decision(self) -> Decision:
        """Return the decision; expects a valid form."""
        held = self.cleaned_data
        outcome = Outcome(held["outcome"])
        satisfied = outcome is Outcome.SATISFIED
        return Decision(
            outcome=outcome,
            reasons=held["reasons"],
            measures=held["measures"] if satisfied else "",
            apology=held["apology"] if satisfied else "",
            next_steps=held["next_steps"] if satisfied else "",
            appeal_order=held["appeal_order"],
            cure_until=held["cure_until"] if satisfied else None,
        )


class ForwardForm(forms.Form):
    """Why the complaint is not this body's."""

    reason = _text(
        "Почему жалоба не к вам",
        rows=2,
        missing="Напишите, почему жалоба не к вам.",
    )


class AnswerForm(forms.Form):
    """How the answer goes."""

    manner = forms.ChoiceField(
        label="Как направлен ответ",
        choices=[(one.value, title.capitalize()) for one, title in MANNER_TITLES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как направлен ответ."},
    )

    def chosen(self) -> Manner:
        """Return the manner; expects a valid form."""
        return Manner(self.cleaned_data["manner"])


class LeaveForm(forms.Form):
    """On which ground of the closed list nobody answers."""

    ground = forms.ChoiceField(
        label="Основание",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите основание."},
    )

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "ground", [(one.code, one.title) for one in procedure.unanswered_grounds])


class OffenceForm(forms.Form):
    """What was sent to the prosecutor."""

    note = _text(
        "Какие признаки и куда направлены материалы",
        rows=2,
        missing="Напишите, какие признаки и куда направлены материалы.",
    )


class PersonForm(forms.Form):
    """Who exactly is complained of."""

    target = forms.ChoiceField(
        error_messages={"required": "Выберите, на кого жалоба."},
        label="На кого жалоба",
        choices=[(one.value, title) for one, title in TARGET_TITLES.items()],
    )
    against_id = forms.TypedChoiceField(
        label="Кто именно", required=False, coerce=int, empty_value=None
    )
    note = forms.CharField(label="Пояснение", max_length=300, required=False)

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "against_id",
            [("", "не установлен"), *((str(pk), name) for pk, name in people.items())],
        )

    def named(self) -> dict[str, Any]:
        """Return whom the form names; expects a valid form."""
        held = self.cleaned_data
        return {
            "target": Target(held["target"]),
            "against_id": held["against_id"],
            "note": held["note"],
        }


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move as the page offers it: a fold with a form, the main one open."""

    code: str
    title: str
    button: str
    form: forms.Form
    is_main: bool
    warning: str = ""


BUTTONS = {
    Action.REGISTER: ("Зарегистрировать", "Зарегистрировать"),
    Action.NAME_PERSON: ("Уточнить, на кого жалоба", "Записать"),
    Action.ASSIGN: ("Поручить", "Поручить"),
    Action.FORWARD: ("Направить по принадлежности", "Направить"),
    Action.ASK_CASE: ("Запросить дело услуги", "Запросить"),
    Action.ASK_SCHOOL: ("Запросить пояснения школы", "Отправить директору"),
    Action.DECIDE: ("Принять решение", "Принять решение"),
    Action.ANSWER: ("Направить ответ", "Ответ направлен"),
    Action.LEAVE: ("Оставить без ответа", "Оставить без ответа"),
    Action.NOTE_OFFENCE: ("Передать в прокуратуру", "Записать"),
}
MAIN = (Action.REGISTER, Action.DECIDE, Action.ANSWER)

Build = Callable[[Action, QueryDict | None], forms.Form]


def build_moves(
    card: ComplaintCard,
    allowed: frozenset[Action],
    build: Build,
    refused: Mapping[str, forms.Form],
) -> list[MoveView]:
    """Return the moves a person may make, in the order of the table; a refused form stays."""
    moves = []
    for action, (title, button) in BUTTONS.items():
        if action not in allowed:
            continue
        form = refused.get(action.value) or build(action, None)
        moves.append(
            MoveView(
                code=action.value,
                title=title,
                button=button,
                form=form,
                is_main=action in MAIN or action.value in refused,
                warning=_warn(card, action),
            )
        )
    return sorted(moves, key=lambda one: not one.is_main)


def _warn(card: ComplaintCard, action: Action) -> str:
    if action is Action.ANSWER and card.is_answer_due_off:
        return "Последний день ответа — выходной. Срок не переносят: направьте ответ заранее."
    if action is Action.FORWARD and card.is_forward_late:
        return "Срок переадресации прошёл. Направьте жалобу сегодня."
    return ""


def build_form(
    action: Action, posted: QueryDict | None, *, procedure: Procedure, body: Body
) -> forms.Form:
    """Return the form of a move that both bodies know."""
    if action is Action.DECIDE:
        initial = {
            "apology": procedure.apology,
            "appeal_order": procedure.appeal_orders.get(body, ""),
        }
        return DecideForm(posted, initial=initial)
    if action is Action.LEAVE:
        return LeaveForm(posted, procedure=procedure)
    simple: dict[Action, type[forms.Form]] = {
        Action.FORWARD: ForwardForm,
        Action.ANSWER: AnswerForm,
        Action.NOTE_OFFENCE: OffenceForm,
    }
    return simple.get(action, forms.Form)(posted)


def refuse(form: forms.Form, error: ComplaintIsIncomplete) -> forms.Form:
    """Return the form with what the domain refused beside its fields."""
    show_errors(form, error.fields)
    return form


# --- The register --------------------------------------------------------------------------------


def read_filter(query: QueryDict) -> RegisterFilter:
    """Return what the address asks of the register; nonsense asks for nothing."""
    return RegisterFilter(
        state=_one_of(query.get("state", ""), {code for code, _ in STATES}),
        ground=query.get("ground", "")[:20],
        outcome=_one_of(query.get("outcome", ""), {one.value for one in Outcome}),
        words=query.get("q", "").strip()[:100],
        since=_day(query.get("since", "")),
        last=_day(query.get("last", "")),
    )


def say_filter(asked: RegisterFilter, procedure: Procedure) -> str:
    """Return what a print-out covers, in words."""
    parts = [title for code, title in STATES if code and code == asked.state]
    if asked.ground:
        parts.append(procedure.ground_title(asked.ground))
    if asked.outcome:
        parts.append(OUTCOME_TITLES[Outcome(asked.outcome)])
    if asked.since:
        parts.append(f"с {asked.since:%d.%m.%Y}")
    if asked.last:
        parts.append(f"по {asked.last:%d.%m.%Y}")
    return ", ".join(parts) or "Все жалобы"


def filter_context(query: QueryDict, procedure: Procedure) -> dict[str, Any]:
    """Return what the filter of a page shows."""
    kept = query.copy()
    return {
        "asked": read_filter(query),
        "states": STATES,
        "grounds": procedure.grounds,
        "outcomes": [(one.value, title) for one, title in OUTCOME_TITLES.items()],
        "query": kept.urlencode(),
    }


def export_register(rows: Sequence[ComplaintRow], day: date) -> HttpResponse:
    """Return the register as a spreadsheet; nothing in it is ever run."""
    content = write_xlsx(register_cells(rows), sheet="Реестр жалоб")
    return xlsx_response(f"Реестр жалоб {day}.xlsx", content)


def print_register(
    rows: Sequence[ComplaintRow], subtitle: str, issuer: Issuer, day: date
) -> HttpResponse:
    """Return the extract of the register as a PDF."""
    document = compose_register(rows=rows, subtitle=subtitle, issuer=issuer, on=day)
    return paper_response(document)


def _one_of(text: str, known: set[str]) -> str:
    return text if text in known else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
