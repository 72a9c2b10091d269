"""The school's own regulation of the service: terms, grounds and texts, dated, with their clause.

What the school did not set, the district's or the shipped value holds (ROL-015, 210-ФЗ).
"""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from portal.office.frame import link, today_of
from portal.regulation import pages
from portal.regulation.pages import SettingForm
from portal.shell.menus import school_menu
from services.regulation import access as rights
from services.regulation.operations import change_setting
from services.regulation.queries import get_settings
from tenants.accounts.gate import Request

ROOMS = (
    ("service.", "Муниципальная услуга"),
    ("access.", "Доступ и учётные записи"),
    ("deadline.week", "Сроки"),
    ("consent.identification", "Согласие"),
    ("subject_request.", "Запросы своих данных"),
    ("complaint.", "Жалобы директору"),
    ("print.", "Распечатки"),
    ("people.extra_fields", "Личные карты"),
)


@never_cache
@require_GET
def regulation(request: Request, school: str) -> HttpResponse:
    """Show what holds in the school today; with `?key=` the form to change it."""
    return _page(request.actor, request, request.GET.get("key", ""), None)


@require_POST
def change(request: Request, school: str) -> HttpResponse:
    """Let the school's own value hold from a day on."""
    actor, key = request.actor, request.POST.get("key", "")
    changeable = pages.list_changeable(ROOMS)
    with school_transaction(actor, actor.school.id):
        rights.check(actor=actor, right=Right.REGULATION_CHANGE)
    if key not in changeable:
        raise NotFound
    form = SettingForm(key, changeable[key][1], request.POST, today=today_of(actor))
    if not form.is_valid():
        return _page(actor, request, key, form, status=400)
    with school_transaction(actor, actor.school.id):
        change_setting(actor=actor, key=key, **form.cleaned_data)
    messages.success(request, f"{changeable[key][0]}: установлено.")
    return HttpResponseRedirect(link(actor, "regulation"))


def _page(
    actor: Actor, request: Request, key: str, form: SettingForm | None, status: int = 200
) -> HttpResponse:
    today = today_of(actor)
    changeable = pages.list_changeable(ROOMS)
    with school_transaction(actor, actor.school.id):
        rights.check(actor=actor, right=Right.REGULATION_CHANGE)
        held = get_settings(keys=list(changeable), on=today)
        later = get_settings(keys=list(changeable), on=date.max)
    if form is None and key in changeable:
        form = pages.bind(key, changeable[key][1], held[key], today)
    context = {
        "nav": school_menu(actor, "office:regulation"),
        "title": "Регламент школы",
        "lead": "Сроки, основания и тексты услуги. Чего школа не установила сама, "
        "то действует как в округе.",
        "note": "Прежнее значение останется в силе для дней до указанного. "
        "Сроки принятых заявлений не изменятся.",
        "page_url": link(actor, "regulation"),
        "change_url": link(actor, "regulation-change"),
        "whose": "school",
        "whose_words": "установила школа",
        "key": key if form else "",
        "changed": changeable[key][0] if form else "",
        "form": form,
        "rooms": pages.list_rooms(ROOMS, changeable, held, later),
        "may_change": True,
    }
    return render(request, "regulation/page.html", context, status=status)
