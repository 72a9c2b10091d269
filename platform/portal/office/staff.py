"""Employees: the card, the roles (with a fresh confirmation), the last day (ROL-005, ACC-006)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from kernel.roles import STAFF_ROLES, Role
from portal.office.cards import change_of, make_card_form, note_looks
from portal.office.factors import has_factor
from portal.office.fields import day_field, text_field
from portal.office.frame import crumbs, link, staff_tabs, today_of
from portal.shell.menus import school_menu
from services.people import access, operations, queries
from services.people.operations import WorkChange
from services.people.queries import EmployeeCard
from services.regulation import access as rights
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.accounts.operations import unblock_account
from tenants.accounts.operations.leaving import block_but_the_last
from tenants.accounts.queries.roles import (
    is_blocked,
    is_of_one_school,
    list_holders,
    list_staff_roles,
)

WORK = ("post", "grade_rank", "category", "functions", "speciality", "hired_on", "first_day_on")


class AccountIsSharedWithOthers(DomainError):
    """The person works, or has children, in another school as well."""

    code = "account-is-shared"
    message = (
        "У этого человека есть роли и в других школах: закрыть вход целиком может администратор "
        "округа. В своей школе снимите роли."
    )


class WorkForm(forms.Form):
    """What an employee's card says of the work (ACC-011)."""

    post = text_field("Должность", 120, missing="Укажите должность.")
    grade_rank = text_field("Разряд", 30)
    category = text_field("Категория", 60)
    functions = text_field("Функции", 300)
    speciality = text_field("Специальность по диплому", 200)
    hired_on = day_field("Приказ о приёме от", required=False)
    first_day_on = day_field("Первый рабочий день", required=False)


class DismissForm(forms.Form):
    """The last working day and the order."""

    last_day = day_field("Последний рабочий день")
    order = text_field(
        "Приказ",
        120,
        missing="Укажите приказ: номер и дату.",
        help_text="Номер и дата приказа об увольнении.",
    )


class RolesForm(forms.Form):
    """The roles of one person."""

    roles = forms.MultipleChoiceField(
        label="Роли",
        required=False,
        choices=[(role.value, role.label) for role in sorted(STAFF_ROLES, key=lambda r: r.label)],
        widget=forms.CheckboxSelectMultiple,
    )


@never_cache
@require_GET
def employee(request: Request, school: str, employee_id: int) -> HttpResponse:
    """Show an employee's card with roles and duties."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card = queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
        duties = queries.list_appointments(employee_id=employee_id)
        changes = queries.list_role_changes(employee_ids=[employee_id])
        may = _may(actor)
        note_looks(actor, card.person)
    held = _roles_of(actor, card)
    with public_transaction():
        blocked = card.person.account_id is not None and is_blocked(
            account_id=card.person.account_id
        )
    waiting = [one for one in changes if one.done_at is None]
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": crumbs(actor, ("employees", "Сотрудники и роли"), page=str(card.person.name)),
        "card": card,
        "roles": sorted(role.label for role in held),
        "waiting": [
            {"title": one.role.label, "is_given": one.is_given} for one in reversed(waiting)
        ],
        "refusal": next((one.refusal for one in changes[:1] if one.refusal), ""),
        "duties": [one for one in duties if one.holds_on(on)],
        "may": may,
        "has_left": card.left_on is not None and card.left_on < on,
        "blocked": blocked,
        "has_factor": has_factor(card.person.account_id),
        "factor_url": link(actor, "second-factor-off", kind="employee", person_id=employee_id),
        "block_url": link(actor, "employee-block", employee_id=employee_id),
        "edit_url": link(actor, "employee-edit", employee_id=employee_id),
        "roles_url": link(actor, "employee-roles", employee_id=employee_id),
        "rights_url": link(actor, "rights-person", employee_id=employee_id),
        "dismiss_url": link(actor, "employee-dismiss", employee_id=employee_id),
    }
    return render(request, "office/staff/employee.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def employee_edit(request: Request, school: str, employee_id: int) -> HttpResponse:
    """Show and take changes of an employee's card."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_may_keep_staff(actor)
        card = queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
        kept = queries.list_extra_fields(on=on)
    data = request.POST if request.method == "POST" else None
    person = make_card_form(card.person, kept, data)
    work = WorkForm(data, initial={name: getattr(card, name) for name in WORK})
    if request.method == "POST" and person.is_valid() and work.is_valid():
        with school_transaction(actor, actor.school.id):
            operations.change_employee(
                actor=actor,
                employee_id=employee_id,
                change=change_of(person),
                work=WorkChange(**work.cleaned_data),
                on=on,
            )
        messages.success(request, "Сохранено.")
        return HttpResponseRedirect(link(actor, "employee", employee_id=employee_id))
    return _form(request, card, [person, work], title=str(card.person.name), action="Сохранить")


