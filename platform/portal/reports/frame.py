"""What stands around a report: the period, its state, the spreadsheet, the head of its print."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from foundation.files.serving import xlsx_response
from foundation.spreadsheets import write_xlsx
from foundation.spreadsheets.table import Cell
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from kernel.school_year import school_year_title
from portal.shell.navigation import Crumb, NavItem
from portal.shell.speech import say_full_date
from services.records.queries import ReportSpan, Spans
from tenants.accounts.gate import Request

XLSX = "xlsx"
LONGEST_NUMBER = 9


def link(actor: Actor, route: str, **more: int) -> str:
    """Return an address of the reports in the actor's school."""
    return reverse(f"reports:{route}", kwargs={"school": actor.school.slug, **more})


def crumbs(actor: Actor, *steps: tuple[str, str], page: str) -> list[Crumb]:
    """Return breadcrumbs: the list of reports, (title, address) pairs, then the page itself."""
    home = Crumb("Отчёты", link(actor, "home"))
    return [home, *(Crumb(title, url) for title, url in steps), Crumb(page)]


def asked_year(request: Request) -> int | None:
    """Return the school year in the address, None when there is none; nonsense is not there."""
    text = request.GET.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise NotFound
    return int(text)


def asked_span(request: Request) -> str:
    """Return the key of the period in the address, "" for the current one."""
    return str(request.GET.get("term", ""))


def wants_table(request: Request) -> bool:
    """Return whether the report is asked for as a spreadsheet."""
    return request.GET.get("as") == XLSX


def give_table(title: str, spans: Spans, rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Return the report as a spreadsheet."""
    name = f"{title}, {spans.chosen.title} {spans.start_year}-{spans.start_year + 1}.xlsx"
    return xlsx_response(name, write_xlsx(rows, sheet=title))


def around(actor: Actor, spans: Spans, today: date, **kept: object) -> dict[str, Any]:
    """Return what every report shows besides itself; `kept` stays in every address."""
    held = {key: value for key, value in kept.items() if value}
    span = spans.chosen
    return {
        "tabs": [
            NavItem(
                one.title[0].upper() + one.title[1:],
                "?" + urlencode({**held, "term": one.key}),
                "",
                current=one == span,
            )
            for one in spans.options
        ],
        "table_url": "?" + urlencode({**held, "term": span.key, "as": XLSX}),
        "span": span,
        "state": say_state(span, today, actor.school.timezone),
        "has_begun": span.has_begun(today),
        "made_for": f"{actor.school.short_name}. {span.title} {spans.year_title} учебного года",
        "today": today,
    }


def say_state(span: ReportSpan, today: date, zone: str) -> tuple[str, str]:
    """Return how far the period is: a state and a word for its badge."""
    if not span.has_begun(today):
        return "plain", "ещё не начался"
    if span.closed_at is not None:
        return "good", f"закрыт {say_full_date(local_day(span.closed_at, zone))}"
    if today <= span.last:
        return "info", "идёт, посчитано по сегодня"
    return "plain", "закончился"


def list_years(years: Sequence[int], chosen: int) -> list[NavItem]:
    """Return the school years to choose from; nothing to choose from is nothing."""
    if len(years) < 2:
        return []
    return [
        NavItem(school_year_title(year), f"?year={year}", "calendar", current=year == chosen)
        for year in years
    ]
