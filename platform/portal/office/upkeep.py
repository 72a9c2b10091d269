"""How the product works in this school, and the word that the network is gone (NFR-009)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from portal.office.frame import link
from portal.shell.menus import school_menu
from portal.upkeep.forms import IncidentForm, show_refusal
from portal.upkeep.words import choose_month, incident_rows, month_moments, read, works_rows
from services.upkeep import queries
from services.upkeep.operations import IncidentIsUnreadable, end_incident, report_incident
from tenants.accounts.gate import Request

A_MOMENT = timedelta(minutes=1)


@never_cache
@require_GET
def upkeep(request: Request, school: str) -> HttpResponse:
    """Show the month of the school and the form."""
    return _page(request, IncidentForm())


@require_POST
def note(request: Request, school: str) -> HttpResponse:
    """Tell the district of an incident, with the school's own clock."""
    actor = request.actor
    form = IncidentForm(request.POST)
    form.zone = actor.school.timezone
    if form.is_valid():
        held, now = form.cleaned_data, clock.now()
        studying = queries.find_studying(
            schools=[actor.school],
            starts_at=held["started_at"],
            ends_at=held["started_at"] + A_MOMENT,
        )
        try:
            with public_transaction(actor.account_id):
                report_incident(
                    account_id=actor.account_id,
                    school_id=actor.school.id,
                    is_in_study=bool(studying),
                    now=now,
                    **held,
                )
        except IncidentIsUnreadable as refused:
            show_refusal(form, "started_at", refused.message)
        else:
            messages.success(request, "Сообщение отправлено в округ.")
            return HttpResponseRedirect(link(actor, "upkeep"))
    return _page(request, form, status=400)


@require_POST
def end(request: Request, school: str, incident_id: int) -> HttpResponse:
    """Note that an incident of this school is over now."""
    actor, now = request.actor, clock.now()
    with public_transaction(actor.account_id):
        end_incident(incident_id=incident_id, ended_at=now, now=now, school_id=actor.school.id)
    return HttpResponseRedirect(link(actor, "upkeep"))


def _page(request: Request, form: IncidentForm, status: int = 200) -> HttpResponse:
    ref, now = request.actor.school, clock.now()
    on = clock.today(ref.timezone)
    month = choose_month(request.GET.get("month", ""), on)
    since, until = month_moments(month.period, ref.timezone)
    with public_transaction():
        goal, slowest = queries.get_availability_goal(on=on), queries.get_answer_goal(on=on)
        days = queries.list_days(school_id=ref.id, period=month.period)
        found = queries.list_incidents(since=since, until=until, now=now)
        coming = queries.list_coming_works(now=now)
    own = [one for one in found if one.school_id in (None, ref.id)]
    total = queries.total(line for _, line in days)
    context: dict[str, Any] = {
        "nav": school_menu(request.actor, "office:upkeep"),
        "form": form,
        "month": month,
        "goal": goal,
        "total": read(total, goal=goal, slowest=slowest),
        "emergencies": queries.count_emergencies(found, ref.id),
        "incidents": incident_rows(own, {ref.id: ref}, ref.timezone),
        "works": works_rows(
            [one for one in coming if one.school_id in (None, ref.id)], {ref.id: ref}, ref.timezone
        ),
        "end_route": "office:incident-end",
        "end_school": ref.slug,
    }
    return render(request, "office/upkeep.html", context, status=status)
