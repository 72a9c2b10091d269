"""The committee's board of the service, and the quarterly report of its quality (SRV-023).

Each table is built once; the page, the spreadsheet and the PDF show the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import public_transaction
from foundation.documents.rendering import render_pdf
from foundation.files.serving import pdf_response, xlsx_response
from foundation.spreadsheets.writing import write_xlsx
from kernel.periods import Period
from kernel.service_counts import ServiceMeasure as M
from portal.district.frame import district_menu
from portal.district.periods import PeriodBar, build_bar, choose_period, query_of, say_period
from portal.district.views import stand_in_district
from portal.district.words import NOTHING, say_percent
from portal.shell.navigation import Fact, NavItem
from services.monitoring.queries.service import (
    Indicator,
    QualityLine,
    ServiceBoard,
    ServiceTally,
    get_quality,
    get_service_board,
)
from services.oversight import queries as oversight
from services.regulation.queries import (
    get_district_setting,
    get_district_settings,
    get_shipped,
)
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, list_schools

INDICATORS = (
    ("pupils", "Пользуются обучающиеся"),
    ("parents", "Пользуются родители"),
    ("timeliness", "Уроки записаны в день урока"),
    ("terms", "Доступ открыт в срок"),
    ("completeness", "Задание указано"),
    ("complaints", "Нет обоснованных жалоб"),
)
USAGE = "service.usage_days"
GROUND_SETTINGS = {
    M.NOT_ACCEPTED: "service.grounds.not_accepted",
    M.REFUSED: "service.grounds.refused",
    M.TERMINATED: "service.grounds.terminated",
}
GROUND_TITLES = {
    M.NOT_ACCEPTED: "Отказ в приёме",
    M.REFUSED: "Отказ в предоставлении",
    M.TERMINATED: "Прекращение",
}


OWN_GROUND = "Основание из регламента школы"
Titles = Mapping[M, Mapping[str, str]]  # decision → code → words

PAGES = (
    ("district:service", "Заявления и жалобы"),
    ("district:registers", "Реестры"),
    ("district:quality", "Качество услуги"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of a page: its name in the address, its title, what may be chosen, what is."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the board: the first columns are words, the others numbers in words."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    worded: int = 1  # how many columns are words

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Return the rows as (column, cell): on a phone each is a card."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def board_table(board: ServiceBoard) -> Table:
    """Return cases, terms and waits by school."""
    lines = [
        (line.school.short_name, *_cells(line.tally, is_counted=line.counted_on is not None))
        for line in board.lines
    ]
    return Table(
        "schools",
        "Заявления и сроки",
        (
            "Школа",
            "Подано",
            "В работе",
            "Срок на неделе",
            "Просрочено",
            "Доступ открыт",
            "Из них поздно",
            "Дней в среднем",
            "95 % — за дней",
            "Жалоб",
        ),
        (*lines, ("Округ", *_cells(board.total, is_counted=True))),
        "«Подано», «открыт» и «жалоб» — за выбранные дни, остальное — сейчас. "
        "Дни до доступа рабочие.",
    )


def _cells(tally: ServiceTally, *, is_counted: bool) -> tuple[str, ...]:
    now = [
        str(tally.open_cases),
        str(tally.get(M.DUE_THIS_WEEK)),
        str(tally.get(M.TERM, "overdue")),
    ]
    wait = tally.wait_percentile_95
    return (
        str(tally.total(M.REGISTERED)),
        *(now if is_counted else [NOTHING] * 3),
        str(tally.granted),
        str(tally.get(M.ACCESS_LATE)),
        str(tally.average_wait).replace(".", ",") if tally.average_wait is not None else NOTHING,
        str(wait) if wait is not None else NOTHING,
        str(tally.total(M.COMPLAINT)),
    )


def list_grounds(tally: ServiceTally, titles: Titles) -> list[tuple[M, str, int]]:
    """Return what was decided, on which ground in words, and how often; what never was, is not.

    A school may have worded a ground of its own, that the district's list does not know.
    """
    return [
        (measure, titles[measure].get(code, OWN_GROUND), number)
        for measure in GROUND_SETTINGS
        for code, number in sorted(
            tally.details(measure).items(),
            key=lambda one: (_place(one[0], titles[measure]), one[0]),
        )
        if number
    ]


def read_titles(on: date) -> Titles:
    """Return the grounds of each decision by code; expects `public_transaction()`."""
    held = get_district_settings(keys=list(GROUND_SETTINGS.values()), on=on)
    return {measure: dict(held[key].value) for measure, key in GROUND_SETTINGS.items()}


def _place(code: str, titles: Mapping[str, str]) -> int:
    return [*titles, code].index(code)


def grounds_table(tally: ServiceTally, titles: Titles) -> Table:
    """Return refusals and terminations by ground: those that were."""
    rows = [
        (GROUND_TITLES[measure], title, str(number))
        for measure, title, number in list_grounds(tally, titles)
    ]
    columns = ("Решение", "Основание", "Сколько")
    note = "По остальным основаниям решений не было." if rows else ""
    return Table("grounds", "Отказы и прекращения", columns, tuple(rows), note, worded=2)


def complaints_table(tally: ServiceTally, committee: Sequence[Any]) -> Table:
    """Return complaints by ground, to directors and to the committee, and how they ended."""
    to_directors = tally.details(M.COMPLAINT)
    to_committee: dict[str, int] = {}
    for one in committee:
        to_committee[one.ground] = to_committee.get(one.ground, 0) + one.count
    rows = [
        (title, str(to_directors.get(code, 0)), str(to_committee.get(code, 0)))
        for code, title in get_shipped(key="complaint.grounds").value
        if to_directors.get(code) or to_committee.get(code)
    ]
    decided = tally.details(M.COMPLAINT_DECIDED)
    satisfied, refused = decided.get("satisfied", 0), decided.get("refused", 0)
    note = (
        f"Решения директоров: удовлетворено {satisfied}, отказано {refused}, "
        f"с нарушением срока {tally.get(M.COMPLAINT_LATE)}. "
        "Жалоба с двумя основаниями считается под каждым."
    )
    columns = ("Основание", "Директорам", "Комитету")
    return Table("complaints", "Жалобы", columns, tuple(rows), note)


def say_indicator(one: Indicator) -> str:
    """Return «75 % (150 из 200)», its brackets whole, or what stands where nothing can be said."""
    said = say_percent(one.value)
    return (
        f"{said} ({one.part}\N{NO-BREAK SPACE}из\N{NO-BREAK SPACE}{one.whole})"
        if one.whole
        else said
    )


def quality_table(whole: QualityLine, lines: Sequence[QualityLine], days: int) -> Table:
    """Return the six indicators of SRV-023 by school; who came in `days` ago uses the service."""
    rows = [
        (line.school.short_name if line.school else "Округ", *map(say_indicator, line.indicators))
        for line in [*lines, whole]
    ]
    return Table(
        "quality",
        "Показатели качества услуги",
        ("Школа", *(title for _, title in INDICATORS)),
        tuple(rows),
        say_usage(days),
    )


def say_usage(days: int) -> str:
    """Return who is counted among those who use the service."""
    return f"Пользуется тот, у кого открыт доступ и кто входил на портал за последние {days} дней."


@dataclass(frozen=True, slots=True)
class Report:
    """What a page shows and its files hold; `asked` is what it was filtered by, in the address."""

    title: str
    lead: str
    period: Period
    bar: PeriodBar
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[Choice, ...] = ()


@never_cache
@require_GET
def service(request: Request) -> HttpResponse:
    """Show how the schools keep the service's terms, and what people complain of."""
    today = clock.today(get_district().timezone)
    period, bar = choose_days(request, today, {})
    with public_transaction():
        board = get_service_board(schools=list_schools(), period=period, today=today)
        committee = oversight.count_complaints(since=period.since, last=period.last_day or today)
        titles = read_titles(today)
    report = Report(
        "Муниципальная услуга",
        "Как школы открывают доступ к дневнику и на что жалуются",
        period,
        bar,
        (
            board_table(board),
            complaints_table(board.total, committee),
            grounds_table(board.total, titles),
        ),
        _facts(board.total),
        tuple(board.missing),
    )
    return answer(request, report, "district:service")


