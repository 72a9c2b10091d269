"""The JSON shape of a journal page and of a save: one for every door (portal and API)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.errors import Unreadable
from services.journal.operations import CellsAnswer
from services.journal.queries import JournalPage, PageLesson, WorkKindCard
from services.journal.rules import CellInput

MOST_CELLS = 2000


class UnreadableRequest(Unreadable):
    """The body is not what the contract says."""


def page_to_json(page: JournalPage, *, today: str, url_of: Callable[[int], str]) -> dict[str, Any]:
    """Return a page: only non-empty cells, as [lesson index, pupil index, mark, code, version]."""
    return {
        "term": {
            "id": page.term.id,
            "title": page.term.title,
            "closed": page.term.closed_at is not None,
        },
        "editable": any(column.may_write for column in page.lessons),
        "today": today,
        "codes": [
            {
                "code": code.code,
                "title": code.title,
                "key": code.key,
                "counts_as_absent": code.counts_as_absent,
            }
            for code in page.codes
        ],
        "marks": list(page.scale.values),
        "work_kinds": [work_kind_to_json(kind) for kind in page.work_kinds],
        "pupils": [
            {
                "id": pupil.id,
                "name": pupil.name,
                "since": pupil.since and pupil.since.isoformat(),
                "until": pupil.until and pupil.until.isoformat(),
            }
            for pupil in page.pupils
        ],
        "lessons": [_column(column, url_of) for column in page.lessons],
        "cells": _cells(page),
        "averages": averages_to_json(page.averages),
    }


def _column(column: PageLesson, url_of: Callable[[int], str]) -> dict[str, Any]:
    return {
        "id": column.lesson.id,
        "date": column.lesson.date.isoformat(),
        "number": column.lesson.number,
        "kind": column.head.work_kind_id,
        "topic": column.head.topic,
        "editable": column.may_write,
        "url": url_of(column.lesson.id),
        "state": column.lesson.state,
    }


def _cells(page: JournalPage) -> list[list[Any]]:
    lessons = {column.lesson.id: place for place, column in enumerate(page.lessons)}
    pupils = {pupil.id: place for place, pupil in enumerate(page.pupils)}
    return [
        [lessons[lesson], pupils[pupil], at.cell.mark or 0, at.cell.code or "", at.version]
        for (lesson, pupil), at in page.cells.cells.items()
        if lesson in lessons and pupil in pupils
    ]


def work_kind_to_json(kind: WorkKindCard) -> dict[str, Any]:
    """Return a kind of work; the weight as a number people read."""
    return {
        "id": kind.id,
        "code": kind.code,
        "title": kind.title,
        "weight": f"{kind.weight.normalize():f}",
    }


def averages_to_json(averages: Mapping[int, Decimal | None]) -> dict[str, str]:
    """Return averages by pupil; an empty text where there are no marks."""
    return {str(pupil): "" if value is None else str(value) for pupil, value in averages.items()}


def answer_to_json(answer: CellsAnswer, *, saved_at: str, timezone: str) -> dict[str, Any]:
    """Return what came of a save."""
    zone = ZoneInfo(timezone)
    return {
        "repeat": answer.repeat,
        "saved_at": saved_at,
        "cells": [
            {"pupil": state.pupil_id, "value": state.value, "version": state.version}
            for state in answer.saved
        ],
        "conflicts": [
            {
                "pupil": one.pupil_id,
                "value": one.value,
                "version": one.version,
                "by": one.by,
                "at": f"{one.at.astimezone(zone):%H:%M}" if one.at else "",
            }
            for one in answer.conflicts
        ],
        "refused": [{"pupil": one.pupil_id, "reason": one.reason} for one in answer.refused],
        "averages": averages_to_json(answer.averages),
    }


def read_save(body: Any) -> tuple[UUID, int, list[CellInput]]:
    """Return the key, the lesson and the cells of a save; raise `UnreadableRequest`."""
    try:
        cells = [
            CellInput(_whole(cell["pupil"]), _text(cell["value"]), _whole(cell["seen"]))
            for cell in body["cells"]
        ]
        key, lesson_id = UUID(_text(body["key"])), _whole(body["lesson"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableRequest from error
    if not cells or len(cells) > MOST_CELLS:
        raise UnreadableRequest("В одном запросе должно быть от 1 до 2000 ячеек.")
    return key, lesson_id, cells


def read_kind(body: Any) -> tuple[UUID, int, int | None]:
    """Return the key, the lesson and the kind of work; raise `UnreadableRequest`."""
    try:
        kind = body["kind"]
        return (
            UUID(_text(body["key"])),
            _whole(body["lesson"]),
            None if kind is None else _whole(kind),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableRequest from error


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 64:
        raise TypeError
    return value
