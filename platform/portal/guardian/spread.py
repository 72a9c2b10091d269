"""A week as a paper diary's spread, drawn as a string.

Parents open it more than any other page; as a template its thirty lessons took longer than reading
them. Whatever people wrote is escaped here, by `escape` alone.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from portal.shell.speech import say_day
from portal.shell.templatetags.shell import badge, mark
from services.diary.queries import DiaryDay, DiaryLesson, Task

LINE_END = re.compile(r"\r\n|\r|\n")


def draw_spread(days: Iterable[DiaryDay], *, today: date, day_url: str) -> SafeString:
    """Return the days side by side; `day_url` is the address of a single day."""
    drawn = "".join(_day(one, today, escape(day_url)) for one in days)
    return mark_safe(f'<div class="spread">{drawn}</div>')  # noqa: S308 escaped in its parts


def _day(day: DiaryDay, today: date, url: str) -> str:
    is_today = day.day == today
    head = f'<a href="{url}?day={day.day.isoformat()}">{say_day(day.day)}</a>'
    if is_today:
        head += f" {badge('info', 'сегодня')}"
    lines = [*map(_lesson, day.lessons), *map(_beside, day.tasks)]
    body = '<p class="meta">Уроков нет</p>'
    if lines:
        body = f'<ol class="spread-lessons">{"".join(lines)}</ol>'
    place = "spread-day spread-today" if is_today else "spread-day"
    return f'<section class="{place}"><h2>{head}</h2>{body}</section>'


def _lesson(lesson: DiaryLesson) -> str:
    state = ""
    if lesson.is_cancelled:
        state = f" {badge('warn', 'отменён')}"
    elif lesson.is_substituted:
        state = f" {badge('info', 'замена')}"
    off = ' class="spread-off"' if lesson.is_cancelled else ""
    tasks = "".join(map(_task, lesson.tasks))
    return (
        f'<li{off}><span class="spread-number">{lesson.number}</span>'
        f"<div><b>{escape(lesson.subject)}</b>{state}{tasks}</div>"
        f'<span class="marks">{"".join(_results(lesson))}</span></li>'
    )


def _task(task: Task) -> str:
    own = ' <span class="meta">(личное задание)</span>' if task.is_personal else ""
    return f"<p>{_with_lines(task.text)}{own}</p>"


def _results(lesson: DiaryLesson) -> Iterator[str]:
    if lesson.mark:
        yield mark(lesson.mark, lesson.work_kind)
    if lesson.code:
        yield mark(lesson.code, lesson.code_title)


def _beside(task: Task) -> str:
    """Return a task due on the day beside any lesson of its subject."""
    later = "" if task.due_on else ' <span class="meta">к следующему уроку</span>'
    return (
        '<li><span class="spread-number">•</span>'
        f"<div><b>{escape(task.subject)}</b>{later}<p>{_with_lines(task.text)}</p></div></li>"
    )


def _with_lines(text: str) -> str:
    return LINE_END.sub("<br>", escape(text))
