"""What the calculator asks."""

from typing import Any

from django import forms

from kernel.regions import list_regions
from kernel.terms import LONGEST, UNITS
from portal.shell.forms import offer

OWN, NONE = "own", "none"


class TermForm(forms.Form):
    """A term; what was typed stays in the address."""

    start = forms.DateField(
        label="День события",
        help_text="Он в срок не входит: счёт идёт со следующего дня.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите день.", "invalid": "День пишется так: 28.12.2026."},
    )
    days = forms.IntegerField(
        label="Сколько дней",
        min_value=0,
        max_value=LONGEST,
        error_messages={
            "required": "Укажите число дней.",
            "invalid": "Укажите целое число.",
            "min_value": "Срок не бывает меньше нуля дней.",
            "max_value": f"Не больше {LONGEST} дней.",
        },
    )
    unit = forms.ChoiceField(
        label="Каких дней",
        choices=list(UNITS.items()),
        error_messages={"required": "Выберите, каких дней."},
    )
    week = forms.ChoiceField(
        label="Рабочая неделя",
        choices=[("5", "пять дней"), ("6", "шесть дней")],
        error_messages={"required": "Выберите рабочую неделю."},
    )
    region = forms.ChoiceField(
        label="Региональные дни", error_messages={"required": "Выберите региональные дни."}
    )

    def __init__(self, *args: Any, own_title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = ((region.code, region.title) for region in list_regions())
        offer(self, "region", [(OWN, own_title), (NONE, "не учитывать"), *regions])

    def clean_start(self) -> Any:
        """Refuse years for which no term is counted."""
        start = self.cleaned_data["start"]
        if not 2000 <= start.year <= 2100:
            raise forms.ValidationError("Год — с 2000 по 2100.")
        return start
