"""Personal cards of pupils and guardians: looking, which is noted, and keeping (ROL-011, 012)."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from portal.office.fields import BirthForm, contact_fields
from portal.office.frame import crumbs, link, today_of
from portal.shell.menus import school_menu
from services.people import access, operations, queries
from services.people.operations import CardChange
from services.people.queries import GuardianCard, LookCard, PersonalCard
from tenants.accounts.gate import Request
from tenants.accounts.queries import get_display_names
from tenants.accounts.queries.roles import list_with_second_factor
from tenants.external.providers.configured import list_providers

SEX_CODES = {"мужской": "m", "женский": "f"}


@never_cache
@require_GET
def pupil(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Show a pupil's card with the guardians; the look is noted."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card = queries.get_pupils_card(actor=actor, pupil_id=pupil_id, on=on)
        guardians = queries.list_guardians_of(actor=actor, pupil_id=pupil_id, on=on)
        may = {
            "edit": access.may_towards(
                actor=actor, right=Right.CARDS_WRITE, pupil_id=pupil_id, on=on
            ),
            "family": access.may_on_duty(actor=actor, right=Right.FAMILY_CONFIRM, on=on),
            "invite": bool(list_providers())
            and access.may_towards(actor=actor, right=Right.SHEETS_PRINT, pupil_id=pupil_id, on=on),
            "factor": access.may_on_duty(actor=actor, right=Right.ACCOUNTS_BLOCK, on=on),
            "keep": access.may_on_duty(actor=actor, right=Right.PEOPLE_KEEP, on=on),
        }
        looks = _looks(actor, "pupil", pupil_id)
        note_looks(actor, card)
    guarded = _list_guarded([card, *guardians]) if may["factor"] else set()
    context = {
        "nav": school_menu(actor, "office:home"),
        "crumbs": crumbs(actor, ("home", "Канцелярия"), page=str(card.name)),
        "card": card,
        "factor_url": _factor_url(actor, "pupil", pupil_id) if card.account_id in guarded else "",
        "guardians": [
            {
                "card": one,
                "holds": one.holds_on(on),
                "factor_url": _factor_url(actor, "guardian", one.guardian_id)
                if one.account_id in guarded
                else "",
                "edit_url": link(actor, "guardian-edit", guardian_id=one.guardian_id),
                "confirm_url": link(actor, "link-confirm", link_id=one.link_id),
                "limit_url": link(actor, "link-limit", link_id=one.link_id),
                "end_url": link(actor, "link-end", link_id=one.link_id),
                "invite_url": link(actor, "invite", pupil_id=pupil_id, guardian_id=one.guardian_id),
            }
            for one in guardians
        ],
        "may": may,
        "edit_url": link(actor, "pupil-edit", pupil_id=pupil_id),
        "add_url": link(actor, "guardian-add", pupil_id=pupil_id),
        "leave_url": link(actor, "pupil-leave", pupil_id=pupil_id),
        **_who_looked(looks),
    }
    return render(request, "office/cards/pupil.html", context)


def _list_guarded(cards: Iterable[PersonalCard | GuardianCard]) -> set[int]:
    """Return the accounts of the cards that a second factor guards."""
    with public_transaction():
        return list_with_second_factor(account_ids=[one.account_id or 0 for one in cards])


def _factor_url(actor: Actor, kind: str, person_id: int) -> str:
    return link(actor, "second-factor-off", kind=kind, person_id=person_id)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def pupil_edit(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Show and take changes of a pupil's card."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_towards(actor=actor, right=Right.CARDS_WRITE, pupil_id=pupil_id, on=on)
        card = queries.get_pupils_card(actor=actor, pupil_id=pupil_id, on=on)
        kept = queries.list_extra_fields(on=on)

    def save(change: CardChange) -> None:
        operations.change_pupil(actor=actor, pupil_id=pupil_id, change=change, on=on)

    back = link(actor, "pupil", pupil_id=pupil_id)
    return _edit(request, card, kept, save, back)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def guardian_edit(request: Request, school: str, guardian_id: int) -> HttpResponse:
    """Show and take changes of a guardian's card."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        children = queries.list_children_ids(guardian_id=guardian_id, on=on)
        if not any(
            access.may_towards(actor=actor, right=Right.CARDS_WRITE, pupil_id=pk, on=on)
            for pk in children
        ):
            raise NotFound
        card = queries.get_guardians_card(actor=actor, guardian_id=guardian_id, on=on)
        kept = queries.list_extra_fields(on=on)
        note_looks(actor, card)

    def save(change: CardChange) -> None:
        operations.change_guardian(actor=actor, guardian_id=guardian_id, change=change, on=on)

    return _edit(request, card, kept, save, link(actor, "pupil", pupil_id=children[0]))


def make_card_form(card: PersonalCard, kept: list[str], data: Any) -> forms.Form:
    """Return the form of a card; contacts are in it for who may see them."""
    shown = contact_fields(kept) if card.contacts else {}
    kind = type("CardForm", (BirthForm,), dict(shown))  # Django empties the dict it is given
    first: dict[str, Any] = {
        "name": str(card.name),
        "sex": SEX_CODES.get(card.sex, ""),
        "birth_date": card.birth_date,
    }
    if card.contacts:
        first |= {name: getattr(card.contacts, name) for name in shown}
    form: forms.Form = kind(data, initial=first)
    return form


def change_of(form: forms.Form) -> CardChange:
    """Return what a valid form of a card says."""
    said = form.cleaned_data
    return CardChange(
        name=said["name"],
        sex=said["sex"],
        birth_date=said["birth_date"],
        phone=said.get("phone"),
        email=said.get("email"),
        address=said.get("address"),
    )


def _edit(
    request: Request,
    card: PersonalCard,
    kept: list[str],
    save: Callable[[CardChange], None],
    back: str,
) -> HttpResponse:
    actor = request.actor
    form = make_card_form(card, kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with school_transaction(actor, actor.school.id):
            save(change_of(form))
        messages.success(request, "Сохранено.")
        return HttpResponseRedirect(back)
    context = {
        "nav": school_menu(actor, "office:home"),
        "crumbs": crumbs(actor, ("home", "Канцелярия"), page=str(card.name)),
        "title": str(card.name),
        "lead": "Личная карта",
        "form": form,
        "action": "Сохранить",
        "back": back,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "office/form.html", context, status=status)


def note_looks(actor: Actor, card: PersonalCard) -> None:
    """Note that the card was opened, and its contacts if they were shown."""
    operations.record_look(actor=actor, what="card", kind=card.kind, object_id=card.id)
    if card.contacts is not None:
        operations.record_look(actor=actor, what="contacts", kind=card.kind, object_id=card.id)


def _looks(actor: Actor, kind: str, object_id: int) -> list[LookCard] | None:
    on = today_of(actor)
    if not access.may_on_duty(actor=actor, right=Right.LOOKS_READ, on=on):
        return None
    return queries.list_looks(actor=actor, kind=kind, object_id=object_id, on=on)


def _who_looked(looks: list[LookCard] | None) -> dict[str, Any]:
    """Return the lines «who looked» with names; None for who may not see them."""
    if looks is None:
        return {"looks": None}
    with public_transaction():
        names = get_display_names({one.account_id for one in looks if one.account_id})
    return {
        "looks": [
            {"at": one.at, "what": one.what_title, "name": names.get(one.account_id or 0, "—")}
            for one in looks
        ]
    }