@never_cache
@require_GET
def quality(request: Request) -> HttpResponse:
    """Show the six indicators of quality, by school and for the district."""
    today = clock.today(get_district().timezone)
    period, bar = choose_days(request, today, {})
    with public_transaction():
        whole, lines = get_quality(schools=list_schools(), period=period, today=today)
        days = get_district_setting(key=USAGE, on=today).value
    report = Report(
        "Качество услуги",
        "Шесть показателей, по школам и по округу",
        period,
        bar,
        (quality_table(whole, lines, days),),
    )
    return answer(request, report, "district:quality")


def _facts(tally: ServiceTally) -> tuple[Fact, ...]:
    overdue, late = tally.get(M.TERM, "overdue"), tally.get(M.ACCESS_LATE)
    average = tally.average_wait
    return (
        Fact(str(tally.open_cases), "заявлений в работе"),
        Fact(str(tally.get(M.DUE_THIS_WEEK)), "срок на этой неделе"),
        Fact(str(overdue), "просрочено", "bad" if overdue else "good"),
        Fact(
            str(average).replace(".", ",") if average is not None else NOTHING,
            "рабочих дней до доступа, в среднем",
        ),
        Fact(str(late), "доступов открыто поздно", "bad" if late else "good"),
    )


def quarter_of(day: date) -> Period:
    """Return the calendar quarter: the report of quality is made for it."""
    month = day.month - (day.month - 1) % 3
    since = date(day.year, month, 1)
    until = date(day.year + (month == 10), month % 12 + 3 if month < 10 else 1, 1)
    return Period(since, until)


