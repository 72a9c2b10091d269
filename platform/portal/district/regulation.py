"""What the committee sets for all schools: terms, thresholds and texts of the service, dated.

A school's own word stays before the district's. Lists (grounds, documents) come with a release.
"""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from kernel.errors import DomainError
from kernel.roles import Role
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from services.regulation.operations import set_for_district
from services.regulation.queries import Setting, get_district_settings, list_scalars
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district

ROOMS = (
    ("service.", "Муниципальная услуга"),
    ("access.", "Доступ и учётные записи"),
    ("complaint.", "Жалобы"),
    ("print.", "Распечатки"),
    ("monitoring.", "Показатели"),
)
MISSING = "Укажите значение."
YES_NO = (("yes", "да"), ("no", "нет"))


class SettingForm(forms.Form):
    """A value, its ground, and the day from which it holds."""

    clause = forms.CharField(
        label="Основание",
        max_length=200,
        help_text="Пункт регламента или приказ, его дата и номер.",
        error_messages={"required": "Укажите, на чём основано значение."},
    )
    since_on = forms.DateField(
        label="Действует с",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день.", "invalid": "День пишется так: 01.12.2026."},
    )

    def __init__(self, shipped: object, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["value"] = _field_of(shipped)
        self.order_fields(["value"])

    def clean_value(self) -> object:
        """Return the value as the regulation keeps it."""
        value = self.cleaned_data["value"]
        return value == "yes" if isinstance(self.fields["value"], forms.ChoiceField) else value


def _field_of(shipped: object) -> forms.Field:
    if isinstance(shipped, bool):
        return forms.ChoiceField(
            label="Значение", choices=YES_NO, error_messages={"required": MISSING}
        )
    if isinstance(shipped, int):
        return forms.IntegerField(
            label="Значение",
            min_value=0,
            max_value=3650,
            error_messages={"required": MISSING, "invalid": "Напишите целое число."},
        )
    return forms.CharField(
        label="Значение",
        max_length=2000,
        error_messages={"required": MISSING},
        widget=forms.Textarea({"rows": 4}),
    )


@never_cache
@require_GET
def regulation(request: Request) -> HttpResponse:
    """Show what holds today; with `?key=` the form to change it."""
    key = request.GET.get("key", "")
    return _page(request, key if _may_change(request) else "", None)


@require_POST
def change(request: Request) -> HttpResponse:
    """Set a value from a day on; every school copies it within a minute."""
    key = request.POST.get("key", "")
    shipped = list_scalars()
    if key not in shipped or not key.startswith(tuple(prefix for prefix, _ in ROOMS)):
        return HttpResponseRedirect(reverse("district:regulation"))
    form = SettingForm(shipped[key][1], request.POST)
    if form.is_valid():
        assert request.visitor is not None
        account_id = request.visitor.account_id
        try:
            with public_transaction(account_id):
                set_for_district(account_id=account_id, key=key, **form.cleaned_data)
            return HttpResponseRedirect(reverse("district:regulation"))
        except DomainError as refused:
            form.add_error("value", refused.message)
    return _page(request, key, form, status=400)


def _page(request: Request, key: str, form: SettingForm | None, status: int = 200) -> HttpResponse:
    today = clock.today(get_district().timezone)
    shipped = list_scalars()
    with public_transaction():
        held = get_district_settings(keys=list(shipped), on=today)
        later = get_district_settings(keys=list(shipped), on=date.max)
    if form is None and key in shipped:
        form = SettingForm(
            shipped[key][1], initial={"value": _as_typed(held[key].value), "since_on": today}
        )
    stand_in_district(request)
    context = {
        "nav": district_menu("district:regulation"),
        "key": key if form else "",
        "changed": shipped[key][0] if form else "",
        "form": form,
        "rooms": [
            (
                title,
                [
                    (
                        one,
                        shipped[one][0],
                        held[one],
                        _say(held[one].value),
                        _later(later, held, one),
                    )
                    for one in shipped
                    if one.startswith(prefix)
                ],
            )
            for prefix, title in ROOMS
        ],
        "may_change": _may_change(request),
    }
    return render(request, "district/regulation.html", context, status=status)


def _later(later: dict[str, Setting], held: dict[str, Setting], key: str) -> str:
    """Return «с 01.12.2026: 12» for a value that holds from a later day, or ""."""
    if later[key].since_on == held[key].since_on:
        return ""
    return f"с {later[key].since_on:%d.%m.%Y}: {_say(later[key].value)}"


def _say(value: object) -> str:
    return dict(YES_NO)[_as_typed(value)] if isinstance(value, bool) else str(value)


def _as_typed(value: object) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _may_change(request: Request) -> bool:
    assert request.visitor is not None
    return Role.DISTRICT_ADMIN in request.visitor.district_roles
