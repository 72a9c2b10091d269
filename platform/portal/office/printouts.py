"""«Распечатки»: what is due on paper, printing a batch, handing over, the register.

Source: INF-003…006, SRV-028.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from foundation.documents.serving import paper_response
from foundation.files.serving import xlsx_response
from foundation.spreadsheets.writing import write_xlsx
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from kernel.school_year import start_year_of
from portal.office.frame import crumbs, link, today_of
from portal.shell.forms import offer
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact, NavItem
from portal.shell.rights import rights_of
from services.cases.operations import printouts as operations
from services.cases.queries import printout_register as registered
from services.cases.queries import printouts as queries
from services.cases.queries.printout_register import RegisterFilter
from services.cases.queries.printout_sheets import compose_sheets
from services.cases.queries.printouts import QueueRow, ReceiverCard
from services.people import queries as people
from services.people.access import get_scope
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request

DUE, WAITING, ALL = "due", "waiting", "all"
TABS = ((DUE, "Пора печатать"), (WAITING, "Ждут вручения"), (ALL, "Все на бумаге"))
STATES = (("", "Все"), *registered.STATE_TITLES.items())
BADGES = {"handed": "good", "waiting": "warn", "voided": "plain"}
DUE_BADGES = {"overdue": ("bad", "просрочено"), "today": ("warn", "сегодня")}


@dataclass(frozen=True, slots=True)
class Line:
    """A family of the queue as the page shows it."""

    row: QueueRow
    badge: tuple[str, str] | None
    end_url: str


@never_cache
@require_GET
def printouts(request: Request, school: str) -> HttpResponse:
    """Show the families on paper: what is due, what lies printed, everybody."""
    actor, on = request.actor, today_of(request.actor)
    state = request.GET.get("state", DUE)
    state = state if state in dict(TABS) else DUE
    class_id, late = _number(request.GET.get("class", "")), request.GET.get("late") == "on"
    with school_transaction(actor, actor.school.id):
        queue = queries.get_queue(actor=actor, on=on)
    groups = {one: [row for row in queue.rows if _is_in(row, one)] for one, _ in TABS}
    shown = [
        row
        for row in groups[state]
        if class_id in (None, row.class_id) and (not late or row.due == "overdue")
    ]
    kept = {"class": class_id or "", "late": "on" if late else ""}
    overdue = sum(row.due == "overdue" for row in groups[DUE])
    context = {
        **_frame(actor, state, {one: len(rows) for one, rows in groups.items()}, kept),
        "facts": [
            Fact(str(len(queue.rows)), "на бумаге"),
            Fact(str(len(groups[DUE])), "пора печатать", "warn" if groups[DUE] else ""),
            Fact(str(overdue), "просрочено", "bad" if overdue else ""),
            Fact(str(len(groups[WAITING])), "ждут вручения"),
        ],
        "interval": queue.interval,
        "state": state,
        "class_id": class_id,
        "late": late,
        "classes": sorted({(row.class_id, row.class_title) for row in queue.rows}, key=_by_title),
        "lines": [_to_line(actor, row) for row in shown],
        "found": len(shown),
        "is_filtered": class_id is not None or late,
        "print_url": link(actor, "printouts-print"),
        "hand_url": link(actor, "printouts-hand"),
        "new_url": link(actor, "printout-new"),
    }
    return render(request, "office/printouts/queue.html", context)


@never_cache
@require_POST
def print_batch(request: Request, school: str) -> HttpResponse:
    """Enter a batch in the register and give it as one PDF; the same day it is the same batch."""
    actor, on = request.actor, today_of(request.actor)
    try:
        with school_transaction(actor, actor.school.id):
            sheets = operations.print_out(
                actor=actor, subscription_ids=_numbers(request.POST, "row"), now=clock.now()
            )
            document = compose_sheets(
                actor=actor,
                printout_ids=sheets,
                is_two_sided=request.POST.get("two_sided") == "on",
                on=on,
            )
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(link(actor, "printouts"))
    return paper_response(document, is_shown=False)


@never_cache
@require_POST
def hand(request: Request, school: str) -> HttpResponse:
    """Tick that sheets were handed over."""
    actor = request.actor
    try:
        with school_transaction(actor, actor.school.id):
            count = operations.hand_over(
                actor=actor, printout_ids=_numbers(request.POST, "sheet"), now=clock.now()
            )
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = f"Отмечено вручение: {count}." if count else "Эти распечатки уже вручены."
        messages.success(request, words)
    return HttpResponseRedirect(f"{link(actor, 'printouts')}?state={WAITING}")


# --- A family asks at the desk ------------------------------------------------------------------


class AskForm(forms.Form):
    """Who asks, and for how long."""

    receiver = forms.ChoiceField(
        label="Кому печатать",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, кому печатать."},
    )
    manner = forms.ChoiceField(
        label="Как часто",
        choices=(("regular", "Постоянно, по письменному заявлению"), ("once", "Один раз")),
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как часто."},
    )

    def __init__(self, *args: Any, receivers: list[ReceiverCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            "receiver",
            [(str(one.guardian_id or "self"), one.name) for one in receivers if not one.is_given],
        )

    def guardian_id(self) -> int | None:
        """Return whom the form names; expects a valid form."""
        chosen = self.cleaned_data["receiver"]
        return None if chosen == "self" else int(chosen)


@never_cache
@require_GET
def new(request: Request, school: str) -> HttpResponse:
    """Find the pupil whose family asks for paper."""
    actor, on = request.actor, today_of(request.actor)
    words = request.GET.get("q", "").strip()[:100]
    with school_transaction(actor, actor.school.id):
        scope = get_scope(actor=actor, right=Right.PRINTOUTS_HAND, on=on)
        class_ids = None if scope.everybody else scope.class_ids
        is_listed = bool(words) or not scope.everybody
        rows = (
            people.search_pupils(words=words, on=on, class_ids=class_ids).rows if is_listed else ()
        )
    context = {
        "nav": school_menu(actor, "office:printouts"),
        "crumbs": crumbs(actor, ("printouts", "Распечатки"), page="Добавить семью"),
        "words": words,
        "rows": [(row, link(actor, "printout-ask", pupil_id=row.id)) for row in rows],
    }
    return render(request, "office/printouts/new.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Note who asked for paper about a pupil, once or from now on."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card, receivers = queries.list_askers(actor=actor, pupil_id=pupil_id, on=on)
    form = AskForm(request.POST or None, receivers=receivers)
    if request.method == "POST" and form.is_valid():
        try:
            with school_transaction(actor, actor.school.id):
                operations.ask_for_paper(
                    actor=actor,
                    pupil_id=pupil_id,
                    guardian_id=form.guardian_id(),
                    is_once=form.cleaned_data["manner"] == "once",
                    now=clock.now(),
                )
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{card.name}: семья добавлена.")
            return HttpResponseRedirect(f"{link(actor, 'printouts')}?state={ALL}")
    context = {
        "nav": school_menu(actor, "office:printouts"),
        "crumbs": crumbs(
            actor, ("printouts", "Распечатки"), ("printout-new", "Добавить семью"),
            page=str(card.name),
        ),
        "card": card,
        "form": form,
        "given": [one for one in receivers if one.is_given],
        "has_choice": any(not one.is_given for one in receivers),
    }  # fmt: skip
    bad = request.method == "POST"
    return render(request, "office/printouts/ask.html", context, status=400 if bad else 200)


@never_cache
@require_POST
def end(request: Request, school: str, row: int) -> HttpResponse:
    """End the paper of a family that wants no more."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        operations.stop_paper(actor=actor, subscription_id=row, now=clock.now())
    messages.success(request, "Распечатки этой семье больше не готовим.")
    return HttpResponseRedirect(f"{link(actor, 'printouts')}?state={ALL}")


