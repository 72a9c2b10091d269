"""The registers of the schools as the committee sees them: how many, and never whom (ROL-033)."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from kernel.service_counts import ServiceMeasure as M
from portal.district.service import (
    GROUND_SETTINGS,
    GROUND_TITLES,
    Choice,
    Report,
    Table,
    Titles,
    answer,
    choose_days,
    list_grounds,
    read_titles,
)
from services.monitoring.queries.service import (
    ServiceBoard,
    ServiceTally,
    get_service_board,
)
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, list_schools


@never_cache
@require_GET
def registers(request: Request) -> HttpResponse:
    """Show consents, applications and refusals by school, filtered by the address."""
    today = clock.today(get_district().timezone)
    asked = {name: request.GET.get(name, "")[:60] for name in ("school", "decision")}
    asked = {name: value for name, value in asked.items() if value}
    period, bar = choose_days(request, today, asked)
    schools = list_schools()
    with public_transaction():
        board = get_service_board(
            schools=[one for one in schools if asked.get("school") in (None, one.slug)],
            period=period,
            today=today,
        )
        titles = read_titles(today)
    report = Report(
        "Реестры",
        "Согласия, заявления и отказы по школам. Только числа: имён здесь нет",
        period,
        bar,
        (totals_table(board), refusals_table(board, titles, asked.get("decision", ""))),
        missing=tuple(board.missing),
        asked=asked,
        filters=_filters(asked, schools),
    )
    return answer(request, report, "district:registers")


def totals_table(board: ServiceBoard) -> Table:
    """Return the registers by school, and the district they make."""
    lines = [
        (line.school.short_name, *_cells(line.tally, is_counted=line.counted_on is not None))
        for line in board.lines
    ]
    return Table(
        "registers",
        "Сколько записей в реестрах",
        (
            "Школа",
            "Согласий принято",
            "Отозвано",
            "Действует",
            "Заявлений",
            "Доступ открыт",
            "Отказов в приёме",
            "Отказов в услуге",
            "Прекращено",
        ),
        (*lines, ("Округ" if len(lines) != 1 else "Всего", *_cells(board.total, is_counted=True))),
        "«Действует» — сейчас, остальное — за выбранные дни.",
    )


def _cells(tally: ServiceTally, *, is_counted: bool) -> tuple[str, ...]:
    return (
        str(tally.total(M.CONSENT)),
        str(tally.total(M.CONSENT_WITHDRAWN)),
        str(tally.total(M.CONSENTS_LIVE)) if is_counted else "—",
        str(tally.total(M.REGISTERED)),
        str(tally.granted),
        *(str(tally.total(measure)) for measure in GROUND_SETTINGS),
    )


def refusals_table(board: ServiceBoard, titles: Titles, decision: str) -> Table:
    """Return refusals and terminations by school and ground; what is not there is left out."""
    rows = [
        (line.school.short_name, GROUND_TITLES[measure], title, str(number))
        for line in board.lines
        for measure, title, number in list_grounds(line.tally, titles)
        if decision in ("", measure)
    ]
    columns = ("Школа", "Решение", "Основание", "Сколько")
    return Table("refusals", "Отказы и прекращения", columns, tuple(rows), worded=3)


def _filters(asked: dict[str, str], schools: Sequence[SchoolRef]) -> tuple[Choice, ...]:
    named = tuple((one.slug, one.short_name) for one in schools)
    decisions = tuple((str(measure.value), title) for measure, title in GROUND_TITLES.items())
    return (
        Choice("school", "Школа", (("", "Все школы"), *named), _known(asked, "school", named)),
        Choice(
            "decision",
            "Решение",
            (("", "Все решения"), *decisions),
            _known(asked, "decision", decisions),
        ),
    )


def _known(asked: dict[str, str], name: str, options: Sequence[tuple[str, str]]) -> str:
    chosen = asked.get(name, "")
    return chosen if chosen in dict(options) else ""
