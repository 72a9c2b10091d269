"""The form of a theft somebody told the school of."""

from django import forms


class ReportForm(forms.Form):
    """Whose sign-in was stolen, and when the school heard of it."""

    login = forms.CharField(
        label="Логин",
        max_length=64,
        help_text="Учётная запись закроется сразу, во всех школах и на всех устройствах.",
        error_messages={"required": "Введите логин."},
    )
    since = forms.DateTimeField(
        label="Когда школа узнала о краже",
        help_text="Всё, что изменено через этот вход позже, недействительно.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
        error_messages={
            "required": "Укажите день и час.",
            "invalid": "Укажите день и час, например 20.11.2026 18:30.",
        },
    )
