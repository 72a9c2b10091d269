"""The complaint as a form: the parts of 210-ФЗ ст. 11.2 ч. 5, nothing beyond them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from kernel.complaints import TARGET_TITLES, ComplaintDraft, Procedure, Target
from kernel.errors import DomainError
from kernel.names import FullName, parse_full_name
from portal.shell.forms import offer
from services.cases.operations.complaints import Upload

MOST_FILES = 5
LARGEST_FILE = 10 * 1024 * 1024
LONGEST_TEXT = 10000
CLERK_LABELS = {
    "contested": "Какое решение или действие обжалуют",
    "arguments": "Почему заявитель не согласен",
    "applicant": "Фамилия, имя, отчество заявителя",
}


class ManyFilesInput(forms.ClearableFileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several files; a form without any is whole."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files. Raise `ValidationError` when there are too many or one is too large."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_FILES:
            raise ValidationError(f"Приложите не больше {MOST_FILES} файлов.")
        if any((one.size or 0) > LARGEST_FILE for one in files):
            raise ValidationError("Файл больше 10 МБ. Уменьшите его и приложите снова.")
        return [super(ManyFilesField, self).clean(one, initial) for one in files]


class ComplaintForm(forms.Form):
    """What an applicant fills in; grounds come from the settings."""

    target = forms.ChoiceField(
        label="На кого жалоба",
        choices=[(one.value, title) for one, title in TARGET_TITLES.items()],
        widget=forms.RadioSelect,
        help_text="Жалобу на работников рассматривает директор, на директора — комитет.",
        error_messages={"required": "Выберите, на кого жалоба."},
    )
    against = forms.CharField(
        label="Должность, фамилия и инициалы",
        max_length=300,
        required=False,
        help_text="Кто принял решение или что-то сделал. Если фамилии не знаете, "
        "напишите должность.",
    )
    grounds = forms.MultipleChoiceField(
        label="Что нарушено",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одно основание."},
    )
    contested = forms.CharField(
        label="Какое решение или действие обжалуете",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text="Что произошло, когда, с кем.",
        error_messages={"required": "Опишите решение или действие, с которым вы не согласны."},
    )
    arguments = forms.CharField(
        label="Почему вы не согласны",
        max_length=LONGEST_TEXT,
        error_messages={"required": "Напишите, почему вы не согласны."},
        widget=forms.Textarea({"rows": 4}),
    )
    case_number = forms.CharField(
        label="Номер заявления на услугу",
        max_length=20,
        required=False,
        widget=forms.TextInput({"placeholder": "2026/000123", "autocomplete": "off"}),
        help_text="Если жалоба о заявлении. Номер есть в расписке.",
    )
    attachments = ManyFilesField(
        label="Документы или копии",
        required=False,
        widget=ManyFilesInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="По желанию: до 5 файлов PDF, JPEG или PNG.",
    )
    applicant = forms.CharField(
        label="Ваши фамилия, имя, отчество",
        max_length=180,
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
        error_messages={
            "required": "Укажите имя: жалобу без имени закон рассматривать не позволяет."
        },
    )
    residence = forms.CharField(
        label="Место жительства",
        max_length=300,
        error_messages={"required": "Укажите место жительства."},
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    postal_address = forms.CharField(
        label="Почтовый адрес для ответа",
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "shipping street-address"}),
        help_text="Оставьте пустым, если совпадает с местом жительства.",
    )
    phone = forms.CharField(
        label="Телефон",
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        help_text="Достаточно телефона или почты.",
    )
    email = forms.EmailField(
        label="Электронная почта",
        max_length=200,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(
        label="Оставьте это поле пустым",
        required=False,
        max_length=200,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "grounds", [(one.code, one.title) for one in procedure.grounds])

    def speak_to_clerk(self) -> None:
        """Ask of the applicant, not of who types: the complaint came on paper."""
        for name, label in CLERK_LABELS.items():
            self.fields[name].label = label

    def clean_applicant(self) -> FullName:
        """Return the applicant's name in parts."""
        try:
            return parse_full_name(self.cleaned_data["applicant"])
        except DomainError as error:
            raise ValidationError(error.message) from error

    def clean_website(self) -> str:
        """Refuse what only programs write, in words for people whose browser did it."""
        if self.cleaned_data["website"]:
            raise ValidationError("Сотрите текст из этого поля: его заполняют только программы.")
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for what depends on another field."""
        held = super().clean() or {}
        targets = (Target.EMPLOYEE.value, Target.OFFICER.value)
        if held.get("target") in targets and not held.get("against", "").strip():
            self.add_error("against", "Укажите должность или фамилию того, на кого жалуетесь.")
        if not held.get("phone") and not held.get("email") and not self.has_error("email"):
            self.add_error("phone", "Укажите телефон или электронную почту.")
        return held

    def draft(self) -> ComplaintDraft:
        """Return the complaint; expects a valid form."""
        held = self.cleaned_data
        name: FullName = held["applicant"]
        return ComplaintDraft(
            target=Target(held["target"]),
            against=held["against"].strip(),
            grounds=tuple(held["grounds"]),
            last_name=name.last,
            first_name=name.first,
            middle_name=name.middle,
            residence=held["residence"],
            phone=held["phone"],
            email=held["email"],
            postal_address=held["postal_address"].strip() or held["residence"],
            contested=held["contested"],
            arguments=held["arguments"],
            case_number=held["case_number"].strip(),
        )

    def uploads(self) -> list[Upload]:
        """Return the attachments; expects a valid form."""
        return [
            Upload(one.name or "", one.read()) for one in self.cleaned_data["attachments"] or []
        ]


def show_errors(form: forms.Form, fields: Mapping[str, str]) -> None:
    """Put what the domain refused beside the fields it named."""
    names = {"last_name": "applicant", "first_name": "applicant"}
    for name, sentence in fields.items():
        place = names.get(name, name)
        if place not in form.fields:
            form.add_error(None, sentence)
        elif sentence not in form.errors.get(place, []):
            form.add_error(place, sentence)
