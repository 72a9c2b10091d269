"""Forms of the office: what the person shows, who destroys, why a term is extended."""

from datetime import date
from typing import Any

from django import forms

from portal.office.fields import day_field
from services.people.operations.consents import Papers, SignerDetails
from services.people.operations.destruction import Witness

PASSPORT, BIRTH = "паспорт гражданина РФ", "свидетельство о рождении"
DOCUMENTS = (
    PASSPORT,
    BIRTH,
    "паспорт иностранного гражданина",
    "вид на жительство",
    "иной документ, удостоверяющий личность",
)
KINDS = (
    ("", "Все"),
    ("parent", "Родители"),
    ("pupil", "Обучающиеся 14–17"),
    ("adult_pupil", "Совершеннолетние"),
    ("employee", "Работники"),
)
STATES = (("", "Все"), ("live", "Действуют"), ("withdrawn", "Отозваны"))
MANNERS = {
    "in_person": "Лично, по документу",
    "esia": "Через ЕСИА",
    "account": "Учётной записью, подтверждённой школой",
}
EARLIEST = date(1920, 1, 1)


class PapersForm(forms.Form):
    """The address and the main identity document of one person."""

    address = forms.CharField(
        label="Адрес по регистрации",
        max_length=300,
        error_messages={"required": "Впишите адрес: его требует закон."},
    )
    document = forms.ChoiceField(
        label="Документ",
        choices=[(one, one) for one in DOCUMENTS],
        error_messages={"required": "Выберите документ."},
    )
    number = forms.CharField(
        label="Серия и номер",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Впишите серию и номер документа."},
    )
    issued_on = day_field("Дата выдачи")
    issued_by = forms.CharField(
        label="Кем выдан",
        max_length=300,
        error_messages={"required": "Впишите, кем выдан документ."},
    )

    def __init__(self, *args: Any, today: date, address_is_shared: bool = False, **more: Any):
        super().__init__(*args, **more)
        self.today = today
        if address_is_shared:
            self.fields["address"].required = False
            self.fields["address"].help_text = "Если другой, чем у родителя"

    def clean_issued_on(self) -> date:
        """Refuse a day nobody could have issued a document on."""
        day: date = self.cleaned_data["issued_on"]
        if not EARLIEST <= day <= self.today:
            raise forms.ValidationError("Такой даты выдачи быть не может.")
        return day

    def papers(self, shared_address: str = "") -> Papers:
        """Return what was shown."""
        shown = self.cleaned_data
        return Papers(
            address=shown["address"] or shared_address,
            document=shown["document"],
            number=shown["number"],
            issued_on=shown["issued_on"],
            issued_by=shown["issued_by"],
        )


class AuthorityForm(forms.Form):
    """What proves that a representative may sign for the child."""

    authority = forms.CharField(
        label="Документ, который подтверждает полномочия",
        max_length=300,
        required=False,
        help_text="Для родителя можно не заполнять: подставим свидетельство о рождении ребёнка. "
        "Для опекуна впишите акт органа опеки.",
    )


class SignedForm(forms.Form):
    """The clerk's word that it was signed before his eyes; nothing is ticked beforehand."""

    identified_by = forms.ChoiceField(
        label="Как установлена личность",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, как установлена личность."},
    )
    is_signed = forms.BooleanField(
        label="Документ проверен, согласие напечатано и подписано",
        error_messages={"required": "Отметьте, когда человек подпишет согласие."},
    )

    def __init__(self, *args: Any, manners: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["identified_by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, MANNERS[one]) for one in manners if one in MANNERS]
        if len(manners) == 1:
            field.initial = manners[0]
            field.widget = forms.HiddenInput()


def details_of(
    *,
    kind: str,
    subject: PapersForm,
    representative: PapersForm | None,
    authority: str,
) -> SignerDetails:
    """Return what is typed; a parent's authority is the child's birth certificate."""
    if representative is None:
        return SignerDetails(subject=subject.papers())
    stands = representative.papers()
    shown = subject.papers(stands.address)
    proof = authority.strip()
    if not proof and shown.document == BIRTH and kind == "parent":
        proof = f"{BIRTH} {shown.number}"
    return SignerDetails(subject=shown, representative=stands, authority=proof)


class WitnessForm(forms.Form):
    """Who destroys: the post and the name; both, or an empty line."""

    post = forms.CharField(
        label="Должность", max_length=120, error_messages={"required": "Укажите должность."}
    )
    name = forms.CharField(
        label="Фамилия и инициалы",
        max_length=120,
        error_messages={"required": "Укажите фамилию и инициалы."},
    )


class NamedFormSet(forms.BaseFormSet):
    """Lines of which the first is needed; another may stay empty, and says so."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Say what may be left out."""
        super().add_fields(form, index)
        is_typed = form.is_bound and form.has_changed()
        for field in form.fields.values():
            field.required = index == 0 or is_typed


WitnessFormSet = forms.formset_factory(
    WitnessForm, formset=NamedFormSet, min_num=1, extra=2, max_num=3, absolute_max=3
)


def witnesses_of(formset: Any) -> list[Witness]:
    """Return those who are named."""
    return [Witness(one["post"], one["name"]) for one in formset.cleaned_data if one.get("name")]


class ExtendForm(forms.Form):
    """Why more time is needed: the person gets this text."""

    reason = forms.CharField(
        label="Почему нужно больше времени",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите причину: человек получит это объяснение."},
    )


class OperatorForm(forms.Form):
    """How the school is called in consents, and who processes data for it."""

    name = forms.CharField(
        label="Полное название школы",
        max_length=300,
        error_messages={"required": "Напишите полное название школы."},
    )
    address = forms.CharField(
        label="Адрес школы", max_length=300, error_messages={"required": "Напишите адрес школы."}
    )
    processor_name = forms.CharField(
        label="Кто обрабатывает данные по поручению школы",
        max_length=300,
        required=False,
        help_text="Владелец серверов и системы, если это не сама школа.",
    )
    processor_address = forms.CharField(label="Его адрес", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the address of who is named."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("processor_name") and not typed.get("processor_address"):
            self.add_error("processor_address", "Впишите адрес: его требует закон.")
        return typed

    def values(self) -> dict[str, str]:
        """Return the settings to change."""
        typed = self.cleaned_data
        return {
            "operator.name": typed["name"],
            "operator.address": typed["address"],
            "processor.name": typed["processor_name"],
            "processor.address": typed["processor_address"],
        }
