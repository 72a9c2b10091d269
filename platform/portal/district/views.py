"""Pages of the committee: parse the address, ask one query, show. Numbers only, never a child."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from kernel.actor import SchoolRef
from kernel.errors import NotFound
from portal.district import board as boards
from portal.district.drawings import draw_columns
from portal.district.figures import list_marks, say_reading
from portal.district.frame import district_menu
from portal.district.periods import build_bar, choose_period, query_of
from portal.district.schools import day_rows, line_rows, list_school_facts
from portal.shell.navigation import Crumb, Place
from services.monitoring.queries import find_quarter, get_board, get_breakdown
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, get_school, list_schools

LAST_GRADE = 11


@never_cache
@require_GET
def home(request: Request) -> HttpResponse:
    """Show the board of all schools."""
    today = clock.today(get_district().timezone)
    schools = list_schools()
    quarter = find_quarter(schools=schools)
    choice = choose_period(request.GET, today, quarter)
    board = get_board(schools=schools, period=choice.period, today=today)
    sort = request.GET.get("sort", "")
    kept = query_of(choice)
    bar_kept = {"sort": sort} if sort else {}
    stand_in_district(request)
    context = {
        "nav": district_menu("district:home"),
        "bar": build_bar(choice, board.period, today, bar_kept, request.path, quarter),
        "board": board,
        "is_earlier_week": not choice.code and not board.period.contains(today),
        "facts": boards.list_facts(board),
        "lags": boards.list_lags(board, kept),
        "missing": boards.list_missing(board, kept),
        "headings": boards.list_headings(sort, kept),
        "orders": boards.list_orders(sort),
        "kept": kept.items(),
        "rows": boards.list_rows(board, sort, kept),
        "total": say_reading(board.total),
        "marks": list_marks(board.total.tally),
        "columns": draw_columns(board.days),
        "days": day_rows(board.days),
        "last_lesson_day": board.last_lesson_day,
    }
    return render(request, "district/home.html", context)


@never_cache
@require_GET
def school(request: Request, slug: str) -> HttpResponse:
    """Show one school by grade, subject and day; `?grade=7` or `?subject=…` take it further."""
    ref = get_school(slug)
    today = clock.today(ref.timezone)
    quarter = find_quarter(schools=[ref])
    choice = choose_period(request.GET, today, quarter)
    grade = _grade(request.GET.get("grade", ""))
    subject = None if grade is not None else request.GET.get("subject") or None
    breakdown = get_breakdown(
        school=ref, period=choice.period, today=today, grade=grade, subject_code=subject
    )
    if (grade is not None or subject) and not breakdown.title:
        raise NotFound
    kept = query_of(choice)
    chosen = _chosen(grade, subject)
    stand_in_district(request)
    context = {
        "nav": district_menu(""),
        "crumbs": _crumbs(ref, breakdown.title, kept),
        "bar": build_bar(choice, breakdown.period, today, chosen, request.path, quarter),
        "school": ref,
        "breakdown": breakdown,
        "facts": list_school_facts(breakdown),
        "freshness": boards.say_freshness(breakdown.freshness),
        "marks": list_marks(breakdown.total.tally),
        "columns": draw_columns(breakdown.days),
        "days": day_rows(breakdown.days),
        "grades": line_rows(
            breakdown.grades, name="" if chosen else "grade", path=request.path, kept=kept
        ),
        "subjects": line_rows(
            breakdown.subjects, name="" if chosen else "subject", path=request.path, kept=kept
        ),
        "total": say_reading(breakdown.total),
    }
    return render(request, "district/school.html", context)


def _grade(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 2 or int(text) > LAST_GRADE:
        raise NotFound
    return int(text)


def _chosen(grade: int | None, subject: str | None) -> dict[str, str]:
    if grade is not None:
        return {"grade": str(grade)}
    return {"subject": subject} if subject else {}


def _crumbs(school: SchoolRef, title: str, kept: dict[str, str]) -> list[Crumb]:
    home_url = reverse("district:home") + (f"?{urlencode(kept)}" if kept else "")
    if not title:
        return [Crumb("Школы округа", home_url), Crumb(school.short_name)]
    school_url = boards.school_url(school.slug, kept)
    return [
        Crumb("Школы округа", home_url),
        Crumb(school.short_name, school_url),
        Crumb(title),
    ]


def stand_in_district(request: Request) -> None:
    """Let the frame of a page say that this is the committee."""
    district = get_district()
    request_state = vars(request)
    request_state["district_name"] = district.name
    request_state["shell_place"] = Place(
        "district", district.committee_name, "показатели школ", "", "map", current=True
    )
