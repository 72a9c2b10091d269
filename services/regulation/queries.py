"""Asking the regulation. Every deadline, code and threshold of the rooms above comes from here.

A school's rows are few and change a few times a year, while every save of a mark asks them: they
are kept in the process for some seconds, by school.
"""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from services.regulation.defaults import DEFAULTS, SHIPPED_SINCE
from services.regulation.models import RegulationSetting

TTL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds on a day: the value, the clause it cites, since when, and whose word it is."""

    key: str
    value: Any
    clause: str
    since_on: date
    source: str


_kept: dict[str, tuple[float, list[Setting]]] = {}


def forget_settings() -> None:
    """Read every school's rows anew at the next question."""
    _kept.clear()


def get_setting(*, key: str, on: date) -> Setting:
    """Return what holds on a day; raise `KeyError` for a key the product does not know.

    The school's own word stands before the district's, the district's before the shipped default.
    """
    return get_settings(keys=[key], on=on)[key]


def get_settings(*, keys: list[str], on: date) -> dict[str, Setting]:
    """Return several settings; raise `KeyError` for an unknown key."""
    held = {key: get_shipped(key=key) for key in keys}
    for row in _rows():
        if row.key in held and row.since_on <= on:
            held[row.key] = row
    return held


def get_shipped(*, key: str) -> Setting:
    """Return the shipped default: what holds for the district's own pages, where no school is open.

    Raise `KeyError` for a key the product does not know.
    """
    default = DEFAULTS[key]
    return Setting(key, default.value, default.clause, SHIPPED_SINCE, "shipped")


def _rows() -> list[Setting]:
    """Return the school's rows; "district" sorts before "school", the newest word is last."""
    schema = str(getattr(connection, "schema_name", ""))
    read_at, rows = _kept.get(schema, (float("-inf"), []))
    if time.monotonic() - read_at > TTL_SECONDS:
        rows = [
            Setting(row.key, row.value, row.clause, row.since_on, row.source)
            for row in RegulationSetting.objects.order_by("source", "since_on", "pk")
        ]
        _kept[schema] = (time.monotonic(), rows)
    return rows
