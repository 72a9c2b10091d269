"""Which school is on which schema, moved when, stopped why (NFR-006)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.db.door import public_transaction
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.shell.navigation import Crumb, Fact
from tenants.accounts.gate import Request
from tenants.provisioning.queries import list_heads


@never_cache
@require_GET
def upgrades(request: Request) -> HttpResponse:
    """Show the heads of all schools, those behind first."""
    with public_transaction():
        heads = list_heads()
    behind = [one for one in heads if not one.is_current]
    failed = sum(bool(one.failure) for one in behind)
    stand_in_district(request)
    context = {
        "nav": district_menu("district:upkeep"),
        "crumbs": [
            Crumb("Работа системы", reverse("district:upkeep")),
            Crumb("Обновления школ"),
        ],
        "facts": [
            Fact(str(len(heads) - len(behind)), "школ обновлено", "good" if not behind else ""),
            Fact(str(len(behind)), "на прежней схеме", "warn" if behind else ""),
            Fact(str(failed), "не смогли обновиться", "bad" if failed else ""),
        ],
        "heads": sorted(heads, key=lambda one: (one.is_current, not one.failure, one.school_id)),
    }
    return render(request, "district/upgrades.html", context)