# --- The register -------------------------------------------------------------------------------


@never_cache
@require_GET
def register(request: Request, school: str) -> HttpResponse:
    """Show what was printed and handed over, the newest first."""
    actor, on = request.actor, today_of(request.actor)
    wanted, number = _wanted(request.GET), _number(request.GET.get("page", "")) or 1
    with school_transaction(actor, actor.school.id):
        rows, found = registered.list_register(actor=actor, wanted=wanted, on=on, page=number)
        may_export = registered.may_export(actor=actor, on=on)
        classes = people.list_classes(start_year=start_year_of(on)) if may_export else []
    query = urlencode({key: value for key, value in request.GET.items() if value and key != "page"})
    context = {
        **_frame(actor, "register", {}, {}),
        "rows": [(row, BADGES[row.state], registered.STATE_TITLES[row.state]) for row in rows],
        "found": found,
        "wanted": wanted,
        "is_filtered": wanted != RegisterFilter(),
        "states": STATES,
        "classes": classes,
        "page": Paginator(range(found), queries.PAGE_SIZE).get_page(number),
        "query": f"{query}&" if query else "",
        "table_url": f"{link(actor, 'printouts-table')}?{query}" if may_export else "",
        "paper_url": f"{link(actor, 'printouts-paper')}?{query}" if may_export else "",
    }
    return render(request, "office/printouts/register.html", context)


