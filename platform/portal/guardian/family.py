"""All children of one login, from every school, and what stands around a child's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from portal.shell.navigation import NavItem, Place
from portal.shell.places import list_work_places
from services.diary import access
from services.diary.access import ChildView
from services.diary.queries import DayPage, list_glances
from tenants.accounts.gate import Request
from tenants.accounts.visitor import Visitor

# Route, title, icon: five fit the bottom bar of a phone.
SECTIONS = (
    ("guardian:day", "Сегодня", "diary"),
    ("guardian:week", "Неделя", "timetable"),
    ("guardian:marks", "Отметки", "marks"),
    ("guardian:absences", "Пропуски", "absence"),
    ("guardian:calendar", "Год", "calendar"),
)
SECTION_OF = {"guardian:report": "guardian:marks"}  # a page without an item of its own
FARTHEST = timedelta(days=3660)


@lru_cache(maxsize=4096)
def _address(route: str, school: str, child: int) -> str:
    """Return an address of a child; a page asks a dozen of them, each costs a tenth of a ms."""
    return reverse(route, kwargs={"school": school, "child": child})


@dataclass(frozen=True, slots=True)
class Child:
    """A child with the school it learns in."""

    view: ChildView
    school: SchoolRef

    @property
    def first_name(self) -> str:
        """Return «Глеб»."""
        return self.view.name.first

    @property
    def about(self) -> str:
        """Return «7А, Школа № 12»."""
        return ", ".join(filter(None, (self.view.class_title, self.school.short_name)))

    def url(self, route: str = "guardian:day") -> str:
        """Return the address of one of the child's pages."""
        return _address(route, self.school.slug, self.view.id)

    @property
    def day_url(self) -> str:
        """Return the address of the child's day."""
        return self.url()

    @property
    def marks_url(self) -> str:
        """Return the address of the child's marks."""
        return self.url("guardian:marks")

    @property
    def report_url(self) -> str:
        """Return the address of the child's report of a period."""
        return self.url("guardian:report")

    @property
    def absences_url(self) -> str:
        """Return the address of the child's absences."""
        return self.url("guardian:absences")

    @property
    def parents_url(self) -> str:
        """Return the address where a pupil sees who reads the diary; "" for a parent."""
        return self.url("guardian:parents") if self.view.is_self else ""

    @property
    def calendar_url(self) -> str:
        """Return the address of the child's year."""
        return self.url("guardian:calendar")


def list_glances_of(visitor: Visitor, request_id: str = "") -> list[tuple[Child, DayPage]]:
    """Return today of every child of a login; each school is opened in its turn."""
    found = []
    for actor in visitor.family_actors(request_id):
        today = clock.today(actor.school.timezone)
        with school_transaction(actor, actor.school.id):
            pages = list_glances(actor=actor, today=today)
        found += [(Child(page.child, actor.school), page) for page in pages]
    return found


def list_children_of(visitor: Visitor, here: Actor, child: ChildView) -> list[Child]:
    """Return every child of a login; those of the open page's school are known already."""
    found = []
    for actor in visitor.family_actors(here.request_id):
        if actor.school.id == here.school.id:
            found += [Child(view, actor.school) for view in (child, *child.siblings)]
            continue
        today = clock.today(actor.school.timezone)
        with school_transaction(actor, actor.school.id):
            views = access.list_children(actor=actor, on=today)
        found += [Child(view, actor.school) for view in views]
    return sort_children(found)


def sort_children(children: Iterable[Child]) -> list[Child]:
    """Return the children, the eldest first: the same order on every page."""
    return sorted(children, key=lambda one: (-(one.view.level or 0), str(one.view.name)))


def render_child(
    request: Request, route: str, view: ChildView, context: Mapping[str, Any]
) -> HttpResponse:
    """Render a child's page by its route, `guardian/day.html` for `guardian:day`."""
    template = f"{route.replace(':', '/')}.html"
    return render(request, template, {**_frame(request, view, route), **context})


def _frame(request: Request, view: ChildView, route: str) -> dict[str, Any]:
    """Return what a child's page shows around itself: sections, the switch between children."""
    visitor = request.visitor
    assert visitor is not None
    child = Child(view, request.actor.school)
    children = list_children_of(visitor, request.actor, view)
    vars(request)["shell_place"] = child_place(child, route, is_current=True)
    vars(request)["shell_places"] = list_places(visitor, children, route, child)
    return {
        "child": child,
        "nav": sections(child, route),
        "switch": switch(children, route, child) if len(children) > 1 else (),
        "today": clock.today(child.school.timezone),
    }


def sections(child: Child, current: str = "") -> list[NavItem]:
    """Return the pages of a child, then what is signed and kept in its school."""
    signed = reverse("guardian:consents", kwargs={"school": child.school.slug})
    return [
        *(
            NavItem(
                title, child.url(route), icon, current=route == SECTION_OF.get(current, current)
            )
            for route, title, icon in SECTIONS
        ),
        NavItem("Согласия и данные", signed, "check", current=current == "guardian:consents"),
    ]


def switch(children: Sequence[Child], route: str, current: Child | None = None) -> list[NavItem]:
    """Return one tap to every child, and to all of them together."""
    everybody = NavItem("Все дети", reverse("guardian:home"), "people", current=current is None)
    return [
        everybody,
        *(
            NavItem(
                one.first_name,
                one.url(route),
                "child",
                current=current is not None and is_same(one, current),
            )
            for one in children
        ),
    ]


def list_places(
    visitor: Visitor, children: Sequence[Child], route: str, current: Child | None = None
) -> list[Place]:
    """Return the children for the switch of the top bar, then where the person works."""
    places = [
        child_place(one, route, is_current=current is not None and is_same(one, current))
        for one in children
    ]
    return [*places, *list_work_places(visitor)]


def child_place(child: Child, route: str = "guardian:day", *, is_current: bool = False) -> Place:
    """Return the child as a place a person may go to."""
    return Place(
        kind="child",
        title=child.view.name.short,
        subtitle=child.about,
        url=child.url(route),
        icon="child",
        current=is_current,
    )


def is_same(one: Child, other: Child) -> bool:
    """Return whether two are one child: ids are a school's own."""
    return (one.school.id, one.view.id) == (other.school.id, other.view.id)


def parse_day(text: str, otherwise: date) -> date:
    """Return the day in an address, or another when it is empty, impossible or far away."""
    try:
        day = parse_date(text)
    except ValueError:
        return otherwise
    return day if day is not None and abs(day - otherwise) <= FARTHEST else otherwise
