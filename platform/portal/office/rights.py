"""The matrix of rights: what each role may, the same for one person, every change (ROL-004…007)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import GROUPS, Hat, Right
from kernel.roles import STAFF_ROLES, Role
from portal.office.frame import crumbs, link, staff_tabs, today_of
from portal.shell.menus import school_menu
from portal.shell.rights import forget_menus
from services.people import queries
from services.people.access import check_on_duty
from services.regulation import access, operations
from services.regulation.queries import get_setting
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.accounts.queries import get_display_names

SUBJECTS: dict[str, Role | Hat] = {
    **{role.value: role for role in sorted(STAFF_ROLES, key=lambda one: one.label)},
    **{hat.value: hat for hat in Hat},
}
ROLES = "roles"
ANSWERS = {"allow": True, "deny": False, "role": None}


@never_cache
@require_GET
def matrix(request: Request, school: str) -> HttpResponse:
    """Show who may what in this school, and what differs from what ships."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_on_duty(actor=actor, right=Right.RIGHTS_READ, on=on)
        cells = access.get_matrix(on=on)
        may_edit = _may_edit(actor)
        deciders = {key: get_setting(key=key, on=on).value for key in _deciders()}
    context = {
        "nav": school_menu(actor, "office:employees"),
        "tabs": staff_tabs(actor, "office:rights"),
        "columns": [
            {"title": one.label, "url": link(actor, "rights-of", subject=name)}
            for name, one in SUBJECTS.items()
        ],
        "groups": [
            {
                "title": group.title,
                "rows": [
                    {
                        "title": right.label,
                        "cells": [cells[right][one] for one in SUBJECTS.values()],
                    }
                    for right in group.rights
                ],
            }
            for group in GROUPS
        ],
        "roles": [
            {"title": one.label, "url": link(actor, "rights-of", subject=name), "groups": held}
            for name, one in SUBJECTS.items()
            for held in [_held_by(one, cells)]
        ],
        "may_edit": may_edit,
        "deciders": [
            {
                "title": title,
                "names": ", ".join(SUBJECTS[name].label for name in deciders[key]),
            }
            for key, title in _deciders().items()
        ],
        "deciders_url": link(actor, "rights-deciders"),
        "width": len(SUBJECTS) + 1,
    }
    return render(request, "office/staff/rights.html", context)


