"""Backups as the district's administrator sees them: places, what lies there, who answers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from kernel.roles import Role
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.shell.backups import entry_rows, say_age
from portal.shell.forms import offer
from portal.shell.navigation import Fact
from tenants.accounts.gate import Request
from tenants.backups.operations import PlaceIsNotApart, describe_place
from tenants.backups.queries import (
    CARRIERS,
    KINDS,
    get_last_backup_at,
    list_entries,
    list_places,
    list_used_paths,
)

PLACES = 2
WEEK = timedelta(days=7)


class PlaceForm(forms.Form):
    """Where a folder of copies really stands."""

    path = forms.ChoiceField(
        label="Папка копий", error_messages={"required": "Выберите папку копий."}
    )
    carrier = forms.ChoiceField(
        label="Носитель", choices=CARRIERS, error_messages={"required": "Выберите носитель."}
    )
    room = forms.CharField(
        label="Помещение",
        max_length=200,
        help_text="Здание и кабинет. Носители стоят в разных помещениях.",
        error_messages={"required": "Укажите помещение."},
    )
    responsible = forms.CharField(
        label="Ответственный",
        max_length=200,
        help_text="Фамилия, имя, отчество и должность.",
        error_messages={"required": "Укажите ответственного."},
    )

    def __init__(self, *args: Any, paths: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "path", ((path, path) for path in paths))


@never_cache
@require_GET
def backups(request: Request) -> HttpResponse:
    """Show the journal of backups and the places."""
    with public_transaction():
        paths = list_used_paths()
    return _page(request, PlaceForm(paths=paths))


@require_POST
def describe(request: Request) -> HttpResponse:
    """Say in which room a place stands and who answers for it."""
    assert request.visitor is not None
    with public_transaction():
        paths = list_used_paths()
    form = PlaceForm(request.POST, paths=paths)
    if form.is_valid():
        try:
            with public_transaction(request.visitor.account_id):
                describe_place(account_id=request.visitor.account_id, **form.cleaned_data)
        except PlaceIsNotApart as refused:
            form.add_error("room", refused.message)
        else:
            messages.success(request, "Место копий записано.")
            return HttpResponseRedirect(reverse("district:backups"))
    return _page(request, form, status=400)


def _page(request: Request, form: PlaceForm, status: int = 200) -> HttpResponse:
    assert request.visitor is not None
    kind = request.GET.get("kind", "")
    moment = clock.now()
    with public_transaction():
        entries = list_entries(kinds=[kind] if kind in dict(KINDS) else [])
        places, paths = list_places(), list_used_paths()
        newest = {name: get_last_backup_at(kind=name, places=PLACES) for name in ("base", "school")}
        checked = get_last_backup_at(kind="verify", places=PLACES)
    stand_in_district(request)
    described = {place.path for place in places}
    context = {
        "nav": district_menu("district:backups"),
        "facts": [
            Fact(say_age(newest["base"], moment), "копия базы в двух местах"),
            Fact(say_age(newest["school"], moment), "копии школ в двух местах"),
            Fact(say_age(checked, moment), "проверка копий"),
        ],
        "is_late": newest["base"] is None or moment - newest["base"] > WEEK / 2,
        "rows": entry_rows(entries),
        "kinds": KINDS,
        "kind": kind,
        "places": places,
        "unknown": [path for path in paths if path not in described],
        "may_describe": bool(paths) and Role.DISTRICT_ADMIN in request.visitor.district_roles,
        "form": form,
    }
    return render(request, "district/backups.html", context, status=status)
