"""The lesson page: topic, material, homework, and the class as a list with marks and attendance.

It is the journal's second, fully accessible view: one lesson, plain form, no script needed.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from portal.shell.menus import school_menu
from services.journal import operations, queries
from services.journal.operations import (
    CellInput,
    CellsAnswer,
    HomeworkInput,
    RecordHasChanged,
)
from services.journal.queries import LessonPage
from services.people import queries as people
from services.schedule import queries as schedule
from tenants.accounts.gate import Request

LONGEST_NUMBER = 18  # digits that fit the database
TEXTS = {"topic": "Тема", "material": "Пройденный материал", "homework": "Домашнее задание"}


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil on the lesson page: the cell as it stands, or as it was typed and refused."""

    id: int
    name: str
    mark: str
    code: str
    version: int
    average: str
    own_task: str
    was: str
    error: str = ""


@never_cache
@require_GET
def lessons(request: Request, school: str, group: int, subject: int, term: int) -> HttpResponse:
    """List the lessons of a journal page: the way through it without the grid."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        page = queries.get_page(
            actor=actor, group_id=group, subject_id=subject, term_id=term, today=today
        )
        groups = people.get_groups(group_ids=[group])
        records = queries.list_records(lesson_ids=[one.lesson.id for one in page.lessons])
    rows = [
        {
            "lesson": one.lesson,
            "url": _url(actor, one.lesson.id),
            "topic": one.head.topic,
            "kind": getattr(records.get(one.lesson.id), "work_kind_title", ""),
            "is_ahead": one.lesson.date > today,
        }
        for one in page.lessons
    ]
    first = page.lessons[0].lesson if page.lessons else None
    context = {
        "nav": school_menu(actor, "teacher:journals"),
        "rows": rows,
        "term": page.term,
        "title": f"{groups[group].title}, {first.subject_name}" if first else "Уроки",
        "journal_url": reverse(
            "teacher:journal",
            kwargs={"school": school, "group": group, "subject": subject, "term": term},
        ),
    }
    return render(request, "teacher/lessons.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def lesson(request: Request, school: str, lesson_id: int) -> HttpResponse:
    """Show a lesson; save what the form says: the record first, then the cells, together."""
    actor = request.actor
    answer: CellsAnswer | None = None
    error: DomainError | None = None
    if request.method == "POST":
        try:
            answer = _save(actor, lesson_id, request.POST)
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal
        if answer and not (answer.conflicts or answer.refused):
            zone = actor.school.timezone
            messages.success(request, f"Сохранено в {clock.hour(clock.now(), zone)}")
            return HttpResponseRedirect(_url(actor, lesson_id))
    context = _context(actor, lesson_id, answer, request.POST if error or answer else None)
    context["error"] = error.message if error else ""
    if isinstance(error, RecordHasChanged):
        context["stands"] = _stands(context["fields"], _context(actor, lesson_id)["fields"])
    status = 409 if error or answer else 200
    return render(request, "teacher/lesson.html", context, status=status)


def _url(actor: Actor, lesson_id: int) -> str:
    return reverse("teacher:lesson", kwargs={"school": actor.school.slug, "lesson_id": lesson_id})


def _save(actor: Actor, lesson_id: int, form: QueryDict) -> CellsAnswer:
    """Write record and cells in one transaction; the form's key makes a second send harmless."""
    now = clock.now()
    today = clock.today(actor.school.timezone)
    key = _key(form)
    with school_transaction(actor, actor.school.id):
        page = queries.get_lesson_page(actor=actor, lesson_id=lesson_id, today=today)
        operations.write_record(
            actor=actor,
            lesson_id=lesson_id,
            topic=form.get("topic", "")[:300],
            material=form.get("material", ""),
            homework_none=form.get("homework_none") == "on",
            homework=_homework(form, page),
            key=uuid.uuid5(key, "record"),
            now=now,
            seen=form.get("seen-record", "")[:64],
        )
        current = page.record.work_kind_id if page.record else None
        wanted_kind = _whole(form.get("work_kind", ""))
        if wanted_kind != current:
            operations.set_work_kind(
                actor=actor,
                lesson_id=lesson_id,
                work_kind_id=wanted_kind,
                key=uuid.uuid5(key, "kind"),
            )
        cells = _cells(form, page)
        if not cells:
            return CellsAnswer(False)
        return operations.put_cells(
            actor=actor,
            lesson_id=lesson_id,
            cells=cells,
            key=uuid.uuid5(key, "cells"),
            now=now,
            today=today,
        )


