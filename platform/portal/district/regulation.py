"""What the committee sets for all schools: terms, thresholds, grounds and texts, dated.

A school's own word stays before the district's.
"""

from datetime import date

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
from portal.regulation import pages
from portal.regulation.pages import SettingForm
from services.regulation.operations import set_for_district
from services.regulation.queries import get_district_settings
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district

ROOMS = (
    ("service.", "Муниципальная услуга"),
    ("access.", "Доступ и учётные записи"),
    ("consent.identification", "Согласие"),
    ("complaint.", "Жалобы"),
    ("print.", "Распечатки"),
    ("monitoring.", "Показатели"),
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
    changeable = pages.list_changeable(ROOMS)
    if key not in changeable:
        return HttpResponseRedirect(reverse("district:regulation"))
    today = clock.today(get_district().timezone)
    form = SettingForm(key, changeable[key][1], request.POST, today=today)
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
    changeable = pages.list_changeable(ROOMS)
    with public_transaction():
        held = get_district_settings(keys=list(changeable), on=today)
        later = get_district_settings(keys=list(changeable), on=date.max)
    if form is None and key in changeable:
        form = pages.bind(key, changeable[key][1], held[key], today)
    stand_in_district(request)
    context = {
        "nav": district_menu("district:regulation"),
        "title": "Регламент округа",
        "lead": "Сроки, пороги, основания и тексты для всех школ. "
        "Своё значение школы действует вместо окружного.",
        "note": "Школы получат значение в течение минуты. "
        "Прежнее останется в силе для дней до указанного.",
        "page_url": reverse("district:regulation"),
        "change_url": reverse("district:regulation-change"),
        "whose": "district",
        "whose_words": "установил комитет",
        "key": key if form else "",
        "changed": changeable[key][0] if form else "",
        "form": form,
        "rooms": pages.list_rooms(ROOMS, changeable, held, later),
        "may_change": _may_change(request),
    }
    return render(request, "regulation/page.html", context, status=status)


def _may_change(request: Request) -> bool:
    assert request.visitor is not None
    return Role.DISTRICT_ADMIN in request.visitor.district_roles
