"""Who stands for a child: add, confirm, limit, end (guardian links); a pupil leaves the school."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError, NotFound
from portal.office.fields import BirthForm, day_field, text_field
from portal.office.frame import crumbs, link, today_of
from portal.shell.forms import offer
from portal.shell.menus import school_menu
from services.cases.queries.cases import TRANSFER, list_leaving_grounds
from services.people import access, operations, queries
from services.people.operations import NewGuardian
from services.people.queries import GuardianCard
from tenants.accounts.gate import Request
from tenants.registry.queries import list_schools

RELATIONS = (
    ("mother", "мать"),
    ("father", "отец"),
    ("guardian", "опекун"),
    ("trustee", "попечитель"),
    ("adopter", "усыновитель"),
    ("other", "иной законный представитель"),
)
END_GROUNDS = (
    ("court", "решение суда"),
    ("guardianship", "прекращены опека или попечительство"),
    ("of_age", "обучающийся стал совершеннолетним"),
    ("refused", "представитель не подтверждён"),
    ("mistake", "внесён по ошибке"),
    ("other", "иное основание"),
)


class GuardianForm(BirthForm):
    """A new guardian and the link."""

    relation = forms.ChoiceField(
        label="Кем приходится",
        choices=RELATIONS,
        error_messages={"required": "Выберите, кем приходится."},
    )
    phone = text_field("Телефон", 20)
    email = forms.EmailField(
        label="Электронная почта",
        required=False,
        error_messages={"invalid": "Проверьте адрес: в нём должны быть @ и точка."},
    )
    snils = text_field(
        "СНИЛС",
        14,
        help_text="Не хранится: по нему и дате рождения находим того же человека в других школах.",
    )
    confirmed = forms.BooleanField(label="Документы о представительстве проверены", required=False)
    field_order = ["name", "relation", "sex", "birth_date", "snils", "phone", "email", "confirmed"]

    def clean_snils(self) -> str:
        """Return eleven digits or nothing."""
        digits = "".join(sign for sign in self.cleaned_data["snils"] if sign.isdecimal())
        if digits and len(digits) != 11:
            raise forms.ValidationError("В СНИЛС одиннадцать цифр.")
        return digits


class LimitForm(forms.Form):
    """What a guardian may."""

    may_read_diary = forms.BooleanField(label="Может читать дневник", required=False)
    may_see_contacts = forms.BooleanField(
        label="Может видеть контакты другого представителя", required=False
    )
    ground = text_field(
        "Судебный акт",
        300,
        help_text="Суд, дата и номер. Без судебного акта права родителя не ограничивают.",
    )


class EndForm(forms.Form):
    """Why a guardian's rights end."""

    ground = forms.ChoiceField(
        label="Основание", choices=END_GROUNDS, error_messages={"required": "Выберите основание."}
    )


