"""Checks of schools: the register, a check with its findings; SRV-029, ROL-032."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import public_transaction
from kernel.complaints import ComplaintIsIncomplete
from kernel.errors import DomainError, NotFound
from portal.complaints.form import show_errors
from portal.district.complaints import officer_of
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.shell.forms import offer
from portal.shell.navigation import Crumb, Fact
from services.oversight import operations, queries
from services.oversight.operations import CheckPlan
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, get_school, get_school_by_id, list_schools

STANDINGS = {
    "planned": ("plain", "запланирована"),
    "running": ("info", "идёт"),
    "late": ("warn", "не завершена в срок"),
    "closed": ("good", "завершена"),
}
FINDINGS = {
    "": ("plain", "не направлено"),
    "sent": ("info", "направлено школе"),
    "overdue": ("bad", "не устранено в срок"),
    "cured": ("good", "устранено"),
}
FILTERS = [
    ("", "Все"),
    ("running", "Идут"),
    ("planned", "Запланированы"),
    ("late", "Не завершены в срок"),
    ("closed", "Завершены"),
    ("overdue", "С просроченными нарушениями"),
]


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": "Укажите день."},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class CheckForm(forms.Form):
    """A check before it begins."""

    school = forms.ChoiceField(label="Школа", error_messages={"required": "Выберите школу."})
    kind = forms.ChoiceField(
        label="Вид", choices=queries.KINDS, error_messages={"required": "Выберите вид проверки."}
    )
    subject = forms.CharField(
        label="Предмет проверки",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Напишите, что проверяете."},
    )
    starts_on = _day("Начало")
    ends_on = _day("Окончание")
    inspectors = forms.CharField(
        label="Кто проверяет",
        max_length=300,
        error_messages={"required": "Напишите, кто проверяет."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "school", [(one.slug, one.short_name) for one in list_schools()])


class FindingForm(forms.Form):
    """A breach and the day by which it is cured."""

    text = forms.CharField(
        label="Нарушение",
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Напишите, что нарушено."},
    )
    clause = forms.CharField(label="Что нарушено", max_length=200, required=False)
    cure_until = _day("Устранить до")


class CloseForm(forms.Form):
    """The conclusion."""

    conclusion = forms.CharField(
        label="Вывод проверки",
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Напишите вывод проверки."},
    )


@never_cache
@require_GET
def checks(request: Request) -> HttpResponse:
    """Show the register of checks."""
    slug, standing = request.GET.get("school", ""), request.GET.get("state", "")
    school = get_school(slug) if slug else None
    if standing not in {code for code, _ in FILTERS}:
        raise NotFound
    with public_transaction():
        found = queries.list_checks(
            officer=officer_of(request),
            today=_today(),
            school_id=school.id if school else None,
            standing=standing,
        )
    names = {one.id: one.short_name for one in list_schools()}
    late = sum(one.overdue for one in found)
    stand_in_district(request)
    context = {
        "nav": district_menu("district:checks"),
        "facts": [
            Fact(str(len(found)), "проверок"),
            Fact(str(sum(one.uncured for one in found)), "нарушений не устранено"),
            Fact(str(late), "из них просрочено", "bad" if late else ""),
        ],
        "rows": [
            {
                "check": one,
                "school": names.get(one.school_id, ""),
                "url": _url(one.id),
                "badge": STANDINGS[one.standing],
            }
            for one in found
        ],
        "schools": list_schools(),
        "filters": FILTERS,
        "standing": standing,
        "chosen": slug,
    }
    return render(request, "district/checks.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Enter a check into the register."""
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data
        plan = CheckPlan(
            kind=held["kind"],
            subject=held["subject"],
            starts_on=held["starts_on"],
            ends_on=held["ends_on"],
            inspectors=held["inspectors"],
        )
        try:
            with public_transaction(officer_of(request).account_id):
                check_id = operations.open_check(
                    officer=officer_of(request),
                    school=get_school(held["school"]),
                    plan=plan,
                    today=_today(),
                )
        except ComplaintIsIncomplete as error:
            show_errors(form, error.fields)
        else:
            messages.success(request, "Проверка внесена в реестр.")
            return HttpResponseRedirect(_url(check_id))
    stand_in_district(request)
    context = {
        "nav": district_menu("district:checks"),
        "crumbs": [Crumb("Проверки", reverse("district:checks")), Crumb("Новая")],
        "form": form,
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "district/check_new.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: Request, check_id: int) -> HttpResponse:
    """Show a check; add and send findings, note a cure, close it."""
    posted = {"finding": FindingForm(), "close": CloseForm()}
    if request.method == "POST":
        action = request.POST.get("action", "")
        form = _form(action, request)
        try:
            if form is None or form.is_valid():
                with public_transaction(officer_of(request).account_id):
                    _act(request, check_id, action, form)
                return HttpResponseRedirect(_url(check_id))
        except ComplaintIsIncomplete as error:
            assert form is not None
            show_errors(form, error.fields)
        except NotFound:
            raise
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(_url(check_id))
        assert form is not None
        posted[action] = form
    with public_transaction():
        card = queries.get_check(officer=officer_of(request), check_id=check_id, today=_today())
    stand_in_district(request)
    context = {
        "nav": district_menu("district:checks"),
        "crumbs": [Crumb("Проверки", reverse("district:checks")), Crumb(card.number)],
        "check": card,
        "school": get_school_by_id(card.school_id),
        "badge": STANDINGS[card.standing],
        "findings": [(one, FINDINGS[one.standing]) for one in card.findings],
        "unsent": sum(one.sent_on is None for one in card.findings),
        "finding_form": posted["finding"],
        "close_form": posted["close"],
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "district/check.html", context, status=status)


def _form(action: str, request: Request) -> forms.Form | None:
    known: dict[str, type[forms.Form]] = {"finding": FindingForm, "close": CloseForm}
    return known[action](request.POST) if action in known else None


def _act(request: Request, check_id: int, action: str, form: forms.Form | None) -> None:
    officer, today = officer_of(request), _today()
    held = form.cleaned_data if form else {}
    if action == "finding":
        operations.add_finding(officer=officer, check_id=check_id, today=today, **held)
        messages.success(request, "Нарушение записано.")
    elif action == "send":
        sent = operations.send_findings(officer=officer, check_id=check_id, today=today)
        messages.success(request, f"Направлено школе нарушений: {sent}.")
    elif action == "cured":
        finding_id = request.POST.get("finding", "")
        if not finding_id.isdecimal():
            raise NotFound
        operations.note_cured(officer=officer, finding_id=int(finding_id), today=today)
        messages.success(request, "Отмечено: устранено.")
    elif action == "close":
        operations.close_check(officer=officer, check_id=check_id, today=today, **held)
        messages.success(request, "Проверка завершена.")
    else:
        raise NotFound


def _url(check_id: int) -> str:
    return reverse("district:check", kwargs={"check_id": check_id})


def _today() -> date:
    return clock.today(get_district().timezone)
