"""Who hears which event: filled by `config.wiring`, so that lower floors know no upper one."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from kernel.actor import SchoolRef

Handler = Callable[[SchoolRef | None, Any], None]

_events: dict[str, type] = {}
_handlers: dict[str, list[Handler]] = defaultdict(list)


def name_of(event: type) -> str:
    """Return the stable name of an event class: its room and its own name."""
    module = event.__module__.rsplit(".", 2)
    return f"{module[-2]}.{event.__name__}"


def subscribe(event: type, *handlers: Handler) -> None:
    """Let handlers hear an event; each must bear being called twice, in any order."""
    _events[name_of(event)] = event
    for handler in handlers:
        if handler not in _handlers[name_of(event)]:
            _handlers[name_of(event)].append(handler)


def is_known(name: str) -> bool:
    """Return whether this code knows the event; an older one waits for the newer to deliver."""
    return name in _events


def handlers_of(name: str) -> list[Handler]:
    """Return the handlers of an event by its name."""
    return _handlers.get(name, [])


def revive(name: str, payload: dict[str, Any]) -> Any:
    """Return the event object; unknown fields of newer senders are dropped."""
    event = _events[name]
    values = {}
    for field in fields(event):
        if field.name in payload:
            value = payload[field.name]
            is_day = "date" in str(field.type) and isinstance(value, str)
            values[field.name] = date.fromisoformat(value) if is_day else value
    return event(**values)
