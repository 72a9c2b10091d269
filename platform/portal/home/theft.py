"""«Мой вход украли»: the owner closes the account at once (ACC-009, ACC-010)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.db.door import public_transaction
from kernel.working_days import WeekType, load_calendar
from portal.home.forms import TheftForm
from services.regulation.queries import get_shipped
from tenants.accounts.gate import Request
from tenants.accounts.operations import NoticeIsAhead, freeze_account
from tenants.registry.queries import get_district

LONGEST_AGO = timedelta(days=60)


@never_cache
@require_http_methods(["GET", "POST"])
def theft(request: Request) -> HttpResponse:
    """Ask since when, freeze, end every session: this one too."""
    me = request.visitor
    assert me is not None
    zone, now = ZoneInfo(get_district().timezone), clock.now()
    with override(zone):
        form = TheftForm(
            request.POST if request.method == "POST" else None,
            initial={"since": now.astimezone(zone)},
        )
        if request.method == "POST" and form.is_valid():
            since = form.cleaned_data["since"]
            try:
                with public_transaction(me.account_id):
                    freeze_account(
                        account_id=me.account_id,
                        noticed_at=max(since, now - LONGEST_AGO),
                        reported_by=me.account_id,
                        now=now,
                        due_on=due_day(since, zone),
                    )
            except NoticeIsAhead as error:
                form.add_error("since", error.message)
            else:
                logout(request)
                request.visitor = None
                return render(request, "home/account/theft_done.html")
        context = {"form": form, "workdays": _workdays()}
        status = 400 if form.errors else 200
        return render(request, "home/account/theft.html", context, status=status)


def due_day(learned_at: datetime, zone: ZoneInfo) -> date:
    """Return the day by which the school must hear of a theft (ACC-009)."""
    week: WeekType = 6 if get_shipped(key="deadline.week").value == 6 else 5
    return load_calendar(week).add_working_days(learned_at.astimezone(zone).date(), _workdays())


def _workdays() -> int:
    return int(get_shipped(key="security.compromise_notice_workdays").value)
