"""«Кто видит мой дневник»: an adult pupil lets a parent read the diary, or does not any more."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from kernel.errors import NotFound
from portal.guardian.family import Child, render_child
from services.diary import access, operations
from services.diary.queries.parents import is_adult_pupil, list_parent_access
from tenants.accounts.gate import Request


@never_cache
@require_http_methods(["GET", "POST"])
def parents(request: Request, school: str, child: int) -> HttpResponse:
    """Show the pupil who reads the diary; take the word of an adult pupil."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        view = access.get_child(actor=actor, pupil_id=child, on=on)
        if not view.is_self:
            raise NotFound
        is_adult = is_adult_pupil(actor=actor, on=on)
        rows = list_parent_access(actor=actor, on=on) if is_adult else []
    if request.method == "POST":
        _save(request)
        return HttpResponseRedirect(Child(view, actor.school).url("guardian:parents"))
    context = {"is_adult": is_adult, "parents": rows}
    return render_child(request, "guardian:parents", view, context)


def _save(request: Request) -> None:
    actor, guardian = request.actor, request.POST.get("guardian", "")
    if not guardian.isdecimal():
        raise NotFound
    change = (
        operations.agree_to_parent
        if request.POST.get("open") == "yes"
        else operations.take_agreement_back
    )
    with school_transaction(actor, actor.school.id):
        change(actor=actor, guardian_id=int(guardian), now=clock.now())
    if request.POST.get("open") == "yes":
        messages.success(request, "Разрешено. Дневник откроется родителю через минуту.")
    else:
        messages.success(request, "Дневник родителю закрыт.")