def choose_days(request: Request, today: date, kept: Mapping[str, str]) -> tuple[Period, PeriodBar]:
    """Return the chosen days, the quarter when nobody chose; `kept` is the rest of the address."""
    choice = choose_period(request.GET, today)
    period = choice.period or quarter_of(today)
    return period, build_bar(choice, period, today, kept, request.path)


def answer(request: Request, report: Report, route: str) -> HttpResponse:
    """Return the page, or with `?as=` its spreadsheet or PDF."""
    kind = request.GET.get("as", "")
    if kind == "xlsx":
        return _as_xlsx(report)
    if kind == "pdf":
        return _as_pdf(request, report)
    stand_in_district(request)
    query = query_of(choose_period(request.GET, report.period.since))
    context = {
        "nav": district_menu("district:service"),  # three pages of one place
        "report": report,
        "bar": report.bar,
        "facts": report.facts,
        "files": [
            (kind, f"{request.path}?{urlencode({**query, **report.asked, 'as': kind})}")
            for kind in ("xlsx", "pdf")
        ],
        "tabs": [NavItem(title, reverse(one), "", one == route) for one, title in PAGES],
        "kept": query.items(),
    }
    return render(request, "district/service.html", context)


def _subtitle(report: Report) -> str:
    chosen = [dict(one.options)[one.chosen] for one in report.filters if one.chosen]
    return ", ".join([say_period(report.period), *chosen])


def _as_xlsx(report: Report) -> HttpResponse:
    rows: list[list[str]] = [[f"{report.title}, {_subtitle(report)}"], []]
    for table in report.tables:
        rows += [[table.title], list(table.columns), *map(list, table.rows), [table.note], []]
    name = f"{report.title}, {say_period(report.period)}.xlsx"
    return xlsx_response(name, write_xlsx(rows, sheet="Отчёт"))


def _as_pdf(request: Request, report: Report) -> HttpResponse:
    assert request.visitor is not None
    district = get_district()
    data = {
        "title": report.title,
        "subtitle": _subtitle(report),
        "head": {"name": district.committee_name, "above": district.name},
        "on": clock.today(district.timezone),
        "tables": [
            {
                "title": one.title,
                "columns": list(one.columns),
                "rows": [list(row) for row in one.rows],
                "note": one.note,
            }
            for one in report.tables
        ],
        "issuer": request.visitor.display_name,
    }
    content = render_pdf(template="monitoring/report.typ", data=data)
    return pdf_response(f"{report.title}.pdf", content)
