"""The archive of the school: ask for it, see when it is ready, take it (XCH-013, NFR-017).

Mass export of personal data: every step asks who it is once more.
"""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import public_transaction
from portal.shell.menus import school_menu
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.archive.operations import ExportIsUnderWay, ask_export, read_pieces, take_export
from tenants.archive.queries import list_exports


@never_cache
@require_http_methods(["GET", "POST"])
@require_fresh_confirmation
def archive(request: Request, school: str) -> HttpResponse:
    """Show the archives that were asked for; ask for a new one."""
    actor = request.actor
    if request.method == "POST":
        try:
            with public_transaction(actor.account_id, actor.request_id):
                ask_export(school_id=actor.school.id, account_id=actor.account_id, name=actor.name)
        except ExportIsUnderWay as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Архив делается. Когда будет готов, придёт уведомление.")
        return HttpResponseRedirect(reverse("office:archive", kwargs={"school": actor.school.slug}))
    with public_transaction(actor.account_id, actor.request_id):
        exports = list_exports(school_id=actor.school.id)
    context = {
        "nav": school_menu(actor, "office:archive"),
        "exports": exports,
        "is_busy": any(one.state in {"asked", "making"} for one in exports),
    }
    with override(ZoneInfo(actor.school.timezone)):
        return render(request, "office/archive.html", context)


@never_cache
@require_GET
@require_fresh_confirmation
def take(request: Request, school: str, export_id: int) -> StreamingHttpResponse:
    """Hand out an archive; who took it stands in the journal of actions."""
    actor, now = request.actor, clock.now()
    with public_transaction(actor.account_id, actor.request_id):
        place = take_export(
            school_id=actor.school.id, export_id=export_id, account_id=actor.account_id, now=now
        )
    answer = StreamingHttpResponse(read_pieces(place), content_type="application/zip")
    answer["Content-Length"] = str(place.stat().st_size)
    answer["Content-Encoding"] = "identity"  # packed already: not once more on the way
    answer["Content-Disposition"] = f'attachment; filename="{actor.school.slug}-{export_id}.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
