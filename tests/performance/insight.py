"""What an operation spends its time on: its statements one by one, then the busiest functions."""

import cProfile
import io
import os
import pstats
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import connection

from tests.performance.actions import Action, Troupe
from tests.performance.cast import Cast
from tests.performance.measures import action_of
from tests.performance.statements import InProcess

NUMBER = re.compile(r"[0-9a-f]{32}")  # a request's id in the pin
REPEATS = 100
FUNCTIONS = 45


def explain(cast: Cast, name: str, order: str = "tottime") -> str:
    """Return where the time of an operation goes, in process, caches warm."""
    troupe = Troupe(lambda cookies: InProcess(cookies, is_counting=False), cast)
    action = action_of(troupe, name, InProcess(is_counting=False))
    for _ in range(5):
        action()
    began, own, backend = time.perf_counter(), time.process_time(), _backend_seconds()
    for _ in range(REPEATS):
        action()
    spent = {
        "всего": time.perf_counter() - began,
        "процессор портала": time.process_time() - own,
        "процессор базы": _backend_seconds() - backend,
    }
    taken = _time_statements(action)
    lines = [
        f"{name}: "
        + ", ".join(
            f"{title} {seconds * 1000 / REPEATS:.2f} мс" for title, seconds in spent.items()
        )
    ]
    lines += [f"  {ms:6.2f} мс  {' '.join(sql.split())[:160]}" for sql, ms in taken.items()]
    return "\n".join([*lines, _profile(action, order)])


def _backend_seconds() -> float:
    """Return the processor time the connection's own backend has used: noise does not touch it."""
    connection.ensure_connection()
    status = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    used = status.rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _time_statements(action: Action) -> dict[str, float]:
    """Return the milliseconds of each statement but BEGIN and COMMIT, on the average."""
    taken: dict[str, float] = defaultdict(float)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken[NUMBER.sub("…", sql)] += (time.perf_counter() - began) * 1000 / REPEATS

    with connection.execute_wrapper(watch):
        for _ in range(REPEATS):
            action()
    return taken


def _profile(action: Action, order: str) -> str:
    profile = cProfile.Profile()
    with profile:
        for _ in range(REPEATS):
            action()
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats(order).print_stats(FUNCTIONS)
    return text.getvalue()
