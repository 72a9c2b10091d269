"""The calculator of terms by the school's own week and regional days (SRV-009)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from portal.shell.menus import school_menu
from portal.terms.calculator import build_page
from services.regulation.queries.terms import get_deadline_calendar
from tenants.accounts.gate import Request


@never_cache
@require_GET
def due(request: Request, school: str) -> HttpResponse:
    """Show the last day of a term and the way to it."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        calendar = get_deadline_calendar(on=today)
    context = build_page(request.GET, own=calendar, own_title="дни школы", today=today)
    context["nav"] = school_menu(actor, "office:due")
    return render(request, "terms/due.html", context)
