"""An invitation to sign in from outside: a code for one guardian of one child, shown once."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.errors import NotFound
from kernel.rights import Right
from portal.office.frame import link, today_of
from portal.shell.menus import school_menu
from services.people import access, queries
from tenants.accounts.gate import Request
from tenants.external.operations import issue_invitation
from tenants.external.providers.configured import list_providers


@never_cache
@require_POST
def invite(request: Request, school: str, pupil_id: int, guardian_id: int) -> HttpResponse:
    """Issue a code and show it; the former one of this guardian and child is dead."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        access.check_towards(actor=actor, right=Right.SHEETS_PRINT, pupil_id=pupil_id, on=on)
        guardians = queries.list_guardians_of(actor=actor, pupil_id=pupil_id, on=on)
        mine = [one for one in guardians if one.guardian_id == guardian_id and one.holds_on(on)]
        if not mine or not list_providers():
            raise NotFound
        card = queries.get_guardians(guardian_ids=[guardian_id])[guardian_id]
        child = queries.get_pupil_card(pupil_id=pupil_id, on=on)
    back = link(actor, "pupil", pupil_id=pupil_id)
    if card.account_id is None or not mine[0].may_read_diary or mine[0].state == "proposed":
        messages.error(
            request, "Сначала подтвердите представителя и откройте ему доступ к дневнику."
        )
        return HttpResponseRedirect(back)
    with public_transaction(actor.account_id):
        code = issue_invitation(
            account_id=card.account_id,
            school_id=actor.school.id,
            pupil_id=pupil_id,
            issued_by=actor.account_id,
            now=clock.now(),
        )
    context = {
        "nav": school_menu(actor, "office:home"),
        "code": code,
        "guardian": str(card.name),
        "child": str(child.name),
        "providers": [one.title for one in list_providers()],
        "back": back,
    }
    return render(request, "office/invitation.html", context)
