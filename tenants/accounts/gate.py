"""The gate: who may knock at which address, read from one permission matrix.

The coarse gate only: the fine one, which child and which lesson, is each room's `access`.
Not yours looks like not there: 404. The signed-out person is led to the sign-in page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from structlog.contextvars import bind_contextvars

from foundation import clock
from kernel.actor import Actor
from kernel.errors import NotFound, Unavailable
from kernel.roles import Role
from tenants.accounts.networks import network_of
from tenants.accounts.sessions import SessionStore
from tenants.accounts.visitor import Visitor, find_visitor_of_token, get_visitor
from tenants.registry.queries import get_district, get_school


class Where(StrEnum):
    """The kinds of places an address may lead to."""

    ANYWHERE = "anywhere"
    HALFWAY = "halfway"  # signed in, the second factor perhaps still to come
    SIGNED_IN = "signed-in"
    SCHOOL = "school"
    FAMILY = "family"
    DISTRICT = "district"
    SCHOOL_PUBLIC = "school-public"


@dataclass(frozen=True, slots=True)
class Audience:
    """A row of the permission matrix: the place, and the roles it is open to (empty: all)."""

    where: Where
    roles: frozenset[Role] = frozenset()


class Request(HttpRequest):
    """A request behind the gate. In a school `actor` is set and `user` is out of reach."""

    visitor: Visitor | None
    halfway: Visitor | None  # a password was given, the second factor is still to come
    actor: Actor


class UserOutOfReach:
    """Stands in for `request.user` inside a school: its table is not on the school's path."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("Inside a school ask request.actor, not request.user.")


@cache
def matrix() -> dict[str, Audience]:
    """Return the permission matrix: full route name → audience."""
    loaded: dict[str, Audience] = import_string(settings.PERMISSION_MATRIX)
    return loaded


class GateMiddleware:
    """Resolve the visitor, then let the matrix decide."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = _visitor_of(request)
        is_halfway = visitor is not None and visitor.is_halfway
        request.visitor = None if is_halfway else visitor  # type: ignore[attr-defined]
        request.halfway = visitor if is_halfway else None  # type: ignore[attr-defined]
        if visitor is not None:
            bind_contextvars(account=visitor.account_id)
        district_name = SimpleLazyObject(lambda: get_district().name)
        request.district_name = district_name  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Admit, refuse with 404, lead to the sign-in page, or ask to come later (503)."""
        match = request.resolver_match
        audience = matrix().get(match.view_name) if match else None
        if audience is None:
            raise Http404
        if audience.where is Where.ANYWHERE:
            return None
        try:
            return self._admit(request, audience, kwargs)
        except Unavailable as error:
            door = import_string(settings.UNAVAILABLE_DOOR)
            return door(request, error)  # type: ignore[no-any-return]

    def _admit(
        self, request: Request, audience: Audience, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        request_id = request.META.get("okrug.request_id", "")
        if audience.where is Where.SCHOOL_PUBLIC:
            request.actor = Actor.public(_school_or_404(kwargs["school"]), request_id)
            bind_contextvars(school=request.actor.school.id)
            return None
        if audience.where is Where.HALFWAY and request.halfway is not None:
            return None
        if request.visitor is None:
            return _ask_to_sign_in(request)
        if "school" in kwargs:
            request.actor = _actor_or_404(request.visitor, kwargs["school"], request_id)
            bind_contextvars(school=request.actor.school.id)
            request.user = UserOutOfReach()  # type: ignore[assignment]
        if not _may_enter(audience, request.visitor, getattr(request, "actor", None)):
            raise Http404
        return None


def presented_token(request: HttpRequest) -> str:
    """Return the key of a program in the request's header, or ""."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Token" else ""


def _visitor_of(request: HttpRequest) -> Visitor | None:
    token = presented_token(request)
    if token:
        # A key is not a cookie: no other site can make a browser send it.
        vars(request)["_dont_enforce_csrf_checks"] = True
        return find_visitor_of_token(token=token, now=clock.now())
    session = request.session
    assert isinstance(session, SessionStore)
    session.came_from(request.headers.get("User-Agent", ""), network_of(request))
    found = session.find_holder()
    return get_visitor(*found) if found else None


def _school_or_404(slug: str) -> Any:
    try:
        return get_school(slug)
    except Unavailable:
        raise
    except NotFound as error:
        raise Http404 from error


def _actor_or_404(visitor: Visitor, slug: str, request_id: str) -> Actor:
    try:
        return visitor.actor_in(slug, request_id)
    except Unavailable:
        raise
    except NotFound as error:
        raise Http404 from error


def _may_enter(audience: Audience, visitor: Visitor, actor: Actor | None) -> bool:
    if audience.where is Where.DISTRICT:
        held = visitor.district_roles
    elif actor is not None:
        held = actor.roles
    else:
        held = frozenset(place.role for place in visitor.memberships) | visitor.district_roles
    return not audience.roles or not audience.roles.isdisjoint(held)


def _ask_to_sign_in(request: Request) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": "Нужно войти",
            "status": HTTPStatus.UNAUTHORIZED,
            "code": "sign-in-required",
            "detail": "Войдите по логину и паролю или предъявите действующий ключ.",
        }
        return JsonResponse(
            problem,
            status=HTTPStatus.UNAUTHORIZED,
            content_type="application/problem+json",
            headers={"WWW-Authenticate": "Token"},
        )
    page = settings.LOGIN_URL if request.halfway is None else settings.SECOND_STEP_URL
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
