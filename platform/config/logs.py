"""Logs: a line of JSON for each event in production, a readable line on one machine.

A line bears the event's name, ids and the kind and place of an error; who asked (request, school,
account) is bound by middleware and tasks. What an exception or a foreign library says in its own
words is not told in production: it may quote what people typed.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from config.known import EXTRAS, is_event, known_context, known_errors, known_extras

# Libraries whose messages are told as they stand in their source, without what fills them.
SPEAK_FOR_THEMSELVES = ("celery", "kombu")


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": json_lines if as_json else readable_lines}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {"django.request": {"level": "ERROR"}},
    }


def json_lines() -> logging.Formatter:
    """Return the formatter of production."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars],
        processors=[tell_known, _as_json],
    )


def readable_lines() -> logging.Formatter:
    """Return the formatter of one machine: with words and tracebacks, for who sits before it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow=EXTRAS),
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )


def tell_known(_logger: WrappedLogger, _method: str, told: EventDict) -> Mapping[str, Any]:
    """Return what may be told of a record: a new dictionary, nothing is taken over unasked."""
    record: logging.LogRecord = told["_record"]
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": _event_of(record),
        "logger": record.name,
        **known_context(told),
        **known_extras(vars(record)),
    }
    error = (told.get("exc_info") or (None, None))[1]
    if isinstance(error, BaseException):
        line["error"] = list(known_errors(error))
    return line


def _event_of(record: logging.LogRecord) -> str:
    library = record.name.split(".")[0]
    if is_event(record.msg) or library in SPEAK_FOR_THEMSELVES:
        return str(record.msg)
    return f"{library}.{record.module}_{record.lineno}"  # where it was said


def _as_json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return json.dumps(line, ensure_ascii=False)
