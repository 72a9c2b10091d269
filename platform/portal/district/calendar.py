"""The committee's calendar: days of the region, and the calculator of terms."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from kernel.roles import Role
from kernel.working_days import load_calendar
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.shell.navigation import Crumb
from portal.terms.calculator import build_page
from services.regulation.queries import get_district_setting
from tenants.accounts.gate import Request
from tenants.registry.operations import (
    DayIsNotTheRegions,
    add_regional_day,
    remove_regional_day,
)
from tenants.registry.queries import get_district, get_regional_days, list_regional_days

KINDS = (("off", "нерабочий"), ("work", "рабочий"))


class RegionalDayForm(forms.Form):
    """A day and the act that says so."""

    date = forms.DateField(
        label="День",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день.", "invalid": "День пишется так: 05.10.2026."},
    )
    kind = forms.ChoiceField(
        label="Какой", choices=KINDS, error_messages={"required": "Выберите, какой это день."}
    )
    act = forms.CharField(
        label="Основание",
        max_length=300,
        help_text="Закон или указ, его дата и номер.",
        error_messages={"required": "Укажите закон или указ."},
    )


@never_cache
@require_GET
def due(request: Request) -> HttpResponse:
    """Show the last day of a term and the way to it, by the committee's week."""
    today = clock.today(get_district().timezone)
    with public_transaction():
        regional = get_regional_days()
        week = get_district_setting(key="deadline.week", on=today).value
    own = load_calendar(week, regional)
    context = build_page(request.GET, own=own, own_title="дни округа", today=today)
    stand_in_district(request)
    context["nav"] = district_menu("district:due")
    context["crumbs"] = [*_way(), Crumb("Калькулятор сроков")]
    return render(request, "terms/due.html", context)


@never_cache
@require_GET
def calendar(request: Request) -> HttpResponse:
    """Show the days of the region."""
    return _page(request, RegionalDayForm())


@require_POST
def add(request: Request) -> HttpResponse:
    """Add a day; every school copies it within a minute."""
    form = RegionalDayForm(request.POST)
    if form.is_valid():
        try:
            with public_transaction(_account_id(request)):
                add_regional_day(
                    account_id=_account_id(request),
                    day=form.cleaned_data["date"],
                    kind="work" if form.cleaned_data["kind"] == "work" else "off",
                    act=form.cleaned_data["act"],
                )
            return HttpResponseRedirect(reverse("district:calendar"))
        except DayIsNotTheRegions as refused:
            form.add_error("date", refused.message)
    return _page(request, form, status=400)


@require_POST
def remove(request: Request, day_id: int) -> HttpResponse:
    """Remove a day; every school forgets it within a minute."""
    with public_transaction(_account_id(request)):
        remove_regional_day(day_id=day_id)
    return HttpResponseRedirect(reverse("district:calendar"))


def _page(request: Request, form: RegionalDayForm, status: int = 200) -> HttpResponse:
    with public_transaction():
        days = list_regional_days()
    stand_in_district(request)
    today = clock.today(get_district().timezone)
    context: dict[str, Any] = {
        "nav": district_menu("district:calendar"),
        "crumbs": [*_way(), Crumb("Дни региона")],
        "form": form,
        "days": [(day, day.date < today) for day in reversed(days)],
        "may_change": _may_change(request),
    }
    return render(request, "district/calendar.html", context, status=status)


def _may_change(request: Request) -> bool:
    assert request.visitor is not None
    return Role.DISTRICT_ADMIN in request.visitor.district_roles


def _account_id(request: Request) -> int:
    assert request.visitor is not None
    return request.visitor.account_id


def _way() -> list[Crumb]:
    return [Crumb("Школы округа", reverse("district:home"))]
