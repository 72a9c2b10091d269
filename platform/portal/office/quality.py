"""The six indicators of the service's quality for the school's own head (SRV-023).

The quarter that runs is live, the three before it are as they ended.
"""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.documents.rendering import render_pdf
from foundation.files.serving import pdf_response, xlsx_response
from foundation.spreadsheets.writing import write_xlsx
from kernel.periods import Period
from portal.district.service import INDICATORS, USAGE, quarter_of, say_indicator, say_usage
from portal.shell.menus import school_menu
from services.monitoring.queries.service import get_quality
from services.people.queries.consents import get_operator
from services.regulation.queries import get_district_setting
from tenants.accounts.gate import Request

TITLE = "Качество услуги"
QUARTERS = 4
ROMAN = ("I", "II", "III", "IV")


@never_cache
@require_GET
def quality(request: Request, school: str) -> HttpResponse:
    """Show the indicators by quarter; `?as=xlsx` and `?as=pdf` give the same rows."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    periods = [quarter_of(today)]
    while len(periods) < QUARTERS:
        periods.append(quarter_of(periods[-1].since - timedelta(days=1)))
    with public_transaction():
        told = [
            get_quality(schools=[actor.school], period=one, today=today)[0].indicators
            for one in periods
        ]
        note = say_usage(get_district_setting(key=USAGE, on=today).value)
    columns = ["Показатель", *(_say(one, is_live=one == periods[0]) for one in periods)]
    rows = [
        [title, *(say_indicator(quarter[place]) for quarter in told)]
        for place, (_, title) in enumerate(INDICATORS)
    ]
    kind = request.GET.get("as", "")
    if kind == "xlsx":
        content = write_xlsx([columns, *rows, [], [note]], sheet="Показатели")
        return xlsx_response(f"{TITLE} {today}.xlsx", content)
    if kind == "pdf":
        return _as_pdf(request, columns, rows, note)
    context = {
        "nav": school_menu(actor, "office:quality"),
        "columns": columns,
        "rows": [(row[0], list(zip(columns[1:], row[1:], strict=True))) for row in rows],
        "note": note,
    }
    return render(request, "office/quality.html", context)


def _as_pdf(request: Request, columns: list[str], rows: list[list[str]], note: str) -> HttpResponse:
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        operator = get_operator(actor=actor, on=today)
    data = {
        "title": TITLE,
        "subtitle": actor.school.short_name,
        "head": {"name": operator.name, "above": operator.address},
        "on": today,
        "tables": [{"title": "Показатели", "columns": columns, "rows": rows, "note": note}],
        "issuer": actor.name,
    }
    content = render_pdf(template="monitoring/report.typ", data=data)
    return pdf_response(f"{TITLE} {today}.pdf", content)


def _say(quarter: Period, *, is_live: bool) -> str:
    since = quarter.since
    name = f"{ROMAN[(since.month - 1) // 3]} кв. {since.year}"
    return f"{name}, идёт" if is_live else name
