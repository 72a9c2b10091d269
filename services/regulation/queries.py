"""Asking the regulation. Every deadline, code and threshold of the rooms above comes from here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.regulation.defaults import DEFAULTS, SHIPPED_SINCE
from services.regulation.models import RegulationSetting


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds on a day: the value, the clause it cites, since when, and whose word it is."""

    key: str
    value: Any
    clause: str
    since_on: date
    source: str


def get_setting(*, key: str, on: date) -> Setting:
    """Return what holds on a day; raise `KeyError` for a key the product does not know.

    The school's own word stands before the district's, the district's before the shipped default.
    """
    return get_settings(keys=[key], on=on)[key]


def get_settings(*, keys: list[str], on: date) -> dict[str, Setting]:
    """Return several settings by one query; raise `KeyError` for an unknown key."""
    held = {
        key: Setting(key, DEFAULTS[key].value, DEFAULTS[key].clause, SHIPPED_SINCE, "shipped")
        for key in keys
    }
    rows = RegulationSetting.objects.filter(key__in=keys, since_on__lte=on)
    # "district" sorts before "school": the school's word, and the newest, is read last and stays.
    for row in rows.order_by("source", "since_on", "pk"):
        held[row.key] = Setting(row.key, row.value, row.clause, row.since_on, row.source)
    return held
