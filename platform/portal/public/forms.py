"""The application as a form: one page, a phone, three minutes.

Names are typed in one line, the birth date as it is spoken; what can be read is read. A field that
people do not see catches programs; whoever fills it by chance is told so and loses nothing.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError

from kernel.errors import DomainError
from kernel.names import FullName, parse_full_name
from services.cases.operations.applying import Paper, Typed
from services.cases.queries.papers import RELATIONS

BIRTH = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4})")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
CLASS = re.compile(r"([1-9]|1[01])\W{0,2}[^\W\d_]?\W?")
WHO = (("parent", "Я родитель или законный представитель"), ("pupil", "Я обучающийся, мне есть 14"))
DELIVERIES = (
    ("portal", "В дневнике на портале"),
    ("email", "Письмом на электронную почту"),
    ("sms", "Сообщениями на телефон"),
    ("paper", "На бумаге в школе"),
)
LARGEST_FILE = 10 * 1024 * 1024


class ApplicationForm(forms.Form):
    """What a family fills in."""

    who = forms.ChoiceField(
        label="Кто подаёт",
        choices=WHO,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, кто подаёт."},
    )
    child = forms.CharField(
        label="Фамилия, имя, отчество обучающегося",
        max_length=180,
        error_messages={"required": "Напишите фамилию, имя и отчество обучающегося."},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "words"}),
    )
    birth_date = forms.CharField(
        label="Дата рождения обучающегося",
        max_length=10,
        error_messages={"required": "Укажите дату рождения."},
        widget=forms.TextInput({"placeholder": "05.05.2013", "autocomplete": "off"}),
    )
    class_title = forms.CharField(
        label="Класс",
        max_length=6,
        error_messages={"required": "Укажите класс."},
        widget=forms.TextInput({"placeholder": "7А", "autocomplete": "off"}),
    )
    applicant = forms.CharField(
        label="Ваши фамилия, имя, отчество",
        max_length=180,
        required=False,
        error_messages={"required": "Напишите фамилию, имя и отчество заявителя."},
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
    )
    relation = forms.ChoiceField(
        label="Кем вы приходитесь",
        choices=[("", "Выберите"), *RELATIONS.items()],
        required=False,
        error_messages={"required": "Выберите родство."},
    )
    phone = forms.CharField(
        label="Телефон",
        max_length=25,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label="Электронная почта",
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    delivery = forms.ChoiceField(
        label="Как получать сведения",
        choices=DELIVERIES,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как получать сведения."},
    )
    parental_consent = forms.FileField(
        label="Согласие родителей",
        required=False,
        help_text="Только обучающимся от 14 до 18 лет: скан или фотография, PDF, JPEG или PNG.",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    website = forms.CharField(label="Оставьте это поле пустым", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_pupil = (self.data.get("who") or self.initial.get("who")) == "pupil"
        for name in ("applicant", "relation"):
            self.fields[name].required = not is_pupil

    def clean_child(self) -> FullName:
        """Return the child's name in parts."""
        return _read_name(self.cleaned_data["child"])

    def clean_applicant(self) -> FullName | None:
        """Return the applicant's name in parts; a pupil who applies himself needs none."""
        if self.data.get("who") == "pupil":
            return None
        return _read_name(self.cleaned_data["applicant"])

    def clean_birth_date(self) -> date:
        """Return the day: «05.05.2013», «5/5/2013», «2013-05-05»."""
        text = self.cleaned_data["birth_date"].strip()
        found = BIRTH.fullmatch(text)
        numbers = [found[3], found[2], found[1]] if found else []
        iso = ISO.fullmatch(text)
        numbers = list(iso.groups()) if iso else numbers
        try:
            day = date(*map(int, numbers)) if numbers else None
        except ValueError:
            day = None
        if day is None or not 1990 <= day.year <= 2100:
            raise ValidationError("Напишите день, месяц и год рождения: 05.05.2013.")
        return day

    def clean_class_title(self) -> str:
        """Return the class."""
        text: str = self.cleaned_data["class_title"].strip()
        if not CLASS.fullmatch(text):
            raise ValidationError("Напишите класс: 7А.")
        return text

    def clean_phone(self) -> str:
        """Return the number in the international form."""
        text: str = self.cleaned_data["phone"].strip()
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "RU")
        except phonenumbers.NumberParseException as error:
            raise ValidationError("Телефон пишется так: 8 900 123-45-67.") from error
        if not phonenumbers.is_valid_number(number):
            raise ValidationError("Такого телефона нет: проверьте цифры.")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean_website(self) -> str:
        """Refuse what only programs write, in words for people whose browser did it."""
        if self.cleaned_data["website"]:
            raise ValidationError("Сотрите текст из этого поля: его заполняют только программы.")
        return ""

    def typed(self) -> Typed:
        """Return what the form says; expects a valid form."""
        held = self.cleaned_data
        child: FullName = held["child"]
        return Typed(
            is_pupil=held["who"] == "pupil",
            child=child,
            child_birth_date=held["birth_date"],
            child_class=held["class_title"],
            applicant=held["applicant"] or child,
            relation=held["relation"],
            phone=held["phone"],
            email=held["email"],
            delivery=held["delivery"],
        )

    def papers(self) -> list[Paper]:
        """Return the files that came with the form."""
        upload = self.cleaned_data.get("parental_consent")
        if upload is None:
            return []
        return [Paper("parental_consent", upload.name, upload.read())]


def as_draft(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return what of a posted form is kept as a draft."""
    names = [name for name in ApplicationForm.base_fields if name != "parental_consent"]
    return {name: str(posted[name]) for name in names if posted.get(name)}


def _read_name(text: str) -> FullName:
    try:
        return parse_full_name(text)
    except DomainError as error:
        raise ValidationError(error.message) from error
