"""The page of the regulation: what holds, on what ground, and the form that changes one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from portal.regulation.values import LISTS, as_kept, as_typed, field_of, say
from services.regulation.queries import Setting, describe, list_scalars

Rooms = Sequence[tuple[str, str]]  # beginning of the keys, title
PAST = "Прошлым числом регламент не меняют: укажите сегодня или день позже."


class SettingForm(forms.Form):
    """A value, its ground, and the day from which it holds."""

    clause = forms.CharField(
        label="Основание",
        max_length=200,
        help_text="Пункт регламента или приказ, его дата и номер.",
        error_messages={"required": "Укажите, на чём основано значение."},
    )
    since_on = forms.DateField(
        label="Действует с",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день.", "invalid": "День пишется так: 01.12.2026."},
    )

    def __init__(self, key: str, shipped: object, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.key, self.shipped, self.today = key, shipped, today
        self.fields["value"] = field_of(key, shipped)
        self.order_fields(["value"])

    def clean_value(self) -> object:
        """Return the value as the regulation keeps it."""
        return as_kept(self.key, self.cleaned_data["value"], self.shipped)

    def clean_since_on(self) -> date:
        """Return the day; what was decided by the old value would be found wrong by the new one."""
        since_on: date = self.cleaned_data["since_on"]
        if since_on < self.today:
            raise forms.ValidationError(PAST)
        return since_on

    def clean_clause(self) -> str:
        """Return the ground on one line."""
        return " ".join(self.cleaned_data["clause"].split())


@dataclass(frozen=True, slots=True)
class Row:
    """A value as the page shows it; `later` holds from a later day."""

    key: str
    title: str
    setting: Setting
    value: str
    later: str


def list_changeable(rooms: Rooms) -> dict[str, tuple[str, Any]]:
    """Return what these rooms let people change: key → title and shipped value."""
    beginnings = tuple(beginning for beginning, _ in rooms)
    known = {**list_scalars(), **describe(keys=LISTS)}
    return {key: one for key, one in known.items() if key.startswith(beginnings)}


def bind(key: str, shipped: object, held: Setting, today: date) -> SettingForm:
    """Return the form with what holds today."""
    typed = as_typed(key, held.value, shipped)
    return SettingForm(key, shipped, initial={"value": typed, "since_on": today}, today=today)


def list_rooms(
    rooms: Rooms,
    changeable: Mapping[str, tuple[str, Any]],
    held: Mapping[str, Setting],
    later: Mapping[str, Setting],
) -> list[tuple[str, list[Row]]]:
    """Return the values room by room, each in the order of the regulation."""
    return [
        (
            title,
            [
                Row(
                    key,
                    name,
                    held[key],
                    say(key, held[key].value),
                    ""
                    if later[key] == held[key]
                    else f"с {later[key].since_on:%d.%m.%Y}: {say(key, later[key].value)}",
                )
                for key, (name, _) in changeable.items()
                if key.startswith(beginning)
            ],
        )
        for beginning, title in rooms
    ]
