"""The journal on paper: both sides of a sheet, of one subject or of a whole class for a period.

Source: ARC-002 (the list, marks, attendance, topics, homework), ARC-017 (a paper carrier), ARC-019
(printed and certified). Who prints is who reads: the journal's own access decides.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from foundation.documents.paper import PaperDocument
from kernel.actor import Actor
from services.journal import access
from services.journal.queries import (
    JournalPage,
    PageLesson,
    RecordCard,
    get_page,
    list_class_homework,
    list_records,
)
from services.people import queries as people
from services.people.queries.consents import get_operator
from services.schedule import queries as schedule
from services.schedule.queries import JournalCard

TEMPLATE = "records/journal.typ"
LESSONS_ON_A_SHEET = 28  # as many columns as a landscape A4 holds beside the names


def compose_subject(
    *, actor: Actor, group_id: int, subject_id: int, term_id: int, today: date
) -> PaperDocument:
    """Return a page of the journal on paper. Raise `NotFound` for a page not the actor's."""
    access.check_page(actor=actor, group_id=group_id, subject_id=subject_id, on=today)
    start_year = people.get_groups(group_ids=[group_id])[group_id].start_year
    cards = [
        card
        for card in schedule.list_journals(start_year=start_year)
        if (card.group_id, card.subject_id) == (group_id, subject_id)
    ]
    title = f"{cards[0].group_title}, {cards[0].subject_name}"
    return _compose(actor, title, cards, term_id, today)


def compose_class(*, actor: Actor, group_id: int, term_id: int, today: date) -> PaperDocument:
    """Return every page of a class, a title page and the list first; `group_id` of the whole class.

    Raise `NotFound` unless the actor reads all of the class's journal.
    """
    access.check_class(actor=actor, group_id=group_id, on=today)
    start_year = people.get_groups(group_ids=[group_id])[group_id].start_year
    [one] = [one for one in people.list_classes(start_year=start_year) if one.group_id == group_id]
    groups = {
        group.id
        for group in people.list_groups(start_year=start_year)
        if group.school_class_id == one.id
    }
    cards = [
        card for card in schedule.list_journals(start_year=start_year) if card.group_id in groups
    ]
    teacher_id = one.class_teacher_id
    names = people.get_employee_names(employee_ids=[teacher_id] if teacher_id else [])
    term = schedule.get_term(term_id=term_id)
    pupils = people.list_group_pupils(
        group_id=group_id, since=term.starts_on, until=min(term.ends_on, today)
    )
    front = {
        "class_teacher": names.get(teacher_id or 0, ""),
        "pupils": [[one.name, _iso(one.since), _iso(one.until)] for one in pupils],
    }
    return _compose(actor, one.title, cards, term_id, today, front)


def _compose(
    actor: Actor,
    title: str,
    cards: Sequence[JournalCard],
    term_id: int,
    today: date,
    front: dict[str, Any] | None = None,
) -> PaperDocument:
    """Return the document; `front` is what only the title page of a class has."""
    term = schedule.get_term(term_id=term_id)
    operator = get_operator(actor=actor, on=today)
    names = people.get_employee_names(
        employee_ids={pk for card in cards for pk in card.employee_ids}
    )
    pages = [
        _to_page(
            card,
            get_page(
                actor=actor,
                group_id=card.group_id,
                subject_id=card.subject_id,
                term_id=term_id,
                today=today,
            ),
            ", ".join(names[pk] for pk in card.employee_ids if pk in names),
            today,
        )
        for card in cards
    ]
    data = {
        "title": f"Журнал. {title}. {term.title}",
        "head": {"name": operator.name, "address": operator.address, "contacts": ""},
        "class_title": title,
        "front": front,
        "term": term.title,
        "since": term.starts_on.isoformat(),
        "last": term.ends_on.isoformat(),
        "is_closed": term.is_closed,
        "on": today.isoformat(),
        "pages": pages,
    }
    return PaperDocument(TEMPLATE, f"Журнал {title} {term.title} {today}.pdf", data)


def _to_page(card: JournalCard, page: JournalPage, teachers: str, today: date) -> dict[str, Any]:
    # A mark stands in the average whatever became of the lesson: paper shows it.
    marked = {lesson for (lesson, _), at in page.cells.cells.items() if at.cell.mark is not None}
    held = [
        one
        for one in page.lessons
        if one.lesson.date <= today and (not one.lesson.is_cancelled or one.lesson.id in marked)
    ]
    parts = [
        held[start : start + LESSONS_ON_A_SHEET]
        for start in range(0, len(held), LESSONS_ON_A_SHEET)
    ]
    return {
        "group": card.group_title,
        "subject": card.subject_name,
        "teachers": teachers,
        "pupils": [pupil.name for pupil in page.pupils],
        "codes": [f"{code.code} — {code.title}" for code in page.codes],
        "parts": [_to_part(page, part, is_last=part is parts[-1]) for part in parts],
        "lessons": _to_lessons(held),
    }


def _to_part(page: JournalPage, part: Sequence[PageLesson], *, is_last: bool) -> dict[str, Any]:
    """Return the left side: who was marked what on which day; the average closes the last one."""
    return {
        "days": [one.lesson.date.isoformat() for one in part],
        "is_last": is_last,
        "rows": [
            {
                "cells": [page.cells.get(one.lesson.id, pupil.id).cell.value for one in part],
                "average": f"{page.averages[pupil.id]:.2f}".replace(".", ",")
                if pupil.id in page.averages
                else "",
            }
            for pupil in page.pupils
        ],
    }


def _to_lessons(held: Sequence[PageLesson]) -> list[dict[str, Any]]:
    """Return the right side: what was gone through and what was set."""
    ids = [one.lesson.id for one in held]
    records, tasks = list_records(lesson_ids=ids), list_class_homework(lesson_ids=ids)
    return [
        {
            "on": one.lesson.date.isoformat(),
            "number": str(one.lesson.number),
            "topic": records[one.lesson.id].topic if one.lesson.id in records else "",
            "kind": _kind(one, records),
            "task": tasks.get(one.lesson.id, ""),
        }
        for one in held
    ]


def _kind(one: PageLesson, records: Mapping[int, RecordCard]) -> str:
    if one.lesson.is_cancelled:
        return "урок отменён"
    return records[one.lesson.id].work_kind_title if one.lesson.id in records else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
