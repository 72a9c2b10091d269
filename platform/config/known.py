"""What is known to hold nobody's data: the list of what logs and the error tracker may tell.

Everything else is dropped, not searched for names: a message of an exception, the values in a
frame, an address somebody typed. Source: PDP-001, PDP-002; how-we-write, «Logs».
"""

import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

# Who speaks of what: bound by middleware, tasks and the dispatcher (structlog.contextvars).
CONTEXT = ("request_id", "school", "account", "task")
# The values beside an event's name; a new one is added here, and tests/architecture asks for it.
EXTRAS = frozenset(
    {
        "school_id",
        "notice_id",
        "file_id",
        "event_id",
        "event_name",
        "channel",
        "day",
        "families",
        "cases",
        "deleted",
    }
)
EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", re.ASCII)
WORD = re.compile(r"[\w.<>:+-]{1,100}", re.ASCII)
LETTERS = re.compile(r"[A-Za-z_.]{1,60}", re.ASCII)
REQUEST_ID = re.compile(r"[0-9a-f-]{32,64}", re.ASCII | re.IGNORECASE)
SOURCE = re.compile(r"[\w./<>-]{1,200}", re.ASCII)
MOST_FRAMES = 60


def is_event(text: object) -> bool:
    """Return whether the text is the name of an event: `room.what_happened`."""
    return isinstance(text, str) and EVENT.fullmatch(text) is not None


def is_word(text: object) -> bool:
    """Return whether the text is a word of code: a class, a function, a module, a version."""
    return isinstance(text, str) and WORD.fullmatch(text) is not None


def is_source(text: object) -> bool:
    """Return whether the text is the name of a source file."""
    return isinstance(text, str) and SOURCE.fullmatch(text) is not None


def known_context(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ids among the values that are bound now."""
    return {key: told[key] for key in CONTEXT if key in told and _is_plain(key, told[key])}


def known_extras(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values beside an event's name that may be told."""
    return {
        key: str(value) if isinstance(value, date) else value
        for key, value in told.items()
        if key in EXTRAS and (isinstance(value, int | date | None) or _is_letters(value))
    }


def known_errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield an exception and its causes: kind and places in the code, never what it says."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        yield {
            "kind": f"{type(error).__module__}.{type(error).__qualname__}",
            "at": [f"{one.filename}:{one.lineno} {one.name}" for one in frames],
        }
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _is_letters(value: object) -> bool:
    """Return whether the value is a name in the code: no number, no code, no address fits."""
    return isinstance(value, str) and LETTERS.fullmatch(value) is not None


def _is_plain(key: str, value: object) -> bool:
    if key == "request_id":
        return isinstance(value, str) and REQUEST_ID.fullmatch(value) is not None
    return is_word(value) if key == "task" else isinstance(value, int)
