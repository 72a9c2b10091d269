"""The banner of planned works: every page says beforehand when the product is away (NFR-005)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from foundation import clock
from services.upkeep.queries import list_near_works, say_stretch
from tenants.registry.queries import get_district

PROGRAMS = ("api:", "health:")


@dataclass(frozen=True, slots=True)
class Banner:
    """Works in words."""

    when: str
    reason: str


class WorksMiddleware:
    """Set `request.shell_works` for a page, by the clock of the school it is in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Ask for works that are near; a page does not fail because nobody can tell."""
        match = request.resolver_match
        if match is None or match.view_name.startswith(PROGRAMS):
            return
        school = getattr(getattr(request, "actor", None), "school", None)
        try:
            zone = school.timezone if school else get_district().timezone
            works = list_near_works(now=clock.now(), school_id=school.id if school else None)
        except DatabaseError:
            return
        vars(request)["shell_works"] = [
            Banner(say_stretch(one.starts_at, one.ends_at, zone), one.reason) for one in works
        ]
