"""Keeping the card of the district and the days of its region.

Schools are opened by `tenants.provisioning`.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from foundation.outbox.operations import record
from kernel.errors import DomainError, NotFound
from kernel.working_days import DayKind, calendar_fingerprint, is_statutory_holiday
from tenants.registry.events import DistrictSettingChanged, RegionalDaysChanged
from tenants.registry.models import District, DistrictSetting, RegionalDay
from tenants.registry.queries import get_regional_days

FIRST_YEAR, LAST_YEAR = 2020, 2100


class DayIsNotTheRegions(DomainError):
    """No act of a region makes such a day, or it is there already."""

    code = "day-is-not-the-regions"
    message = "Такой день внести нельзя."


def name_district(*, name: str, committee_name: str, timezone: str) -> None:
    """Give the district its name; a deployment has one, made when it is not there yet."""
    district = District.objects.order_by("pk").first() or District()
    district.name, district.committee_name, district.timezone = name, committee_name, timezone
    district.save()


def add_regional_day(*, account_id: int | None, day: date, kind: DayKind, act: str) -> int:
    """Add a day of the region and tell every school; return its id.

    The door has checked that the account may. Raise `DayIsNotTheRegions`.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayIsNotTheRegions(f"Год — с {FIRST_YEAR} по {LAST_YEAR}.")
    if kind == "work" and is_statutory_holiday(day):
        raise DayIsNotTheRegions("Это праздник по ТК РФ ст. 112: рабочим его сделать нельзя.")
    if not act.strip():
        raise DayIsNotTheRegions("Укажите закон или указ, которым установлен этот день.")
    try:
        with transaction.atomic():
            row = RegionalDay.objects.create(
                date=day, kind=kind, act=" ".join(act.split())[:300], set_by=account_id
            )
    except IntegrityError as error:
        raise DayIsNotTheRegions("Этот день уже внесён. Удалите его и внесите заново.") from error
    announce_regional_days()
    return row.pk


def remove_regional_day(*, day_id: int) -> None:
    """Remove a day of the region and tell every school. Raise `NotFound`."""
    deleted, _ = RegionalDay.objects.filter(pk=day_id).delete()
    if not deleted:
        raise NotFound
    announce_regional_days()


def announce_regional_days() -> None:
    """Let every school copy what is known now; safe to repeat."""
    record(RegionalDaysChanged(edition=calendar_fingerprint(get_regional_days())))


def put_setting(
    *, account_id: int | None, key: str, value: Any, clause: str, since_on: date
) -> None:
    """Let a value hold in the whole district from a day on, and tell every school.

    `services.regulation` has checked the key and the value, the door who may.
    """
    DistrictSetting.objects.update_or_create(
        key=key,
        since_on=since_on,
        defaults={"value": value, "clause": clause[:200], "set_by": account_id},
    )
    record(DistrictSettingChanged(key))
