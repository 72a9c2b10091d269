"""A family's own complaints, to their schools and to the committee; the form, the answer."""

import uuid
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.complaints.reading import ComplaintCard
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Body, Channel
from kernel.roles import Role
from portal.complaints.submitting import build_form, read_key, submit
from portal.complaints.words import RowView, view_row
from portal.guardian.frame import person_menu
from portal.public.complaints import describe, give_paper
from services.cases.queries import complaints as school_side
from services.oversight import queries as committee_side
from tenants.accounts.gate import Request
from tenants.accounts.visitor import Visitor
from tenants.registry.queries import get_district, get_school, get_school_by_id, list_schools


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    """A school to complain about."""

    title: str
    url: str


@never_cache
@require_GET
def complaints(request: Request) -> HttpResponse:
    """Show the complaints of the account from all places, and where a new one is written."""
    visitor = _visitor(request)
    schools = list_schools()
    rows = [
        *_committee_rows(visitor),
        *(row for school in schools for row in _school_rows(_applicant(request, school))),
    ]
    rows.sort(key=lambda one: one.row.received_on, reverse=True)
    own = {one.school.id for one in visitor.memberships}
    context = {
        "nav": person_menu(_visitor(request), "guardian:complaints"),
        "rows": rows,
        "choices": [_choice(school) for school in schools if school.id in own],
        # Who withdrew the last consent there, or was never let in, complains of that very school.
        "others": [_choice(school) for school in schools if school.id not in own],
    }
    return render(request, "guardian/complaints.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    """Show the form for a school; take a complaint in."""
    actor = _applicant(request, get_school(slug))
    if request.method == "GET":
        form = build_form(actor, initial={"applicant": actor.name})
        return _show_form(request, actor, form, uuid.uuid4(), HTTPStatus.OK)
    form, key = build_form(actor, request.POST, request.FILES), read_key(request.POST)
    accepted = submit(actor, form, key=key, channel=Channel.PORTAL) if form.is_valid() else None
    if accepted is None:
        return _show_form(request, actor, form, key, HTTPStatus.BAD_REQUEST)
    messages.success(
        request,
        f"Жалоба принята. Её зарегистрируют не позднее {accepted.register_due_on:%d.%m.%Y}.",
    )
    return HttpResponseRedirect(reverse("guardian:complaints"))


@never_cache
@require_GET
def complaint(request: Request, slug: str, complaint_id: int) -> HttpResponse:
    """Show the applicant's own complaint to a school."""
    actor = _applicant(request, get_school(slug))
    return _show(request, Body.SCHOOL, _school_card(actor, complaint_id), slug)


@never_cache
@require_GET
def paper(request: Request, slug: str, complaint_id: int, kind: str) -> HttpResponse:
    """Give a paper of the applicant's own complaint to a school."""
    actor = _applicant(request, get_school(slug))
    return give_paper(actor, Body.SCHOOL, _school_card(actor, complaint_id), kind)


@never_cache
@require_GET
def to_committee(request: Request, complaint_id: int) -> HttpResponse:
    """Show the applicant's own complaint to the committee."""
    return _show(request, Body.COMMITTEE, _committee_card(request, complaint_id))


@never_cache
@require_GET
def committee_paper(request: Request, complaint_id: int, kind: str) -> HttpResponse:
    """Give a paper of the applicant's own complaint to the committee."""
    card = _committee_card(request, complaint_id)
    assert card.row.school_id is not None
    actor = Actor.public(get_school_by_id(card.row.school_id))
    return give_paper(actor, Body.COMMITTEE, card, kind)


def _choice(school: SchoolRef) -> SchoolChoice:
    return SchoolChoice(
        school.short_name, reverse("guardian:complaint-new", kwargs={"slug": school.slug})
    )


def _show(request: Request, body: Body, card: ComplaintCard, slug: str = "") -> HttpResponse:
    routes = {
        Body.SCHOOL: ("guardian:complaint-paper", {"slug": slug}),
        Body.COMMITTEE: ("guardian:committee-complaint-paper", {}),
    }
    route, place = routes[body]
    one = describe(card, body)
    papers = one["papers"]
    assert isinstance(papers, list)
    context = {
        "nav": person_menu(_visitor(request), "guardian:complaints"),
        "one": one,
        "papers": [
            (
                title,
                reverse(route, kwargs={**place, "complaint_id": card.row.id, "kind": kind}),
            )
            for kind, title in papers
        ],
        "list_url": reverse("guardian:complaints"),
    }
    return render(request, "guardian/complaint.html", context)


def _show_form(
    request: Request, actor: Actor, form: forms.Form, key: uuid.UUID, status: HTTPStatus
) -> HttpResponse:
    context = {
        "nav": person_menu(_visitor(request), "guardian:complaints"),
        "form": form,
        "key": key,
        "school": actor.school,
        "list_url": reverse("guardian:complaints"),
    }
    return render(request, "guardian/complaint_new.html", context, status=status)


def _school_rows(actor: Actor) -> list[RowView]:
    with school_transaction(actor, actor.school.id):
        rows = school_side.list_own_complaints(
            actor=actor, today=clock.today(actor.school.timezone)
        )
    return [
        view_row(
            row,
            reverse(
                "guardian:complaint",
                kwargs={"slug": actor.school.slug, "complaint_id": row.id},
            ),
            actor.school.short_name,
        )
        for row in rows
    ]


def _committee_rows(visitor: Visitor) -> list[RowView]:
    with public_transaction():
        rows = committee_side.list_own_complaints(
            account_id=visitor.account_id, today=_district_day()
        )
    return [
        view_row(
            row,
            reverse("guardian:committee-complaint", kwargs={"complaint_id": row.id}),
            "Комитет",
        )
        for row in rows
    ]


def _school_card(actor: Actor, complaint_id: int) -> ComplaintCard:
    with school_transaction(actor, actor.school.id):
        return school_side.get_own_complaint(
            actor=actor, complaint_id=complaint_id, today=clock.today(actor.school.timezone)
        )


def _committee_card(request: Request, complaint_id: int) -> ComplaintCard:
    with public_transaction():
        return committee_side.get_own_complaint(
            account_id=_visitor(request).account_id,
            complaint_id=complaint_id,
            today=_district_day(),
        )


def _visitor(request: Request) -> Visitor:
    assert request.visitor is not None
    return request.visitor


def _applicant(request: Request, school: SchoolRef) -> Actor:
    """Return the account as an applicant at a school: he may hold no role there any more."""
    visitor = _visitor(request)
    return Actor(
        account_id=visitor.account_id,
        school=school,
        roles=frozenset({Role.PUBLIC}),
        name=visitor.display_name,
        request_id=request.META.get("okrug.request_id", ""),
    )


def _district_day() -> date:
    return clock.today(get_district().timezone)
