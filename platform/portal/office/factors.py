"""Taking a second factor off for somebody who lost the phone and the paper codes.

The school sees the person and a document first. The password stays, sessions end, the person hears
of it, and the journal of actions keeps who did it.
"""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from portal.office.frame import link, today_of
from services.people import access, queries
from services.people.queries import PersonalCard
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.accounts.operations import take_factor_off
from tenants.accounts.queries.roles import list_with_second_factor, works_elsewhere


class WorksElsewhere(DomainError):
    """The factor guards another school's, or the committee's, data as well."""

    code = "works-elsewhere"
    message = (
        "Этот человек работает и в другой школе или в комитете: второй фактор снимает "
        "администратор округа."
    )


def _pupil(actor: Actor, person_id: int, on: date) -> PersonalCard:
    return queries.get_pupils_card(actor=actor, pupil_id=person_id, on=on)


def _guardian(actor: Actor, person_id: int, on: date) -> PersonalCard:
    return queries.get_guardians_card(actor=actor, guardian_id=person_id, on=on)


def _employee(actor: Actor, person_id: int, on: date) -> PersonalCard:
    return queries.get_employees_card(actor=actor, employee_id=person_id, on=on).person


CARDS: dict[str, Callable[[Actor, int, date], PersonalCard]] = {
    "pupil": _pupil,
    "guardian": _guardian,
    "employee": _employee,
}


@require_POST
def drop(request: Request, school: str, kind: str, person_id: int) -> HttpResponseBase:
    """Take the second factor off a person of the school, after a fresh confirmation."""
    actor, on = request.actor, today_of(request.actor)
    if kind not in CARDS:
        raise NotFound
    with school_transaction(actor, actor.school.id):
        access.check_on_duty(actor=actor, right=Right.ACCOUNTS_BLOCK, on=on)
        card = CARDS[kind](actor, person_id, on)
    return _drop(request, card)


def has_factor(account_id: int | None) -> bool:
    """Return whether an account is guarded by a second factor."""
    if account_id is None:
        return False
    with public_transaction():
        return account_id in list_with_second_factor(account_ids=[account_id])


@require_fresh_confirmation
def _drop(request: Request, card: PersonalCard) -> HttpResponse:
    actor = request.actor
    if card.account_id is not None:
        with public_transaction(actor.account_id, actor.request_id):
            if works_elsewhere(account_id=card.account_id, school_id=actor.school.id):
                raise WorksElsewhere
            was_there = take_factor_off(
                account_id=card.account_id, where=actor.school.short_name, key=actor.request_id
            )
        if was_there:
            messages.success(request, "Второй фактор снят, человек об этом извещён.")
    if card.kind == "employee":
        return HttpResponseRedirect(link(actor, "employee", employee_id=card.id))
    return HttpResponseRedirect(link(actor, "home"))
