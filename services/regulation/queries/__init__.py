"""Asking the regulation. Every deadline, code and threshold of the rooms above comes from here.

A school's rows are few and change a few times a year, while every save of a mark asks them: they
are kept in the process for some seconds, by school.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from foundation.db.kept import is_written_here
from services.regulation.defaults import DEFAULTS, SHIPPED_SINCE
from services.regulation.models import RegulationSetting
from tenants.registry.queries import list_settings

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
    """Return the shipped default, whatever district and schools say.

    Raise `KeyError` for a key the product does not know.
    """
    default = DEFAULTS[key]
    return Setting(key, default.value, default.clause, SHIPPED_SINCE, "shipped")


def list_scalars() -> dict[str, tuple[str, Any]]:
    """Return the settings that are one number, word or yes: key → title and shipped value."""
    return {
        key: (one.title, one.value)
        for key, one in DEFAULTS.items()
        if isinstance(one.value, bool | int | str)
    }


def describe(*, keys: Iterable[str]) -> dict[str, tuple[str, Any]]:
    """Return settings by key: title and shipped value. Raise `KeyError` for an unknown key."""
    return {key: (DEFAULTS[key].title, DEFAULTS[key].value) for key in keys}


def get_district_settings(*, keys: list[str], on: date) -> dict[str, Setting]:
    """Return what holds on a day in the district: for its own pages, where no school is open.

    The committee's word stands before the shipped default. The public schema must be open.
    Raise `KeyError` for an unknown key.
    """
    held = {key: get_shipped(key=key) for key in keys}
    for row in list_settings():
        if row.key in held and row.since_on <= on:
            held[row.key] = Setting(row.key, row.value, row.clause, row.since_on, "district")
    return held


def get_district_setting(*, key: str, on: date) -> Setting:
    """Return one of them."""
    return get_district_settings(keys=[key], on=on)[key]


def _rows() -> list[Setting]:
    """Return the school's rows; "district" sorts before "school", the newest word is last."""
    if is_written_here(forget_settings):
        return _read_rows()
    schema = str(getattr(connection, "schema_name", ""))
    read_at, rows = _kept.get(schema, (float("-inf"), []))
    if time.monotonic() - read_at > TTL_SECONDS:
        rows = _read_rows()
        _kept[schema] = (time.monotonic(), rows)
    return rows


def _read_rows() -> list[Setting]:
    return [
        Setting(row.key, row.value, row.clause, row.since_on, row.source)
        for row in RegulationSetting.objects.order_by("source", "since_on", "pk")
    ]
