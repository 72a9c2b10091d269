"""Fields that several forms of the office share: days, names, sexes, contacts."""

from datetime import date
from typing import Any

from django import forms

from kernel.errors import DomainError
from kernel.names import FullName, parse_full_name

EARLIEST = date(1900, 1, 1)
SEXES = (("", "не указан"), ("m", "мужской"), ("f", "женский"))


class DayInput(forms.DateInput):
    """A day as the browser's own calendar takes it."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def day_field(label: str, **more: Any) -> forms.DateField:
    """Return a field for a day, typed or chosen."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "invalid": "Напишите дату так: 12.03.2015.",
            "required": "Укажите дату.",
        },
        **more,
    )


def text_field(label: str, length: int, *, missing: str = "", **more: Any) -> forms.CharField:
    """Return a field for a line of text; `missing` is what to say when it is needed and empty."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=bool(missing),
        error_messages={
            "required": missing,
            "max_length": f"Не длиннее {length} знаков.",
        },
        **more,
    )


class NameField(forms.CharField):
    """A whole name, surname first; gives a `FullName`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label="Фамилия, имя, отчество",
            max_length=180,
            error_messages={"required": "Напишите фамилию, имя и отчество, если оно есть."},
            **more,
        )

    def clean(self, value: Any) -> FullName:
        """Return the parts of the name."""
        text = super().clean(value)
        try:
            return parse_full_name(text)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error


class BirthForm(forms.Form):
    """Name, sex, birth date: what every card says (ACC-011…013)."""

    name = NameField()
    sex = forms.ChoiceField(label="Пол", choices=SEXES, required=False)
    birth_date = day_field("Дата рождения", required=False)

    def clean_birth_date(self) -> date | None:
        """Refuse a day nobody could be born on."""
        day: date | None = self.cleaned_data["birth_date"]
        if day is not None and not EARLIEST <= day <= date(2100, 1, 1):
            raise forms.ValidationError("Проверьте год рождения.")
        return day


def contact_fields(kept: list[str]) -> dict[str, forms.Field]:
    """Return the fields for the contacts the school keeps (ACC-014)."""
    fields: dict[str, forms.Field] = {
        "phone": text_field("Телефон", 20),
        "email": forms.EmailField(
            label="Электронная почта",
            required=False,
            error_messages={"invalid": "Проверьте адрес: в нём должны быть @ и точка."},
        ),
        "address": text_field("Адрес", 300),
    }
    return {name: field for name, field in fields.items() if name in kept}
