"""The register of appointments by order (ROL-029, ROL-030, ROL-031)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation.db.door import school_transaction
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from portal.office.fields import day_field, text_field
from portal.office.frame import crumbs, link, staff_tabs, today_of
from portal.shell.forms import offer
from portal.shell.menus import school_menu
from services.people import access, operations, queries
from services.people.operations import NewAppointment
from tenants.accounts.gate import Request


class AppointmentForm(forms.Form):
    """What an order says."""

    duty = forms.ChoiceField(
        label="Обязанность",
        choices=queries.DUTIES,
        error_messages={"required": "Выберите обязанность."},
    )
    note = text_field("Уточнение", 200, help_text="Например, класс или модуль системы.")
    employee_id = forms.TypedChoiceField(
        label="Работник", coerce=int, error_messages={"required": "Выберите работника."}
    )
    order_number = text_field("Номер приказа", 30, missing="Укажите номер приказа.")
    order_on = day_field("Дата приказа")
    since_on = day_field("Действует с")
    last_day = day_field("По", required=False, help_text="Пусто — без срока.")

    def __init__(self, *args: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "employee_id", people)


class EndForm(forms.Form):
    """When an appointment ends."""

    last_day = day_field("Последний день")


@never_cache
@require_GET
def register(request: Request, school: str) -> HttpResponse:
    """Show the register, those that hold today first."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_on_duty(actor=actor, right=Right.APPOINTMENTS_KEEP, on=on)
        cards = queries.list_appointments()
    rows = [
        {
            "card": card,
            "holds": card.holds_on(on),
            "is_ahead": on < card.since_on,
            "url": link(actor, "employee", employee_id=card.employee_id),
            "end_url": link(actor, "appointment-end", appointment_id=card.id),
        }
        for card in cards
    ]
    context = {
        "nav": school_menu(actor, "office:employees"),
        "tabs": staff_tabs(actor, "office:appointments"),
        "rows": sorted(rows, key=lambda row: not row["holds"]),
        "add_url": link(actor, "appointment-add"),
    }
    return render(request, "office/staff/appointments.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: Request, school: str) -> HttpResponse:
    """Write an appointment into the register."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_on_duty(actor=actor, right=Right.APPOINTMENTS_KEEP, on=on)
        staff = queries.list_staff_people(on=on, timezone=actor.school.timezone)
    people = [(one.person_id, f"{one.name}, {one.place}") for one in staff]
    data = request.POST if request.method == "POST" else None
    form = AppointmentForm(data, people=people, initial={"since_on": on, "order_on": on})
    error = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        last_day = said.pop("last_day")
        new = NewAppointment(**said, until=last_day + timedelta(days=1) if last_day else None)
        try:
            with school_transaction(actor, actor.school.id):
                operations.appoint(actor=actor, appointment=new, on=on)
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Назначение внесено.")
            return HttpResponseRedirect(link(actor, "appointments"))
    return _form(request, form, "Новое назначение", "Внести", error)


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: Request, school: str, appointment_id: int) -> HttpResponse:
    """End an appointment."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_on_duty(actor=actor, right=Right.APPOINTMENTS_KEEP, on=on)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": on})
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            with school_transaction(actor, actor.school.id):
                operations.end_appointment(
                    actor=actor,
                    appointment_id=appointment_id,
                    until=form.cleaned_data["last_day"] + timedelta(days=1),
                    on=on,
                )
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Назначение прекращено.")
            return HttpResponseRedirect(link(actor, "appointments"))
    return _form(request, form, "Прекратить назначение", "Прекратить", error)


def _form(request: Request, form: forms.Form, title: str, action: str, error: str) -> HttpResponse:
    actor = request.actor
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": crumbs(
            actor,
            ("employees", "Сотрудники и роли"),
            ("appointments", "Назначения"),
            page=title,
        ),
        "title": title,
        "form": form,
        "action": action,
        "error": error,
        "back": link(actor, "appointments"),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "office/form.html", context, status=status)
