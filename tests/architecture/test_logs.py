"""A line of the log is an event's name and ids: the wall that keeps names out of it."""

import ast
from collections.abc import Iterator

import pytest

from config.known import EXTRAS, is_event
from tests.architecture.rules import Finding
from tests.architecture.tree import python_files

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def find_loose_line(path: str, source: str) -> Iterator[Finding]:
    """Find a line that is no event's name, has arguments, or a value nobody listed."""
    for call in ast.walk(ast.parse(source)):
        if not (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in LEVELS
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "logger"
        ):
            continue
        first = call.args[0] if len(call.args) == 1 else None
        if not (isinstance(first, ast.Constant) and is_event(first.value)):
            yield Finding(path, call.lineno, "a log line is one constant: room.what_happened")
        for word in call.keywords:
            if word.arg == "extra" and not _is_listed(word.value):
                yield Finding(
                    path, call.lineno, "extra holds a key that config.known does not list"
                )


def _is_listed(extra: ast.expr) -> bool:
    return isinstance(extra, ast.Dict) and all(
        isinstance(key, ast.Constant) and key.value in EXTRAS for key in extra.keys
    )


@pytest.mark.requirement("PDP-001", part=True)
def test_lines_of_the_log_are_names_of_events_with_listed_values() -> None:
    found = [str(one) for path, text in python_files() for one in find_loose_line(path, text)]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "logger.info(f'journal.opened {name}')",
        "logger.info('journal.opened %s', name)",
        "logger.error('Не записано')",
        "logger.exception(error)",
        "logger.info('journal.opened', extra={'name': name})",
        "logger.info('journal.opened', extra=everything)",
    ],
)
def test_loose_line_is_found(source: str) -> None:
    assert len(list(find_loose_line("services/journal/operations.py", source))) == 1
