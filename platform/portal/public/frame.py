"""What stands around a school's open page: the school, its pages, who looks."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.actor import Actor
from portal.shell.navigation import NavItem, Place
from tenants.accounts.gate import Request
from tenants.accounts.networks import network_of

PAGES = (
    ("public:service", "Об услуге", "info"),
    ("public:apply", "Подать заявление", "edit"),
    ("public:status", "Проверить заявление", "search"),
    ("public:complaint", "Жалоба", "message"),
)


def render_open(
    request: Request, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render an open page of the school in the address."""
    school = request.actor.school
    here = request.resolver_match.view_name if request.resolver_match else ""
    vars(request)["shell_place"] = Place(
        "school", school.short_name, "муниципальная услуга", url_of("public:service", school.slug),
        "school", current=True,
    )  # fmt: skip
    nav = [
        NavItem(title, url_of(route, school.slug), icon, route == here)
        for route, title, icon in PAGES
    ]
    return render(request, template, {"nav": nav, "school": school, **context}, status=status)


def url_of(route: str, slug: str) -> str:
    """Return the address of an open page."""
    return reverse(route, kwargs={"school": slug})


def actor_of(request: Request) -> Actor:
    """Return the visitor of the open page, with the account when somebody is signed in."""
    if request.visitor is None:
        return request.actor
    return replace(request.actor, account_id=request.visitor.account_id)


def network_digest(request: Request) -> str:
    """Return a keyed digest of the sender's network: the address itself is not kept."""
    key = f"okrug.network.{settings.SECRET_KEY}".encode()
    return hmac.new(key, network_of(request).encode(), hashlib.sha256).hexdigest()
