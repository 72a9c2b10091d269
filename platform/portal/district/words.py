"""How the district's numbers are said, and what a school handed over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.shell.speech import NBSP, count_things

NOTHING = "—"
ONE_PLACE = Decimal("0.1")


def say_percent(share: Decimal | None) -> str:
    """Return «94,2 %», or a dash when there is nothing to share."""
    if share is None:
        return NOTHING
    return f"{share.quantize(ONE_PLACE, ROUND_HALF_UP)}{NBSP}%".replace(".", ",")


def say_average(average: Decimal | None) -> str:
    """Return «4,12», or a dash without marks."""
    return NOTHING if average is None else str(average).replace(".", ",")


def say_age(age: timedelta) -> str:
    """Return «только что», «12 минут назад», «3 часа назад», «2 дня назад»."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "только что"
    if minutes < 60:
        return f"{count_things(minutes, ('минуту', 'минуты', 'минут'))} назад"
    if minutes < 24 * 60:
        return f"{count_things(minutes // 60, ('час', 'часа', 'часов'))} назад"
    return f"{count_things(minutes // (24 * 60), ('день', 'дня', 'дней'))} назад"


def read_snapshot(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case handed over with its days and moments: as JSON they are strings."""
    days = {
        name: date.fromisoformat(value)
        for name, value in content.items()
        if name.endswith("_on") and value
    }
    log = [{**step, "at": datetime.fromisoformat(step["at"])} for step in content.get("log", ())]
    return {**content, **days, "log": log}