def _key(form: QueryDict) -> uuid.UUID:
    try:
        return uuid.UUID(form.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _cells(form: QueryDict, page: LessonPage) -> list[CellInput]:
    """Return the cells that were typed into: those that differ from what the form was shown."""
    cells = []
    for pupil in page.pupils:
        if f"seen-{pupil.id}" not in form:
            continue
        typed = f"{form.get(f'mark-{pupil.id}', '')} {form.get(f'code-{pupil.id}', '')}".strip()
        seen = _whole(form.get(f"seen-{pupil.id}", ""))
        if typed != form.get(f"was-{pupil.id}", ""):
            cells.append(CellInput(pupil.id, typed, seen or 0))
    return cells


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def _homework(form: QueryDict, page: LessonPage) -> list[HomeworkInput]:
    due_on = _day(form.get("due_on", ""))
    known = {task.pupil_id: task for task in page.homework}
    tasks = [HomeworkInput(None, form.get("homework", ""), form.get("manner", "")[:120], due_on)]
    for pupil in page.pupils:
        own = form.get(f"task-{pupil.id}", "").strip()
        if own:
            task = known.get(pupil.id)
            is_same = task is not None and task.text == own
            manner, day = (task.manner, task.due_on) if task and is_same else ("", due_on)
            tasks.append(HomeworkInput(pupil.id, own, manner, day))
    return tasks


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _stands(typed: Mapping[str, Any], stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name of a field, what another teacher wrote there) where it is not what was typed."""
    return [
        (title, stored[name] or "пусто")
        for name, title in TEXTS.items()
        if stored[name] != typed[name]
    ]


def _context(
    actor: Actor,
    lesson_id: int,
    answer: CellsAnswer | None = None,
    typed: QueryDict | None = None,
) -> dict[str, Any]:
    """Return what the page shows; `typed` without an answer was refused whole and stays typed."""
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        page = queries.get_lesson_page(actor=actor, lesson_id=lesson_id, today=today)
        around = schedule.list_term_lessons(
            group_id=page.lesson.group_id,
            subject_id=page.lesson.subject_id,
            term_id=page.lesson.term_id,
        )
        groups = people.get_groups(group_ids=[page.lesson.group_id])
    ids = [one.id for one in around]
    place = ids.index(lesson_id) if lesson_id in ids else 0
    task = next((task for task in page.homework if task.pupil_id is None), None)
    zone = actor.school.timezone
    unsaved = typed if answer is None else None
    journal_page = {
        "group": page.lesson.group_id,
        "subject": page.lesson.subject_id,
        "term": page.lesson.term_id,
    }
    return {
        "nav": school_menu(actor, "teacher:journals"),
        "page": page,
        "lesson": page.lesson,
        "group_title": groups[page.lesson.group_id].title,
        "starts": clock.hour(page.lesson.starts_at, zone),
        "ends": clock.hour(page.lesson.ends_at, zone),
        "rows": _rows(page, answer, typed),
        "key": uuid.uuid4(),
        "fields": {
            "topic": _typed(typed, "topic", page.record.topic if page.record else ""),
            "material": _typed(typed, "material", page.record.material if page.record else ""),
            "homework": _typed(typed, "homework", task.text if task else ""),
            "manner": _typed(typed, "manner", task.manner if task else ""),
            "due_on": _typed(
                typed, "due_on", task.due_on.isoformat() if task and task.due_on else ""
            ),
            "homework_none": unsaved.get("homework_none") == "on"
            if unsaved
            else bool(page.record and page.record.homework_none),
            "work_kind": _whole(unsaved.get("work_kind", ""))
            if unsaved
            else page.record and page.record.work_kind_id,
        },
        "previous_url": _url(actor, ids[place - 1]) if place > 0 else "",
        "next_url": _url(actor, ids[place + 1]) if place + 1 < len(ids) else "",
        "journal_url": reverse(
            "teacher:journal", kwargs={"school": actor.school.slug, **journal_page}
        ),
    }


def _typed(typed: QueryDict | None, name: str, stored: str) -> str:
    return stored if typed is None else typed.get(name, stored)


def _rows(page: LessonPage, answer: CellsAnswer | None, typed: QueryDict | None) -> list[PupilRow]:
    own = {task.pupil_id: task.text for task in page.homework if task.pupil_id is not None}
    errors: dict[int, str] = {}
    for refusal in answer.refused if answer else ():
        errors[refusal.pupil_id] = refusal.reason
    for conflict in answer.conflicts if answer else ():
        value = conflict.value or "пусто"
        errors[conflict.pupil_id] = f"{conflict.by} уже записал(а): {value}. Проверьте и сохраните."
    rows = []
    for pupil in page.pupils:
        at = page.cells.get(page.lesson.id, pupil.id)
        mark, code = str(at.cell.mark or ""), at.cell.code or ""
        version, was = at.version, at.cell.value
        is_unsaved = typed is not None and answer is None and f"seen-{pupil.id}" in typed
        if typed is not None and (is_unsaved or pupil.id in errors):
            mark = typed.get(f"mark-{pupil.id}", mark)
            code = typed.get(f"code-{pupil.id}", code)
        if typed is not None and is_unsaved:  # over what the teacher saw, not over what is here now
            version = _whole(typed.get(f"seen-{pupil.id}", "")) or 0
            was = typed.get(f"was-{pupil.id}", "")
        average = page.averages.get(pupil.id)
        rows.append(
            PupilRow(
                id=pupil.id,
                name=pupil.name,
                mark=mark,
                code=code,
                version=version,
                average=str(average).replace(".", ",") if average is not None else "",
                was=was,
                own_task=_typed(typed, f"task-{pupil.id}", own.get(pupil.id, "")),
                error=errors.get(pupil.id, ""),
            )
        )
    return rows