def _held_by(
    subject: Role | Hat, cells: Mapping[Right, Mapping[Role | Hat, access.Cell]]
) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Return what one role may, by group, for a phone: (right, whether the school's own word)."""
    groups = [
        (
            group.title,
            [
                (right.label, cells[right][subject].is_own)
                for right in group.rights
                if cells[right][subject].is_allowed
            ],
        )
        for group in GROUPS
    ]
    return [(title, rights) for title, rights in groups if rights]


@never_cache
@require_http_methods(["GET", "POST"])
def of_subject(request: Request, school: str, subject: str) -> HttpResponseBase:
    """Show and take the rights of one role or hat, after a fresh confirmation."""
    if subject not in SUBJECTS:
        raise NotFound
    _check_editor(request.actor)
    return _edit_subject(request, subject)


@require_fresh_confirmation
def _edit_subject(request: Request, subject: str) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    one = SUBJECTS[subject]
    with school_transaction(actor, actor.school.id):
        cells = access.get_matrix(on=on)
    if request.method == "POST":
        changed = _save_subject(actor, one, cells, request.POST)
        messages.success(request, f"Сохранено. Изменено прав: {changed}.")
        return HttpResponseRedirect(link(actor, "rights"))
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": _crumbs(actor, one.label),
        "title": one.label,
        "groups": [
            {
                "title": group.title,
                "rows": [
                    {
                        "code": right.value,
                        "title": right.label,
                        "cell": cells[right][one],
                        "is_possible": access.is_possible(right, one),
                    }
                    for right in group.rights
                ],
            }
            for group in GROUPS
        ],
        "back": link(actor, "rights"),
    }
    return render(request, "office/staff/rights_of.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def of_person(request: Request, school: str, employee_id: int) -> HttpResponseBase:
    """Show and take what one person may beside the roles, after a fresh confirmation (ROL-006)."""
    _check_editor(request.actor)
    return _edit_person(request, employee_id)


@require_fresh_confirmation
def _edit_person(request: Request, employee_id: int) -> HttpResponse:
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        card = queries.get_employees(employee_ids=[employee_id]).get(employee_id)
        if card is None or card.account_id is None:
            raise NotFound
        own = access.get_own_rights(account_id=card.account_id)
    back = link(actor, "employee", employee_id=employee_id)
    if request.method == "POST":
        changed = _save_person(actor, card.account_id, request.POST)
        messages.success(request, f"Сохранено. Изменено прав: {changed}.")
        return HttpResponseRedirect(back)
    words = {True: "allow", False: "deny", None: "role"}
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": _crumbs(actor, str(card.name)),
        "title": str(card.name),
        "groups": [
            {
                "title": group.title,
                "rows": [
                    {"code": right.value, "title": right.label, "now": words[own.get(right)]}
                    for right in group.rights
                ],
            }
            for group in GROUPS
        ],
        "back": back,
    }
    return render(request, "office/staff/rights_person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def deciders(request: Request, school: str) -> HttpResponseBase:
    """Show and take who sets rights and who gives roles (ROL-005, ROL-007)."""
    _check_editor(request.actor)
    return _edit_deciders(request)


@require_fresh_confirmation
def _edit_deciders(request: Request) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    error = ""
    if request.method == "POST":
        try:
            with school_transaction(actor, actor.school.id):
                hats = queries.list_duties(actor=actor, on=on)
                for key in _deciders():
                    operations.change_deciders(
                        actor=actor, hats=hats, key=key, names=request.POST.getlist(key), on=on
                    )
                kept = set(request.POST.getlist(ROLES))
                off = [role for role in STAFF_ROLES if role.value not in kept]
                operations.switch_roles(actor=actor, hats=hats, off=off, on=on)
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Сохранено.")
            return HttpResponseRedirect(link(actor, "rights"))
    context = {
        "nav": school_menu(actor, "office:employees"),
        "crumbs": _crumbs(actor, "Кто настраивает"),
        "error": error,
        "questions": _list_questions(actor, on),
        "back": link(actor, "rights"),
    }
    status = 400 if error else 200
    return render(request, "office/staff/rights_deciders.html", context, status=status)


def _list_questions(actor: Actor, on: date) -> list[dict[str, Any]]:
    """Return who may decide what and which roles there are, each with its choices."""
    with school_transaction(actor, actor.school.id):
        held = {key: get_setting(key=key, on=on).value for key in _deciders()}
        switched_off = access.list_roles_off(on=on)
    roles = sorted(STAFF_ROLES, key=lambda one: one.label)
    return [
        {
            "key": key,
            "title": title,
            "choices": [
                {"name": one.value, "title": one.label, "on": one.value in held[key]}
                for one in access.DECIDERS
            ],
        }
        for key, title in _deciders().items()
    ] + [
        {
            "key": ROLES,
            "title": "Роли, которые есть в школе",
            "choices": [
                {"name": role.value, "title": role.label, "on": role not in switched_off}
                for role in roles
            ],
        }
    ]


@never_cache
@require_GET
def history(request: Request, school: str) -> HttpResponse:
    """Show every change of rights and roles: what, to whom, when, by whom."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_on_duty(actor=actor, right=Right.RIGHTS_READ, on=on)
        changes = access.list_right_changes()
        given = queries.list_role_changes()
        staff = queries.get_employees(employee_ids={one.employee_id for one in given})
    accounts = {one.changed_by for one in changes} | {one.made_by for one in given}
    accounts |= {int(s.partition(":")[2]) for s in (c.subject for c in changes) if "account" in s}
    with public_transaction():
        names = get_display_names({pk for pk in accounts if pk is not None})
    words = {True: "разрешено", False: "запрещено", None: "как по умолчанию"}
    rows: list[dict[str, Any]] = [
        {
            "at": one.changed_at,
            "who": names.get(one.changed_by or 0, "—"),
            "whom": _whom(one.subject, names),
            "what": one.right.label,
            "became": words[one.is_allowed],
        }
        for one in changes
    ] + [
        {
            "at": one.made_at,
            "who": names.get(one.made_by or 0, "—"),
            "whom": str(staff[one.employee_id].name) if one.employee_id in staff else "—",
            "what": f"Роль «{one.role.label}»",
            "became": one.refusal or ("выдана" if one.is_given else "снята"),
        }
        for one in given
    ]
    context = {
        "nav": school_menu(actor, "office:employees"),
        "tabs": staff_tabs(actor, "office:rights-history"),
        "rows": sorted(rows, key=lambda row: row["at"], reverse=True),
    }
    return render(request, "office/staff/rights_history.html", context)


def _save_subject(actor: Actor, one: Role | Hat, cells: Any, form: QueryDict) -> int:
    on, now = today_of(actor), clock.now()
    wanted = set(form.getlist("right"))
    changed = 0
    with school_transaction(actor, actor.school.id):
        hats = queries.list_duties(actor=actor, on=on)
        for right in Right:
            if not access.is_possible(right, one):
                continue
            is_allowed = right.value in wanted
            if is_allowed == cells[right][one].is_allowed:
                continue
            changed += operations.change_right(
                actor=actor,
                hats=hats,
                right=right,
                subject=one,
                is_allowed=is_allowed,
                on=on,
                now=now,
            )
    forget_menus()
    return changed


def _save_person(actor: Actor, account_id: int, form: QueryDict) -> int:
    on, now = today_of(actor), clock.now()
    changed = 0
    with school_transaction(actor, actor.school.id):
        hats = queries.list_duties(actor=actor, on=on)
        for right in Right:
            answer = form.get(right.value, "")
            if answer not in ANSWERS:
                continue
            changed += operations.change_right(
                actor=actor,
                hats=hats,
                right=right,
                subject=account_id,
                is_allowed=ANSWERS[answer],
                on=on,
                now=now,
            )
    forget_menus()
    return changed


def _may_edit(actor: Actor) -> bool:
    on = today_of(actor)
    hats = queries.list_duties(actor=actor, on=on)
    return access.may_edit_matrix(actor=actor, hats=hats, on=on)


def _check_editor(actor: Actor) -> None:
    with school_transaction(actor, actor.school.id):
        if not _may_edit(actor):
            raise NotFound


def _deciders() -> dict[str, str]:
    return {access.EDITORS: "Права настраивает", access.GIVERS: "Роли выдаёт"}


def _whom(subject: str, names: dict[int, str]) -> str:
    kind, _, name = subject.partition(":")
    if kind == "account":
        return names.get(int(name), "—")
    return SUBJECTS[name].label if name in SUBJECTS else name


def _crumbs(actor: Actor, page: str) -> Any:
    steps = (("employees", "Сотрудники и роли"), ("rights", "Права"))
    return crumbs(actor, *steps, page=page)