@never_cache
@require_GET
@confirm_mass_export()
def table(request: Request, school: str) -> HttpResponse:
    """Give the register as a spreadsheet, filtered as the page was."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        registered.check_may_export(actor=actor, on=on)
        rows, _ = registered.list_register(
            actor=actor, wanted=_wanted(request.GET), on=on, page=None
        )
    content = write_xlsx(registered.register_cells(rows), sheet="Распечатки")
    return xlsx_response(f"Реестр распечаток {on}.xlsx", content)


@never_cache
@require_GET
@confirm_mass_export()
def paper(request: Request, school: str) -> HttpResponse:
    """Give the extract of the register as a PDF."""
    actor, on = request.actor, today_of(request.actor)
    wanted = _wanted(request.GET)
    with school_transaction(actor, actor.school.id):
        registered.check_may_export(actor=actor, on=on)
        rows, _ = registered.list_register(actor=actor, wanted=wanted, on=on, page=None)
        document = registered.compose_register(actor=actor, rows=rows, subtitle=_say(wanted), on=on)
    return paper_response(document)


def _frame(
    actor: Actor, current: str, counts: Mapping[str, int], kept: Mapping[str, object]
) -> dict[str, Any]:
    base = link(actor, "printouts")
    more = {key: value for key, value in kept.items() if value}
    tabs = [
        NavItem(
            title,
            f"{base}?{urlencode({'state': code, **more})}",
            "",
            code == current,
            str(counts.get(code) or ""),
        )
        for code, title in TABS
        if Right.PRINTOUTS_HAND in rights_of(actor)  # the head reads the register only
    ]
    tabs.append(
        NavItem("Реестр выдачи", link(actor, "printouts-register"), "", current == "register")
    )
    return {"nav": school_menu(actor, "office:printouts"), "tabs": tabs}


def _is_in(row: QueueRow, tab: str) -> bool:
    if tab == WAITING:
        return row.waiting is not None
    return tab == ALL or row.is_to_print


def _to_line(actor: Actor, row: QueueRow) -> Line:
    end_url = link(actor, "printout-end", row=row.id) if row.may_stop else ""
    return Line(row, DUE_BADGES.get(row.due), end_url)


def _by_title(one: tuple[int | None, str]) -> tuple[int, str]:
    digits = "".join(sign for sign in one[1] if sign.isdigit())
    return int(digits or 0), one[1]


def _wanted(asked: QueryDict) -> RegisterFilter:
    state = asked.get("state", "")
    return RegisterFilter(
        state=state if state in registered.STATE_TITLES else "",
        class_id=_number(asked.get("class", "")),
        words=asked.get("q", "").strip()[:20],
        since=_day(asked.get("since", "")),
        last=_day(asked.get("last", "")),
    )


def _say(wanted: RegisterFilter) -> str:
    parts = [registered.STATE_TITLES[wanted.state]] if wanted.state else []
    if wanted.since:
        parts.append(f"с {wanted.since:%d.%m.%Y}")
    if wanted.last:
        parts.append(f"по {wanted.last:%d.%m.%Y}")
    return ", ".join(parts) or "Все распечатки"


def _numbers(posted: QueryDict, name: str) -> set[int]:
    return {number for one in posted.getlist(name) if (number := _number(one)) is not None}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
