"""Which value stood before a thief wrote (ACC-010): decisions from plain values.

A thing of the journal is a mark, an absence, a task, or one word of a record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.voiding import Touch

MARK, ABSENCE = "journal_mark", "journal_absence"
HOMEWORK, RECORD = "journal_homework", "journal_lessonrecord"
# In each table the column that says which lesson it is.
PLACES = {MARK: "record_id", ABSENCE: "record_id", HOMEWORK: "record_id", RECORD: "lesson_id"}
# A record is void word by word; one that was not there yet says nothing.
WORDS: Mapping[str, Any] = {
    "topic": "",
    "material": "",
    "homework_none": False,
    "work_kind_id": None,
    "filled_at": None,
    "filled_by": None,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What was changed: in which lesson, whose (None: the class's), which word of a record."""

    table: str
    lesson_id: int
    pupil_id: int | None = None
    word: str = ""


def list_touches(
    *,
    entry_id: int,
    account_id: int | None,
    table: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> list[Touch[Thing]]:
    """Return what an entry of the journal of actions changed, thing by thing."""
    row = after or before or {}
    if table == RECORD:
        was, became = before or {}, after or {}
        return [
            Touch(entry_id, account_id, Thing(table, row["lesson_id"], None, word), told)
            for word, silent in WORDS.items()
            if (told := was.get(word, silent)) != became.get(word, silent)
        ]
    thing = Thing(table, row["record_id"], row.get("pupil_id"))
    return [Touch(entry_id, account_id, thing, before)]