@never_cache
@require_http_methods(["GET", "POST"])
def employee_dismiss(request: Request, school: str, employee_id: int) -> HttpResponse:
    """Take the last day of an employee."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_may_keep_staff(actor)
        card = queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
    form = DismissForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        is_last = Role.ADMINISTRATOR in _roles_of(actor, card) and not _holders(
            actor, Role.ADMINISTRATOR, card
        )
        try:
            with school_transaction(actor, actor.school.id):
                operations.dismiss_employee(
                    actor=actor,
                    employee_id=employee_id,
                    on=on,
                    is_last_administrator=is_last,
                    **form.cleaned_data,
                )
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Увольнение записано.")
            return HttpResponseRedirect(link(actor, "employee", employee_id=employee_id))
    return _form(
        request,
        card,
        [form],
        title="Уволить",
        lead=f"{card.person.name}, {card.post}",
        action="Уволить",
        error=error,
        danger=True,
        note="Вход закроется, когда последний день пройдёт. Всё, что человек записал, останется "
        "за его именем.",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def employee_roles(request: Request, school: str, employee_id: int) -> HttpResponseBase:
    """Show and take the roles of an employee: after a fresh confirmation of who asks."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        _check_may_give(actor)
        queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
    return _give_roles(request, employee_id)


@require_fresh_confirmation
def _give_roles(request: Request, employee_id: int) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card = queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
    held = _roles_of(actor, card)
    first = {"roles": [role.value for role in held]}
    form = RolesForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        wanted = frozenset(Role(name) for name in form.cleaned_data["roles"])
        try:
            _change_roles(actor, card, held, wanted)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error("roles", refusal.message)
        else:
            messages.success(request, "Роли меняются: через минуту они будут у работника.")
            return HttpResponseRedirect(link(actor, "employee", employee_id=employee_id))
    return _form(
        request,
        card,
        [form],
        title="Роли",
        lead=f"{card.person.name}, {card.post}",
        action="Сохранить роли",
    )


@never_cache
@require_POST
def employee_block(request: Request, school: str, employee_id: int) -> HttpResponse:
    """Close an employee's account at once, or open it again (ROL-017, ROL-019).

    An account that holds roles elsewhere too is not this school's to close.
    """
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_on_duty(actor=actor, right=Right.ACCOUNTS_BLOCK, on=on)
        card = queries.get_employees_card(actor=actor, employee_id=employee_id, on=on)
    if card.person.account_id is None:
        raise NotFound
    _open_or_close(request, card, card.person.account_id)
    return HttpResponseRedirect(link(actor, "employee", employee_id=employee_id))


def _open_or_close(request: Request, card: EmployeeCard, account_id: int) -> None:
    actor, now = request.actor, clock.now()
    wants_open = request.POST.get("open") == "yes"
    with public_transaction(actor.account_id, actor.request_id):
        if not is_of_one_school(account_id=account_id, school_id=actor.school.id):
            raise AccountIsSharedWithOthers
        if wants_open:
            unblock_account(account_id=account_id)
        else:
            closed = block_but_the_last(account_id=account_id, school_id=actor.school.id, now=now)
            if not closed:
                raise operations.LastAdministrator
    messages.success(
        request, "Вход открыт." if wants_open else "Вход закрыт, все сеансы завершены."
    )


def _change_roles(
    actor: Actor, card: EmployeeCard, held: frozenset[Role], wanted: frozenset[Role]
) -> None:
    on, now = today_of(actor), clock.now()
    others = {role: _holders(actor, role, card) for role in held - wanted}
    with school_transaction(actor, actor.school.id):
        for role in sorted(wanted - held):
            operations.give_role_to(
                actor=actor, employee_id=card.person.id, role=role, on=on, now=now
            )
        for role in sorted(held - wanted):
            operations.take_role_from(
                actor=actor,
                employee_id=card.person.id,
                role=role,
                other_holders=others[role],
                on=on,
                now=now,
            )


def _may(actor: Actor) -> dict[str, bool]:
    on = today_of(actor)
    hats = queries.list_duties(actor=actor, on=on)
    return {
        "edit": access.may_on_duty(actor=actor, right=Right.STAFF_KEEP, on=on),
        "block": access.may_on_duty(actor=actor, right=Right.ACCOUNTS_BLOCK, on=on),
        "roles": rights.may_give_roles(actor=actor, hats=hats, on=on),
        "rights": rights.may_edit_matrix(actor=actor, hats=hats, on=on),
    }


def _check_may_give(actor: Actor) -> None:
    on = today_of(actor)
    hats = queries.list_duties(actor=actor, on=on)
    if not rights.may_give_roles(actor=actor, hats=hats, on=on):
        raise NotFound


def _roles_of(actor: Actor, card: EmployeeCard) -> frozenset[Role]:
    if card.person.account_id is None:
        return frozenset()
    with public_transaction():
        held = list_staff_roles(school_id=actor.school.id)
    return held.get(card.person.account_id, frozenset())


def _holders(actor: Actor, role: Role, card: EmployeeCard) -> list[int]:
    with public_transaction():
        return list_holders(school_id=actor.school.id, role=role, besides=card.person.account_id)


def _form(
    request: Request, card: EmployeeCard, parts: list[forms.Form], **more: Any
) -> HttpResponse:
    actor = request.actor
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": crumbs(actor, ("employees", "Сотрудники и роли"), page=more["title"]),
        "parts": parts,
        "form": parts[0],
        "back": link(actor, "employee", employee_id=card.person.id),
        "tabs": staff_tabs(actor, "office:employees"),
        **more,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "office/form.html", context, status=status)
