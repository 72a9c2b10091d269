"""The family's first page: what is left today, what is set for tomorrow, what came — all children.

A family with one child goes straight to the child.
"""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from portal.guardian.family import (
    Child,
    is_same,
    list_glances_of,
    list_places,
    sort_children,
    switch,
)
from services.diary.queries import DayPage
from tenants.accounts.gate import Request


@dataclass(frozen=True, slots=True)
class ChildCard:
    """A child on the family's page; `left` counts today's lessons that are not over."""

    child: Child
    page: DayPage
    today: date
    left: int


@never_cache
@require_GET
def home(request: Request) -> HttpResponse:
    """Show every child of the login, from several schools."""
    visitor = request.visitor
    assert visitor is not None
    glances = list_glances_of(visitor, request.META.get("okrug.request_id", ""))
    if len(glances) == 1:
        return HttpResponseRedirect(glances[0][0].url())
    children = sort_children(child for child, _ in glances)
    now = clock.now()
    cards = [
        ChildCard(
            child=child,
            page=page,
            today=clock.today(child.school.timezone),
            left=page.day.count_left(now),
        )
        for one in children
        for child, page in glances
        if is_same(one, child)
    ]
    vars(request)["shell_places"] = list_places(visitor, children, "guardian:day")
    nav = switch(children, "guardian:day") if children else ()
    context = {"nav": nav, "cards": cards, "has_fresh": any(card.page.fresh for card in cards)}
    return render(request, "guardian/home.html", context)
