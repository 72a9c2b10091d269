"""The copies of the school's data, for its responsible employee (ARC-014, ARC-015, ARC-016)."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from portal.shell.backups import entry_rows
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact
from services.people.queries import ARCHIVE_DUTY, get_employee_names, list_responsible
from services.regulation.queries import get_settings
from tenants.accounts.gate import Request
from tenants.backups.queries import list_entries, list_places, list_school_copies

KEYS = ["backup.times_a_week", "backup.places"]
WEEK = timedelta(days=7)


@never_cache
@require_GET
def backups(request: Request, school: str) -> HttpResponse:
    """Show how often the school's data were copied this week, where to, and who answers."""
    actor = request.actor
    moment, on = clock.now(), clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        settings = get_settings(keys=KEYS, on=on)
        ids = list_responsible(duty=ARCHIVE_DUTY, on=on)
        responsible = list(get_employee_names(employee_ids=ids).values())
    times, places = (int(settings[key].value) for key in KEYS)
    with public_transaction():
        copies = list_school_copies(school_id=actor.school.id, since=moment - WEEK, places=places)
        entries = list_entries(school_id=actor.school.id, limit=50)
        described = list_places()
    context = {
        "nav": school_menu(actor, "office:backups"),
        "facts": [
            Fact(str(len(copies)), f"копий за неделю; положено {times}"),
            Fact(
                str(len({place.room for place in described})),
                f"помещений с копиями; положено {places}",
            ),
        ],
        "is_late": len(copies) < times,
        "times": times,
        "clause": settings["backup.times_a_week"].clause,
        "responsible": responsible,
        "places": described,
        "rows": entry_rows(entries),
    }
    return render(request, "office/backups.html", context)
