"""Forms of the ways in and of «Мой вход»."""

from typing import Any

from django import forms


class RevealedPassword(forms.PasswordInput):
    """A password with the button that shows it; pasting and password managers are welcome."""

    template_name = "home/parts/password_input.html"


def password_field(label: str, *, is_new: bool = False, help_text: str = "") -> forms.CharField:
    """Return a field for a password, as it is typed: spaces at its ends belong to it."""
    autocomplete = "new-password" if is_new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        help_text=help_text,
        widget=RevealedPassword(attrs={"autocomplete": autocomplete}),
        error_messages={"required": "Введите пароль."},
    )


NEW_PASSWORD = "От 8 знаков, можно с пробелами и по-русски. Лучше всего три-четыре слова."  # noqa: S105


def code_field(label: str, **more: Any) -> forms.CharField:
    """Return a field for a code copied from paper or a telephone."""
    attrs = {"autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
    return forms.CharField(
        label=label,
        max_length=100,
        widget=forms.TextInput(attrs={**attrs, **more.pop("attrs", {})}),
        error_messages={"required": "Введите код."},
        **more,
    )


class ActivationCodeForm(forms.Form):
    """The code of the sheet."""

    code = code_field(
        "Код с листа",
        help_text="Шесть групп по четыре знака. Дефисы и большие буквы не важны.",
        attrs={"autocomplete": "off", "autofocus": True},
    )


class NewPasswordForm(forms.Form):
    """A password chosen by whoever has a code, which goes along."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=100)
    password = password_field("Придумайте пароль", is_new=True, help_text=NEW_PASSWORD)


class ChangePasswordForm(forms.Form):
    """The present password and the new one."""

    present = password_field("Нынешний пароль")
    new = password_field("Новый пароль", is_new=True, help_text=NEW_PASSWORD)


class SecondStepForm(forms.Form):
    """A code of the application, or of paper."""

    code = code_field(
        "Код из приложения",
        help_text="Шесть цифр. Нет телефона под рукой? Введите один из резервных кодов.",
        attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True},
    )


class NewFactorForm(forms.Form):
    """The first code of an application that has just been set up."""

    code = code_field(
        "Шесть цифр из приложения", attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


class ConfirmPasswordForm(forms.Form):
    """The password once more."""

    password = password_field("Ваш пароль")


class ForgottenForm(forms.Form):
    """The login of somebody who forgot the password."""

    login = forms.CharField(
        label="Логин",
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": "Введите логин."},
    )


class ResetForm(forms.Form):
    """The code that was sent, and a new password."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200)
    code = code_field(
        "Код из сообщения",
        help_text="Восемь цифр.",
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    password = password_field("Новый пароль", is_new=True, help_text=NEW_PASSWORD)


class AddressForm(forms.Form):
    """A new address."""

    address = forms.CharField(
        label="Адрес или номер",
        max_length=254,
        error_messages={"required": "Введите адрес."},
    )


class AddressCodeForm(forms.Form):
    """The code that was sent to a new address."""

    code = code_field(
        "Код из сообщения", attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


class TheftForm(forms.Form):
    """Since when somebody else may have used the sign-in."""

    since = forms.DateTimeField(
        label="С какого времени вход мог быть у чужого",
        help_text="Всё, что через него изменили с этого времени, школа проверит и отменит.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
        error_messages={
            "required": "Укажите день и час, хотя бы примерно.",
            "invalid": "Укажите день и час, например 20.11.2026 18:30.",
        },
    )
