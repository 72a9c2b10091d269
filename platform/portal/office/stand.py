"""What the school tells of itself on the service's stand (SRV-019, part 2)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from kernel.rights import Right
from portal.shell.menus import school_menu
from services.cases.queries.stand import CARD_KEYS, get_stand
from services.regulation import access as rights
from services.regulation.operations import change_setting
from tenants.accounts.gate import Request

CLAUSE = "сведения о школе для стенда; SRV-019"


class StandForm(forms.Form):
    """The school's data; what is empty is left out of the stand."""

    service_place = forms.CharField(
        label="Где принимают согласие",
        max_length=200,
        required=False,
        help_text="Например: кабинет 12, первый этаж.",
    )
    phones = forms.CharField(label="Телефоны", max_length=200, required=False)
    email = forms.EmailField(label="Электронная почта", required=False)
    site = forms.CharField(label="Сайт школы", max_length=200, required=False)
    hours = forms.CharField(
        label="Часы работы",
        max_length=200,
        required=False,
        help_text="Например: пн–пт 8:00–17:00.",
    )
    reception = forms.CharField(label="Дни приёма", max_length=200, required=False)

    def clean_site(self) -> str:
        """Return an address a person can open."""
        typed: str = self.cleaned_data["site"].strip()
        try:
            URLValidator(schemes=["https", "http"])(typed if "://" in typed else f"https://{typed}")
        except ValidationError as error:
            if typed:
                message = "Это не адрес сайта. Впишите, например: school1.example.ru"
                raise ValidationError(message) from error
        return typed


@never_cache
@require_http_methods(["GET", "POST"])
def stand(request: Request, school: str) -> HttpResponse:
    """Show and change what stands on the stand of the service."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        rights.check(actor=actor, right=Right.REGULATION_CHANGE)
        held = get_stand(actor=actor, on=on).card
    form = StandForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with school_transaction(actor, actor.school.id):
            for name, key in CARD_KEYS.items():
                if typed[name] != held[name]:
                    change_setting(
                        actor=actor, key=key, value=typed[name], clause=CLAUSE, since_on=on
                    )
        messages.success(request, "Сохранено. Стенд и страница услуги уже показывают новое.")
        return HttpResponseRedirect(reverse("office:stand", kwargs={"school": school}))
    context = {
        "nav": school_menu(actor, "office:stand"),
        "form": form,
        "page_url": reverse("public:service", kwargs={"school": school}),
        "poster_url": reverse("public:poster", kwargs={"school": school}),
        "texts_url": reverse("office:consent-texts", kwargs={"school": school}),
    }
    return render(request, "office/stand.html", context, status=400 if form.errors else 200)
