"""Where a person lands after sign-in, and the cards of those who have several places."""

from dataclasses import replace

from django.urls import reverse

from kernel.roles import FAMILY_ROLES
from portal.guardian.family import child_place, list_glances_of, sort_children
from portal.shell.navigation import Fact, Place
from portal.shell.places import list_shell_places, list_work_places
from portal.shell.speech import choose_form
from portal.teacher.today import facts_of_day
from services.diary.queries import DayPage
from tenants.accounts.visitor import Visitor


def greeting(display_name: str, hour: int) -> str:
    """Return «Добрый день, Анна Петровна» for «Иванова Анна Петровна»."""
    parts = ((5, "Доброй ночи"), (12, "Доброе утро"), (18, "Добрый день"), (24, "Добрый вечер"))
    part = next(words for until, words in parts if hour < until)
    given = " ".join(display_name.split()[1:]) or display_name
    return f"{part}, {given}"


def landing_url(visitor: Visitor) -> str:
    """Return where one role leads straight, or "" for a person with several places."""
    places = list_shell_places(visitor, None)
    urls = [place.url for place in places]
    return urls[0] if len(urls) == 1 and urls[0] != reverse("home:home") else ""


def list_places(visitor: Visitor, request_id: str = "") -> list[Place]:
    """Return the cards of a person: children first, then schools at work, then the district."""
    places = list_shell_places(visitor, None)
    return [
        *_list_children(visitor, request_id),
        *_list_schools(visitor, request_id),
        *(place for place in places if place.kind == "district"),
    ]


def _list_schools(visitor: Visitor, request_id: str) -> list[Place]:
    """Return the schools of work; a teacher's tells of today's lessons and of what is empty."""
    return [
        replace(place, facts=facts_of_day(visitor.actor_in(place.school, request_id)))
        for place in list_work_places(visitor)
    ]


def _list_children(visitor: Visitor, request_id: str) -> list[Place]:
    if not any(one.role in FAMILY_ROLES for one in visitor.memberships):
        return []
    glances = list_glances_of(visitor, request_id)
    pages = dict(glances)
    return [
        replace(child_place(child), facts=_facts(pages[child])) for child in sort_children(pages)
    ]


def _facts(page: DayPage) -> list[Fact]:
    """Return how much is next, new and unexplained on a child's card."""
    lessons = len(page.following.held) if page.following else 0
    fresh, missed = len(page.fresh), len(page.unexplained)
    facts = [
        Fact(str(lessons), choose_form(lessons, ("урок", "урока", "уроков")) + " впереди"),
        Fact(str(fresh), choose_form(fresh, ("новая отметка", "новые отметки", "новых отметок"))),
    ]
    if missed:
        missed_words = ("пропуск объяснить", "пропуска объяснить", "пропусков объяснить")
        facts.append(Fact(str(missed), choose_form(missed, missed_words), "warn"))
    return facts
