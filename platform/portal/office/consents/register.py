"""The register of consents: filters in the address, print, a workbook (SRV-015, AUD-005)."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.db.door import school_transaction
from foundation.files.serving import xlsx_response
from foundation.spreadsheets import write_xlsx
from kernel.days import local_day
from kernel.rights import Right
from kernel.school_year import start_year_of
from portal.office.consents.forms import KINDS, STATES
from portal.office.consents.frame import page, pdf, tabs, today_of, url
from services.people.queries import list_classes
from services.people.queries.consents import (
    PAGE_SIZE,
    RegisterFilter,
    RegisterRow,
    get_operator,
    list_register,
)
from services.regulation import access as rights
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request

HEAD = (
    "Номер",
    "Дата",
    "Кто подписал",
    "Ребёнок (обучающийся)",
    "Класс",
    "Чьё согласие",
    "Личность установлена",
    "Кто принял",
    "Отозвано",
    "Номер отзыва",
)


Cell = str | date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register with its address."""

    row: RegisterRow
    url: str


@never_cache
@require_GET
def consents(request: Request, school: str) -> HttpResponse:
    """Show the register, the newest first."""
    actor, on = request.actor, today_of(request.actor)
    wanted = _wanted(request.GET)
    number = _number(request.GET.get("page", "")) or 1
    with school_transaction(actor, actor.school.id):
        rows, found = list_register(actor=actor, wanted=wanted, on=on, page=number)
        shown_tabs = tabs(actor, "consents", on)
        may_export = rights.may(actor=actor, right=Right.REGISTERS_EXPORT, on=on)
        classes = list_classes(start_year=start_year_of(on)) if may_export else []
    query = urlencode({key: value for key, value in request.GET.items() if value and key != "page"})
    context = {
        "tabs": shown_tabs,
        "lines": [Line(row, url("consent", actor, consent_id=row.card.id)) for row in rows],
        "found": found,
        "wanted": wanted,
        "is_filtered": wanted != RegisterFilter(),
        "kinds": KINDS,
        "states": STATES,
        "classes": classes,
        "page": Paginator(range(found), PAGE_SIZE).get_page(number),
        "query": f"{query}&" if query else "",
        "accept_url": url("consent-pupils", actor),
        "table_url": f"{url('consents-table', actor)}?{query}" if may_export else "",
        "paper_url": f"{url('consents-register', actor)}?{query}" if may_export else "",
        "today": on,
    }
    return page(request, "register.html", context)


@never_cache
@require_GET
@confirm_mass_export()
def table(request: Request, school: str) -> HttpResponse:
    """Answer with the register as a workbook, filtered as the page was."""
    workbook = write_xlsx([HEAD, *_read_lines(request)], sheet="Согласия")
    return xlsx_response(f"Реестр согласий {today_of(request.actor)}.xlsx", workbook)


@never_cache
@require_GET
@confirm_mass_export()
def paper(request: Request, school: str) -> HttpResponse:
    """Answer with the whole register as a PDF, filtered as the page was."""
    actor, on = request.actor, today_of(request.actor)
    lines = _read_lines(request)
    with school_transaction(actor, actor.school.id):
        operator = get_operator(actor=actor, on=on)
    data = {
        "title": "Журнал регистрации согласий",
        "head": {"name": operator.name, "address": operator.address},
        "on": on,
        "columns": HEAD,
        "rows": [[_say(cell) for cell in line] for line in lines],
        "issuer": actor.name,
    }
    return pdf(f"Реестр согласий {on}.pdf", "people/consent_register.typ", data)


def _read_lines(request: Request) -> list[tuple[Cell, ...]]:
    """Return the register, the oldest first. Raise `NotFound` for who exports none."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        rights.check(actor=actor, right=Right.REGISTERS_EXPORT, on=on)
        rows, _ = list_register(actor=actor, wanted=_wanted(request.GET), on=on, page=None)
    zone = actor.school.timezone
    return [
        (
            row.card.number,
            row.card.accepted_on,
            row.applicant,
            row.child,
            row.class_title,
            row.kind_title,
            row.identified_title,
            row.accepter,
            local_day(row.card.withdrawn_at, zone) if row.card.withdrawn_at else None,
            row.withdrawal_number,
        )
        for row in reversed(rows)
    ]


def _say(cell: Cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell or ""


def _wanted(asked: QueryDict) -> RegisterFilter:
    kind, state = asked.get("kind", ""), asked.get("state", "")
    return RegisterFilter(
        words=asked.get("q", "").strip()[:100],
        kind=kind if kind in dict(KINDS) else "",
        state=state if state in dict(STATES) else "",
        class_id=_number(asked.get("class", "")),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
