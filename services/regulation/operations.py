"""Changing the regulation: a new value from a day on; what held before stays readable."""

from datetime import date
from typing import Any

from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.regulation.defaults import DEFAULTS
from services.regulation.models import RegulationSetting
from services.regulation.queries import forget_settings

MAY_CHANGE = (Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SYSTEM)


class UnknownSetting(DomainError):
    """The key is not in the regulation."""

    code = "unknown-setting"
    message = "Такого параметра в регламенте нет."


def change_setting(*, actor: Actor, key: str, value: Any, clause: str, since_on: date) -> None:
    """Let the school's own value hold from a day on. Raise `UnknownSetting`, `NotFound`."""
    if not actor.has(*MAY_CHANGE):
        raise NotFound
    if key not in DEFAULTS:
        raise UnknownSetting(key=key)
    _put(RegulationSetting.Source.SCHOOL, key, value, clause, since_on)


def copy_district_setting(
    *, actor: Actor, key: str, value: Any, clause: str, since_on: date
) -> None:
    """Copy a value the committee set into this school; by an event, safe to repeat."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    if key not in DEFAULTS:
        raise UnknownSetting(key=key)
    _put(RegulationSetting.Source.DISTRICT, key, value, clause, since_on)


def _put(source: str, key: str, value: Any, clause: str, since_on: date) -> None:
    RegulationSetting.objects.update_or_create(
        key=key, source=source, since_on=since_on, defaults={"value": value, "clause": clause}
    )
    forget_settings()
