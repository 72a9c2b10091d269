"""Changing the regulation: a new value from a day on; what held before stays readable."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from foundation.db.kept import forget_at_commit
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Hat, Right
from kernel.roles import Role
from services.regulation import access
from services.regulation.defaults import DEFAULTS
from services.regulation.models import RegulationSetting, RightRule
from services.regulation.queries import forget_settings, get_setting
from services.regulation.rights import ONLY_FOR, SETTINGS
from tenants.registry.operations import put_setting
from tenants.registry.queries import SettingRow


class UnknownSetting(DomainError):
    """The key is not in the regulation."""

    code = "unknown-setting"
    message = "Такого параметра в регламенте нет."


def change_setting(*, actor: Actor, key: str, value: Any, clause: str, since_on: date) -> None:
    """Let the school's own value hold from a day on. Raise `UnknownSetting`, `NotFound`."""
    access.check(actor=actor, right=Right.REGULATION_CHANGE)
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


class ValueIsWrong(DomainError):
    """The value is not of the kind the key has."""

    code = "value-is-wrong"
    message = "Такого значения у этого параметра быть не может."


def set_for_district(
    *, account_id: int | None, key: str, value: Any, clause: str, since_on: date
) -> None:
    """Let the committee's value hold in the district from a day on; every school copies it.

    A school's own word stays before it. The door has checked that the account may; the public
    schema is open. Raise `UnknownSetting`, `ValueIsWrong`.
    """
    if key not in DEFAULTS:
        raise UnknownSetting(key=key)
    shipped = DEFAULTS[key].value
    if type(value) is not type(shipped) or (isinstance(value, int) and value < 0):
        raise ValueIsWrong(key=key)
    if not clause.strip():
        raise ValueIsWrong("Укажите, на чём основано значение: пункт регламента или приказ.")
    put_setting(
        account_id=account_id,
        key=key,
        value=value,
        clause=" ".join(clause.split()),
        since_on=since_on,
    )


def copy_settings(*, actor: Actor, rows: Iterable[SettingRow]) -> None:
    """Copy what the committee set into the school that is open; what is there already stays."""
    source = RegulationSetting.Source.DISTRICT
    known = RegulationSetting.objects.filter(source=source)
    held = {(row.key, row.since_on): (row.value, row.clause) for row in known}
    for row in rows:
        if held.get((row.key, row.since_on)) != (row.value, row.clause):
            copy_district_setting(
                actor=actor,
                key=row.key,
                value=row.value,
                clause=row.clause,
                since_on=row.since_on,
            )


class RightIsForAHatOnly(DomainError):
    """The right means something only for who wears a hat."""

    code = "right-is-for-a-hat-only"
    message = "Это право есть только у классного руководителя: другой роли его не дать."


class NobodyWouldEdit(DomainError):
    """Somebody must remain who sets rights and gives roles."""

    code = "nobody-would-edit"
    message = "Оставьте хотя бы одну роль: иначе права и роли будет некому менять."


def change_right(
    *,
    actor: Actor,
    hats: Collection[Hat],
    right: Right,
    subject: Role | Hat | int,
    is_allowed: bool | None,
    on: date,
    now: datetime,
) -> bool:
    """Give a right to a role, a hat or one account, or take it; None gives back the default.

    Return whether anything changed. Two cells are settings of the regulation: changing them changes
    the setting from the day on. Raise `NotFound`, `RightIsForAHatOnly`.
    """
    if not access.may_edit_matrix(actor=actor, hats=hats, on=on):
        raise NotFound
    if right in ONLY_FOR and isinstance(subject, Role | Hat) and subject is not ONLY_FOR[right]:
        raise RightIsForAHatOnly
    key = None if isinstance(subject, int) else SETTINGS.get((right, subject))
    if key is not None:
        return _change_right_setting(key, is_allowed, on)
    name = access.subject_of(subject)
    newest = RightRule.objects.filter(subject=name, right=right).order_by("-pk").first()
    if (newest.is_allowed if newest else None) == is_allowed:
        return False
    RightRule.objects.create(
        right=right,
        subject=name,
        is_allowed=is_allowed,
        changed_at=now,
        changed_by=actor.account_id,
    )
    forget_at_commit(access.forget_rights)
    return True


def change_deciders(
    *, actor: Actor, hats: Collection[Hat], key: str, names: Collection[str], on: date
) -> None:
    """Set who edits the matrix, or who gives roles, from a day on (ROL-005, ROL-007).

    Raise `NotFound`, `UnknownSetting`, `NobodyWouldEdit`.
    """
    if not access.may_edit_matrix(actor=actor, hats=hats, on=on):
        raise NotFound
    if key not in (access.EDITORS, access.GIVERS):
        raise UnknownSetting(key=key)
    chosen = [name for name in access.DECIDERS if name in names]
    if not chosen or chosen == [Hat.TECHNICAL]:
        raise NobodyWouldEdit
    _put(RegulationSetting.Source.SCHOOL, key, chosen, DEFAULTS[key].clause, on)


def switch_roles(*, actor: Actor, hats: Collection[Hat], off: Collection[Role], on: date) -> None:
    """Switch roles of the school off; the others are on (ROL-001).

    The administrator's role stays on: raise `NobodyWouldEdit`. Raise `NotFound` for who may not.
    """
    if not access.may_edit_matrix(actor=actor, hats=hats, on=on):
        raise NotFound
    if Role.ADMINISTRATOR in off:
        raise NobodyWouldEdit
    value = sorted(role.value for role in off)
    key = access.ROLES_OFF
    if get_setting(key=key, on=on).value != value:
        _put(RegulationSetting.Source.SCHOOL, key, value, DEFAULTS[key].clause, on)


def _change_right_setting(key: str, is_allowed: bool | None, on: date) -> bool:
    value = DEFAULTS[key].value if is_allowed is None else is_allowed
    if get_setting(key=key, on=on).value == value:
        return False
    _put(RegulationSetting.Source.SCHOOL, key, value, DEFAULTS[key].clause, on)
    return True


def _put(source: str, key: str, value: Any, clause: str, since_on: date) -> None:
    RegulationSetting.objects.update_or_create(
        key=key, source=source, since_on=since_on, defaults={"value": value, "clause": clause}
    )
    forget_at_commit(forget_settings)