class LeaveForm(forms.Form):
    """A pupil leaves: the last day, the order and its ground, which ends the service too."""

    last_day = day_field("Последний день")
    order = text_field(
        "Приказ",
        120,
        missing="Укажите приказ: номер и дату.",
        help_text="Номер и дата приказа об отчислении.",
    )
    ground = forms.ChoiceField(
        label="Основание", error_messages={"required": "Выберите основание."}
    )
    to_school = forms.TypedChoiceField(
        label="Школа округа, в которую переходит",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Только при переводе внутри округа: услуга продолжится там с новым согласием.",
    )

    def __init__(
        self, *args: Any, grounds: list[tuple[str, str]], schools: list[SchoolRef], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        offer(self, "ground", grounds)
        others = [(str(one.id), one.short_name) for one in schools]
        offer(self, "to_school", [("", "не в школу округа"), *others])

    def clean(self) -> dict[str, Any]:
        """Refuse a school of the district without a transfer."""
        said = super().clean() or {}
        if said.get("to_school") and said.get("ground") != TRANSFER:
            self.add_error("to_school", "Школу выбирают только при переводе.")
        return said


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Add a guardian to a pupil."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_may_confirm_family(actor)
        card = queries.get_pupils_card(actor=actor, pupil_id=pupil_id, on=on)
    form = GuardianForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        new = NewGuardian(
            name=said["name"],
            sex=said["sex"],
            birth_date=said["birth_date"],
            phone=said["phone"],
            email=said["email"],
            snils=said["snils"],
        )
        try:
            with school_transaction(actor, actor.school.id):
                guardian_id = operations.add_guardian(actor=actor, guardian=new)
                operations.link_guardian(
                    actor=actor,
                    pupil_id=pupil_id,
                    guardian_id=guardian_id,
                    relation=said["relation"],
                    since_on=on,
                    confirmed=said["confirmed"],
                    now=clock.now(),
                )
        except operations.LinkIsThere as refusal:
            error = refusal.message
        else:
            messages.success(request, "Представитель добавлен.")
            return HttpResponseRedirect(link(actor, "pupil", pupil_id=pupil_id))
    return _form(
        request,
        form,
        title="Новый представитель",
        lead=str(card.name),
        action="Добавить",
        pupil_id=pupil_id,
        error=error,
    )


@never_cache
@require_POST
def confirm(request: Request, school: str, link_id: int) -> HttpResponse:
    """Confirm that a guardian stands for the child."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        pupil_id = _pupil_of(link_id)
        operations.confirm_link(actor=actor, link_id=link_id, now=clock.now())
    messages.success(request, "Представитель подтверждён.")
    return HttpResponseRedirect(link(actor, "pupil", pupil_id=pupil_id))


@never_cache
@require_http_methods(["GET", "POST"])
def limit(request: Request, school: str, link_id: int) -> HttpResponse:
    """Set what a guardian may."""
    actor = request.actor
    pupil_id, card = _guardian_of(actor, link_id)
    first = {
        "may_read_diary": card.may_read_diary,
        "may_see_contacts": card.may_see_contacts,
        "ground": card.limits_ground,
    }
    form = LimitForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with school_transaction(actor, actor.school.id):
                operations.limit_link(
                    actor=actor,
                    link_id=link_id,
                    may_read_diary=said["may_read_diary"],
                    may_see_contacts=said["may_see_contacts"],
                    ground=said["ground"],
                )
        except operations.LimitNeedsGround as refusal:
            form.add_error("ground", refusal.message)
        else:
            messages.success(request, "Права представителя сохранены.")
            return HttpResponseRedirect(link(actor, "pupil", pupil_id=pupil_id))
    return _form(
        request,
        form,
        title="Права представителя",
        lead=f"{card.name}, {card.relation_title}",
        action="Сохранить",
        pupil_id=pupil_id,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: Request, school: str, link_id: int) -> HttpResponse:
    """End a guardian's rights."""
    actor, on = request.actor, today_of(request.actor)
    pupil_id, card = _guardian_of(actor, link_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with school_transaction(actor, actor.school.id):
            operations.end_link(
                actor=actor, link_id=link_id, ground=form.cleaned_data["ground"], until=on
            )
        messages.success(request, "Права прекращены, доступ к дневнику закрывается.")
        return HttpResponseRedirect(link(actor, "pupil", pupil_id=pupil_id))
    return _form(
        request,
        form,
        title="Прекратить права представителя",
        lead=f"{card.name}, {card.relation_title}",
        action="Прекратить",
        pupil_id=pupil_id,
        note="Доступ этого человека к дневнику ребёнка закроется сразу. Другие не изменятся.",
        danger=True,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """End a pupil's enrolment."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_may_keep_people(actor)
        card = queries.get_pupils_card(actor=actor, pupil_id=pupil_id, on=on)
        grounds = list_leaving_grounds(on=on)
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        grounds=grounds,
        schools=[one for one in list_schools() if one.id != actor.school.id],
    )
    error = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with school_transaction(actor, actor.school.id):
                operations.end_enrollment(
                    actor=actor,
                    pupil_id=pupil_id,
                    last_day=said["last_day"],
                    order=said["order"],
                    ground=said["ground"],
                    to_school_id=said["to_school"],
                )
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Отчисление записано.")
            return HttpResponseRedirect(link(actor, "pupil", pupil_id=pupil_id))
    return _form(
        request,
        form,
        title="Отчислить",
        lead=f"{card.name}, {card.place}",
        action="Отчислить",
        pupil_id=pupil_id,
        error=error,
        note="Отметки и записи останутся. Когда последний день пройдёт, вход ученика и доступ "
        "семьи в этой школе закроются, а муниципальная услуга прекратится на этом основании.",
        danger=True,
    )


def _guardian_of(actor: Actor, link_id: int) -> tuple[int, GuardianCard]:
    """Return the child and the guardian of a link that is in force; raise `NotFound`."""
    with school_transaction(actor, actor.school.id):
        access.check_may_confirm_family(actor)
        pupil_id = _pupil_of(link_id)
        cards = queries.list_guardians_of(actor=actor, pupil_id=pupil_id, on=today_of(actor))
    for card in cards:
        if card.link_id == link_id:
            return pupil_id, card
    raise NotFound


def _pupil_of(link_id: int) -> int:
    links = queries.get_links(link_ids=[link_id])
    if not links:
        raise NotFound
    return links[0].pupil_id


def _form(request: Request, form: forms.Form, *, pupil_id: int, **more: Any) -> HttpResponse:
    actor = request.actor
    context = {
        "nav": school_menu(actor, "office:home"),
        "crumbs": crumbs(actor, ("home", "Канцелярия"), page=more["title"]),
        "form": form,
        "back": link(actor, "pupil", pupil_id=pupil_id),
        **more,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "office/form.html", context, status=status)
