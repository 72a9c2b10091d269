"""The context processor of the portal: what base.html needs on every page.

It asks nobody but the request. Middleware and views may set, all optional:
`request.visitor`      signed-in person (display_name) or None
`request.shell_place`  navigation.Place where the page is
`request.shell_places` other navigation.Place of this person, for the switch
A view overrides `nav`, `crumbs`, `search_url` in its own context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.shell.appearance import Appearance, OptionGroup, list_option_groups, read_appearance
from portal.shell.navigation import Place


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything base.html shows around a page."""

    district_name: str
    appearance: Appearance
    option_groups: tuple[OptionGroup, ...]
    path: str = "/"
    visitor_name: str = ""
    place: Place | None = None
    places: Sequence[Place] = ()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `shell` and empty `nav`, `crumbs`, `search_url` for views that set none."""
    visitor = getattr(request, "visitor", None)
    return build_context(
        request,
        visitor_name=getattr(visitor, "display_name", ""),
        place=getattr(request, "shell_place", None),
        places=tuple(getattr(request, "shell_places", ())),
    )


def build_context(request: HttpRequest, **about_visitor: Any) -> dict[str, Any]:
    """Return the same for a page that must not touch the visitor (500 and 503)."""
    chosen = read_appearance(request)
    return {
        "shell": Shell(
            district_name=getattr(settings, "OKRUG_DISTRICT_NAME", "Округ"),
            appearance=chosen,
            option_groups=list_option_groups(chosen),
            path=request.get_full_path(),
            **about_visitor,
        ),
        "nav": (),
        "crumbs": (),
        "search_url": "",
    }
