"""How the product works (работа системы): availability, planned works, incidents; NFR-001…009."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from kernel.roles import Role
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.shell.navigation import Crumb, Fact
from portal.upkeep.forms import DistrictIncidentForm, WorksForm, offer_schools, show_refusal
from portal.upkeep.words import (
    Month,
    choose_month,
    incident_rows,
    month_moments,
    read,
    say_seconds,
    works_rows,
)
from services.upkeep import queries
from services.upkeep.operations import (
    IncidentIsUnreadable,
    WorksAreRefused,
    announce_works,
    are_at_night,
    cancel_works,
    end_incident,
    report_incident,
)
from services.upkeep.queries import IncidentCard
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, get_school, list_schools

ROUTE = "district:upkeep"
Form = TypeVar("Form", WorksForm, DistrictIncidentForm)
A_MOMENT = timedelta(minutes=1)


@never_cache
@require_GET
def upkeep(request: Request) -> HttpResponse:
    """Show a month: every school's availability, works to come, incidents."""
    return _page(request)


@never_cache
@require_GET
def school(request: Request, slug: str) -> HttpResponse:
    """Show the days of one school."""
    ref = get_school(slug)
    on = clock.today(ref.timezone)
    month = choose_month(request.GET.get("month", ""), on)
    with public_transaction():
        goal, slowest = queries.get_availability_goal(on=on), queries.get_answer_goal(on=on)
        days = queries.list_days(school_id=ref.id, period=month.period)
        since, until = month_moments(month.period, ref.timezone)
        found = queries.list_incidents(since=since, until=until, now=clock.now())
    stand_in_district(request)
    context = {
        "nav": district_menu(ROUTE),
        "crumbs": [Crumb("Работа системы", reverse(ROUTE)), Crumb(ref.short_name)],
        "school": ref,
        "month": month,
        "goal": goal,
        "days": [(day, read(line, goal=goal, slowest=slowest)) for day, line in days],
        "total": read(queries.total(line for _, line in days), goal=goal, slowest=slowest),
        "incidents": incident_rows(
            [one for one in found if one.school_id in (None, ref.id)],
            {ref.id: ref},
            ref.timezone,
        ),
    }
    return render(request, "district/upkeep_school.html", context)


@require_POST
def announce(request: Request) -> HttpResponse:
    """Announce works; who they touch is told within a minute."""
    form = _works_form(request.POST)
    if form.is_valid():
        held = form.cleaned_data
        where = _chosen(held["school"])
        times = {"starts_at": held["starts_at"], "ends_at": held["ends_at"]}
        touched = [where] if where else list_schools()
        try:
            at_night = are_at_night(schools=touched, **times)
            is_order = times["starts_at"] < times["ends_at"]
            studying = (
                set()
                if at_night or not is_order
                else queries.find_studying(schools=touched, **times)
            )
            with public_transaction(_account_id(request)):
                announce_works(
                    account_id=_account_id(request),
                    schools=touched,
                    school_id=where.id if where else None,
                    reason=held["reason"],
                    studying=studying,
                    now=clock.now(),
                    **times,
                )
        except WorksAreRefused as refused:
            show_refusal(form, "starts_at", refused.message)
        else:
            messages.success(request, "Работы объявлены. Предупреждение уже на всех страницах.")
            return HttpResponseRedirect(reverse(ROUTE))
    return _page(request, works_form=form, status=400)


@require_POST
def cancel(request: Request, works_id: int) -> HttpResponse:
    """Call works off."""
    with public_transaction(_account_id(request)):
        cancel_works(works_id=works_id, now=clock.now())
    messages.success(request, "Работы отменены, всем сообщено.")
    return HttpResponseRedirect(reverse(ROUTE))


