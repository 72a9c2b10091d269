"""The context processor of the portal: what base.html needs on every page.

It asks nobody but the request. Middleware and views may set, all optional:
`request.visitor`       the signed-in person (display_name) or None
`request.actor`         names the school and the roles when no place is set
`request.shell_place`   navigation.Place where the page is
`request.shell_places`  every navigation.Place of this person, for the switch
`request.shell_works`   works.Banner of planned works that are near
`request.district_name` otherwise the setting OKRUG_DISTRICT_NAME
A view overrides `nav`, `crumbs`, `search_url` in its own context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from kernel.actor import Actor
from portal.shell.appearance import Appearance, draw_choices, read_appearance
from portal.shell.navigation import Place
from portal.shell.places import list_shell_places
from portal.shell.works import Banner
from tenants.accounts.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Links:
    """Where the top bar leads: the same from every page."""

    home: str
    appearance: str
    account: str
    notices: str
    unread: str
    applications: str
    complaints: str
    sign_out: str


@cache
def get_links() -> Links:
    """Return the addresses, found once: a page asked for eight, a fifth of its frame."""
    return Links(
        home=reverse("home:home"),
        appearance=reverse("appearance"),
        account=reverse("home:account"),
        notices=reverse("home:notices"),
        unread=reverse("home:notices-unread"),
        applications=reverse("guardian:service"),
        complaints=reverse("guardian:complaints"),
        sign_out=reverse("home:sign-out"),
    )


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything base.html shows around a page."""

    links: Links
    district_name: str
    appearance: Appearance
    choices: SafeString
    path: str = "/"
    visitor_name: str = ""
    place: Place | None = None
    places: Sequence[Place] = ()
    works: Sequence[Banner] = ()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `shell` and empty `nav`, `crumbs`, `search_url` for views that set none."""
    visitor = getattr(request, "visitor", None)
    return build_context(
        request,
        visitor_name=getattr(visitor, "display_name", ""),
        place=getattr(request, "shell_place", None) or _place_of(getattr(request, "actor", None)),
        places=tuple(getattr(request, "shell_places", ())) or _places(request),
        works=tuple(getattr(request, "shell_works", ())),
    )


def _places(request: HttpRequest) -> Sequence[Place]:
    visitor = getattr(request, "visitor", None)
    if not isinstance(visitor, Visitor):
        return ()
    return list_shell_places(visitor, getattr(request, "actor", None))


def build_context(request: HttpRequest, **about_visitor: Any) -> dict[str, Any]:
    """Return the same for a page that must not touch the visitor (500 and 503)."""
    chosen = read_appearance(request)
    return {
        "shell": Shell(
            links=get_links(),
            district_name=_district_name(request),
            appearance=chosen,
            choices=draw_choices(chosen),
            path=request.get_full_path(),
            **about_visitor,
        ),
        "nav": (),
        "crumbs": (),
        "search_url": "",
    }


def _district_name(request: HttpRequest) -> str:
    name: str = getattr(request, "district_name", "")
    return name or "Округ"


def _place_of(actor: Actor | None) -> Place | None:
    if actor is None:
        return None
    roles = ", ".join(sorted(role.label for role in actor.roles))
    return Place("school", actor.school.short_name, roles, "", "school", current=True)
