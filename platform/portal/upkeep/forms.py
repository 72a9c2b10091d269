"""Forms of works and incidents. A moment is typed by the clock of the school it is about."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from kernel.actor import SchoolRef
from portal.shell.forms import offer
from services.upkeep.queries import INCIDENT_KINDS

WHOLE = ("", "Весь округ")
FORMAT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """Return a field for a moment; `read_moment` makes it one."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=FORMAT),
        error_messages={"required": "Укажите день и время."},
    )


class MomentsForm(forms.Form):
    """A form with moments of one clock: `self.zone`."""

    moments: tuple[str, ...] = ()
    zone = "Europe/Moscow"

    def clean(self) -> dict[str, Any]:
        """Make moments of what was typed; what is no moment gets an error in its field."""
        held: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.moments:
            typed = held.get(name)
            if not typed:
                held[name] = None
                continue
            try:
                held[name] = datetime.strptime(typed, FORMAT).replace(tzinfo=ZoneInfo(self.zone))
            except ValueError:
                self.add_error(name, "Время пишется так: 12.12.2026 02:00.")
        return held


class WorksForm(MomentsForm):
    """Planned works."""

    moments = ("starts_at", "ends_at")
    school = forms.ChoiceField(label="Где", required=False)
    starts_at = moment_field("Начало", help_text="Ночью с 02:00 до 06:00 — в любой день.")
    ends_at = moment_field("Окончание")
    reason = forms.CharField(
        label="Что делаем",
        max_length=200,
        help_text="Увидят все: «Переносим базу на новый сервер».",
        error_messages={"required": "Напишите, что будет сделано."},
    )


class IncidentForm(MomentsForm):
    """What happened, when, why, who knows."""

    moments = ("started_at", "ended_at")
    kind = forms.ChoiceField(
        label="Что случилось",
        choices=INCIDENT_KINDS,
        error_messages={"required": "Выберите, что случилось."},
    )
    started_at = moment_field("Началось")
    ended_at = moment_field(
        "Закончилось", required=False, help_text="Оставьте пустым, если ещё не закончилось."
    )
    cause = forms.CharField(
        label="Причина", max_length=300, required=False, help_text="Если известна."
    )
    told = forms.CharField(
        label="Кому сообщили",
        max_length=300,
        required=False,
        help_text="Провайдеру, оператору, директору: кому и когда.",
    )


class DistrictIncidentForm(IncidentForm):
    """The same with the place."""

    school = forms.ChoiceField(label="Где", required=False)
    field_order = ("school", "kind", "started_at", "ended_at", "cause", "told")


def offer_schools(form: forms.Form, schools: list[SchoolRef]) -> None:
    """Let the form choose the whole district or one school."""
    offer(form, "school", [WHOLE, *((one.slug, one.short_name) for one in schools)])


def show_refusal(form: forms.Form, field: str, message: str) -> None:
    """Say at a field why it was refused."""
    form.add_error(field if field in form.fields else None, message)