@require_POST
def note(request: Request) -> HttpResponse:
    """Note an incident of the district or of a school."""
    form = _incident_form(request.POST)
    if form.is_valid():
        held = form.cleaned_data
        where = _chosen(held.pop("school"))
        touched = [where] if where else list_schools()
        until = max(held["ended_at"] or held["started_at"], held["started_at"]) + A_MOMENT
        studying = queries.find_studying(
            schools=touched,
            starts_at=held["started_at"],
            ends_at=min(until, clock.now() + A_MOMENT),
        )
        try:
            with public_transaction(_account_id(request)):
                report_incident(
                    account_id=_account_id(request),
                    school_id=where.id if where else None,
                    is_in_study=bool(studying),
                    now=clock.now(),
                    **held,
                )
        except IncidentIsUnreadable as refused:
            show_refusal(form, "started_at", refused.message)
        else:
            messages.success(request, "Сбой записан.")
            return HttpResponseRedirect(reverse(ROUTE))
    return _page(request, incident_form=form, status=400)


@require_POST
def end(request: Request, incident_id: int) -> HttpResponse:
    """Note that an incident is over now."""
    now = clock.now()
    with public_transaction(_account_id(request)):
        end_incident(incident_id=incident_id, ended_at=now, now=now)
    return HttpResponseRedirect(reverse(ROUTE))


def _page(
    request: Request,
    works_form: WorksForm | None = None,
    incident_form: DistrictIncidentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    zone, now = get_district().timezone, clock.now()
    on = clock.today(zone)
    month = choose_month(request.GET.get("month", ""), on)
    schools = list_schools()
    by_id = {one.id: one for one in schools}
    since, until = month_moments(month.period, zone)
    with public_transaction():
        found = queries.list_incidents(since=since, until=until, now=now)
        measured = _measured(schools, month, found, on)
        coming = queries.list_coming_works(now=now)
    stand_in_district(request)
    context: dict[str, Any] = {
        "nav": district_menu(ROUTE),
        "month": month,
        **measured,
        "works": works_rows(coming, by_id, zone),
        "incidents": incident_rows(found, by_id, zone),
        "may_change": _may_change(request),
        "works_form": works_form or _works_form(),
        "incident_form": incident_form or _incident_form(),
        "end_route": "district:incident-end" if _may_change(request) else "",
    }
    return render(request, "district/upkeep.html", context, status=status)


def _measured(
    schools: Sequence[SchoolRef], month: Month, incidents: Sequence[IncidentCard], on: date
) -> dict[str, Any]:
    """Return how available the schools were in a month, beside what was promised."""
    goal, slowest = queries.get_availability_goal(on=on), queries.get_answer_goal(on=on)
    allowed = queries.get_emergencies_allowed(on=on)
    lines = queries.list_availability(period=month.period)
    emergencies = {one.id: queries.count_emergencies(incidents, one.id) for one in schools}
    often = sum(count > allowed for count in emergencies.values())
    whole = read(queries.total(lines.values()), goal=goal, slowest=slowest)
    return {
        "goal": goal,
        "slowest": say_seconds(slowest),
        "allowed": allowed,
        "is_measured": bool(lines),
        "facts": [
            Fact(whole.percent, "доступность", whole.state),
            Fact(whole.round_percent, "круглосуточно"),
            Fact(whole.answer, "ответ в среднем"),
            Fact(str(often), "школ с частыми авариями", "bad" if often else ""),
        ],
        "rows": [
            (
                one,
                read(lines.get(one.id, queries.Availability()), goal=goal, slowest=slowest),
                emergencies[one.id],
            )
            for one in schools
        ],
    }


def _works_form(typed: Any = None) -> WorksForm:
    form = WorksForm(typed, prefix="works")
    return _prepared(form)


def _incident_form(typed: Any = None) -> DistrictIncidentForm:
    form = DistrictIncidentForm(typed, prefix="incident")
    return _prepared(form)


def _prepared(form: Form) -> Form:
    """Offer the schools; moments are of the chosen one's clock, otherwise of the district's."""
    schools = list_schools()
    offer_schools(form, schools)
    chosen = form.data.get(form.add_prefix("school"), "")
    own = next((one.timezone for one in schools if one.slug == chosen), "")
    form.zone = own or get_district().timezone
    return form


def _chosen(slug: str) -> SchoolRef | None:
    return get_school(slug) if slug else None


def _may_change(request: Request) -> bool:
    assert request.visitor is not None
    return Role.DISTRICT_ADMIN in request.visitor.district_roles


def _account_id(request: Request) -> int:
    assert request.visitor is not None
    return request.visitor.account_id
