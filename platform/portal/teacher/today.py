"""My day (мой день): the lessons in order, what is empty in each, and one's journals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact
from portal.shell.speech import choose_form, say_date
from services.journal import queries as journal
from services.journal.queries import LessonProgress
from services.people import queries as people
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard
from services.schedule.queries.pages import next_teacher_day, previous_teacher_day
from tenants.accounts.gate import Request

UNTOUCHED = LessonProgress(False, False, 0, 0)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the day: where it leads, and what is still empty."""

    lesson: LessonCard
    group_title: str
    starts: str
    ends: str
    url: str
    journal_url: str
    progress: LessonProgress
    is_past: bool
    is_substituted_by_me: bool
    is_given_by_another: bool

    @property
    def missing(self) -> list[str]:
        """Return what a lesson that has been held still lacks."""
        if not self.is_past or self.lesson.is_cancelled or self.is_given_by_another:
            return []
        lacks = []
        if not self.progress.has_topic:
            lacks.append("тема")
        if not self.progress.has_homework:
            lacks.append("домашнее задание")
        return lacks


@never_cache
@require_GET
def today(request: Request, school: str) -> HttpResponse:
    """Show a teacher's day: today's, or `?day=`; on a free day the way to the next lessons."""
    actor = request.actor
    now = clock.now()
    this_day = clock.today(actor.school.timezone)
    day = parse_day(request.GET.get("day", ""), this_day)
    employee_id = actor.person(Role.TEACHER)
    if employee_id is None:
        raise NotFound
    with school_transaction(actor, actor.school.id):
        rows = _read_rows(actor, employee_id, day, now)
        following = next_teacher_day(employee_id=employee_id, after=day)
        previous = previous_teacher_day(employee_id=employee_id, before=day)
    context = {
        "nav": school_menu(actor, "teacher:today"),
        "day": day,
        "today": this_day,
        "rows": rows,
        "unfinished": sum(bool(row.missing) for row in rows),
        "previous": previous,
        "following": following,
        "next_text": f"Ближайшие уроки: {say_date(following)}." if following else "",
        "next_url": f"?day={following}" if following else "",
        "journals_url": reverse("teacher:journals", kwargs={"school": actor.school.slug}),
    }
    return render(request, "teacher/today.html", context)


def facts_of_day(actor: Actor) -> list[Fact]:
    """Return the lessons of today, or of the next day that has any, and those not filled yet.

    For a card; nothing for who does not teach. Opens the school itself: a card stands on a page of
    several schools.
    """
    employee_id = actor.person(Role.TEACHER)
    if employee_id is None:
        return []
    now, day = clock.now(), clock.today(actor.school.timezone)
    said = "сегодня"
    with school_transaction(actor, actor.school.id):
        rows = _read_rows(actor, employee_id, day, now)
        following = None if rows else next_teacher_day(employee_id=employee_id, after=day)
        if following is not None:
            rows, said = _read_rows(actor, employee_id, following, now), say_date(following)
    held = sum(not (row.lesson.is_cancelled or row.is_given_by_another) for row in rows)
    facts = [Fact(str(held), choose_form(held, ("урок", "урока", "уроков")) + f" {said}")]
    unfinished = sum(bool(row.missing) for row in rows)
    if unfinished:
        words = ("урок не заполнен", "урока не заполнены", "уроков не заполнено")
        facts.append(Fact(str(unfinished), choose_form(unfinished, words), "warn"))
    return facts


def _read_rows(actor: Actor, employee_id: int, day: date, now: datetime) -> list[LessonRow]:
    lessons = schedule.list_teacher_lessons(employee_id=employee_id, day=day)
    groups = people.get_groups(group_ids={lesson.group_id for lesson in lessons})
    progress = journal.list_progress(lesson_ids=[lesson.id for lesson in lessons])
    return [
        LessonRow(
            lesson=lesson,
            group_title=groups[lesson.group_id].title,
            progress=progress.get(lesson.id, UNTOUCHED),
            is_past=lesson.starts_at <= now,
            is_substituted_by_me=lesson.substitute_id == employee_id,
            is_given_by_another=lesson.substitute_id not in (None, employee_id),
            **_addresses(actor, lesson),
        )
        for lesson in lessons
    ]


def parse_day(text: str, otherwise: date) -> date:
    """Return the day in an address, or another when it is empty or impossible."""
    try:
        day = parse_date(text)
    except ValueError:
        return otherwise
    if day is None or abs(day - otherwise) > timedelta(days=3660):
        return otherwise
    return day


def _addresses(actor: Actor, lesson: LessonCard) -> dict[str, str]:
    place = {"school": actor.school.slug}
    zone = actor.school.timezone
    page = {"group": lesson.group_id, "subject": lesson.subject_id, "term": lesson.term_id}
    return {
        "starts": clock.hour(lesson.starts_at, zone),
        "ends": clock.hour(lesson.ends_at, zone),
        "url": reverse("teacher:lesson", kwargs={**place, "lesson_id": lesson.id}),
        "journal_url": reverse("teacher:journal", kwargs={**place, **page}),
    }
