"""One consent: what the register knows, the paper, the scan, the withdrawal."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from foundation.files.queries import read_file
from foundation.files.serving import file_response, pdf_response
from kernel.errors import DomainError, NotFound
from kernel.names import parse_full_name
from portal.office.consents.frame import page, pdf, tabs, today_of, url
from services.people.access import check_may_accept_consent
from services.people.operations.consents import attach_scan, withdraw_consent
from services.people.operations.looks import record_look
from services.people.queries.consent_papers import get_signed_document, render_signed
from services.people.queries.consents import RegisterRow, get_operator, get_register_row
from services.regulation.queries import get_setting
from tenants.accounts.gate import Request


@never_cache
@require_GET
def consent(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Show a line of the register with what may be done to it."""
    return _show(request, consent_id)


def _show(request: Request, consent_id: int, error: str = "", status: int = 200) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        row = get_register_row(actor=actor, consent_id=consent_id, on=on)
        shown_tabs = tabs(actor, "consents", on)
        keeps_scan = bool(get_setting(key="consent.keep_scan", on=on).value)
        days = int(get_setting(key="consent.destroy_days", on=on).value)
        may_change = _may_change(request, row)
    here = {"consent_id": consent_id}
    context = {
        "tabs": shown_tabs,
        "row": row,
        "error": error,
        "days": days,
        "may_change": may_change,
        "may_scan": may_change and keeps_scan and row.card.file_id is None and not row.erasure_id,
        "back_url": url("consents", actor),
        "paper_url": url("consent-paper", actor, **here) if not row.erasure_id else "",
        "scan_url": url("consent-scan", actor, **here),
        "form_url": url("withdrawal-paper", actor, **here),
        "withdraw_url": url("withdraw-consent", actor, **here),
        "act_url": _act_url(request, row.destruction_id),
        "erasure_url": _act_url(request, row.erasure_id),
    }
    return page(request, "consent.html", context, status)


def _may_change(request: Request, row: RegisterRow) -> bool:
    try:
        check_may_accept_consent(
            actor=request.actor, pupil_id=row.card.pupil_id, on=today_of(request.actor)
        )
    except NotFound:
        return False
    return True


def _act_url(request: Request, act_id: int | None) -> str:
    return url("destruction-act", request.actor, act_id=act_id) if act_id else ""


@never_cache
@require_GET
def paper(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Answer with what was signed, word for word; the look is noted."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        row = get_register_row(actor=actor, consent_id=consent_id, on=on)
        signed = get_signed_document(row=row)
        record_look(actor=actor, what="document", kind="consent", object_id=consent_id)
    name = f"consent-{signed.number.replace('/', '-')}.pdf"
    return pdf_response(name, render_signed(signed=signed))


@never_cache
@require_http_methods(["GET", "POST"])
def scan(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Show the scan of the signed paper, or attach it, once."""
    actor, on = request.actor, today_of(request.actor)
    if request.method == "POST":
        return _attach(request, consent_id)
    with school_transaction(actor, actor.school.id):
        row = get_register_row(actor=actor, consent_id=consent_id, on=on)
        if row.card.file_id is None:
            raise NotFound
        kept = read_file(file_id=row.card.file_id)
        record_look(actor=actor, what="document", kind="consent", object_id=consent_id)
    return file_response(kept)


def _attach(request: Request, consent_id: int) -> HttpResponse:
    actor = request.actor
    upload = request.FILES.get("scan")
    if upload is None:
        with school_transaction(actor, actor.school.id):
            row = get_register_row(actor=actor, consent_id=consent_id, on=today_of(actor))
            check_may_accept_consent(actor=actor, pupil_id=row.card.pupil_id, on=today_of(actor))
        return _show(request, consent_id, "Выберите файл со сканом.", 400)
    try:
        with school_transaction(actor, actor.school.id):
            attach_scan(
                actor=actor,
                consent_id=consent_id,
                name=upload.name or "scan",
                content=upload.read(),
                now=clock.now(),
            )
    except NotFound:
        raise
    except DomainError as refusal:
        return _show(request, consent_id, refusal.message, 400)
    messages.success(request, "Скан приложен.")
    return HttpResponseRedirect(url("consent", actor, consent_id=consent_id))


@never_cache
@require_POST
def withdraw(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Write down a withdrawal that came on paper; the second press changes nothing."""
    actor = request.actor
    if "is_signed" not in request.POST:
        error = "Отметьте, что письменный отзыв подписан и получен."
        return _show(request, consent_id, error, 400)
    with school_transaction(actor, actor.school.id):
        withdraw_consent(actor=actor, consent_id=consent_id, manner="desk", now=clock.now())
    messages.success(request, "Согласие отозвано. Доступ к дневнику закрывается.")
    return HttpResponseRedirect(url("consent", actor, consent_id=consent_id))


@never_cache
@require_GET
def withdrawal_paper(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Answer with the form of a withdrawal, filled for this consent."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        row = get_register_row(actor=actor, consent_id=consent_id, on=on)
        operator = get_operator(actor=actor, on=on)
        days = int(get_setting(key="consent.destroy_days", on=on).value)
    data = {
        "title": "Отзыв согласия на обработку персональных данных",
        "number": row.withdrawal_number,
        "on": row.card.withdrawn_at or "",
        "operator": {"name": operator.name, "address": operator.address},
        "applicant": row.applicant,
        "applicant_short": _initials(row.applicant),
        "accepter": "",
        "child": row.child if row.card.kind == "parent" else "",
        "consent_number": row.card.number,
        "consent_on": row.card.accepted_on,
        "destroy_days": days,
    }
    return pdf(f"withdrawal-{consent_id}.pdf", "people/withdrawal.typ", data)


def _initials(name: str) -> str:
    try:
        return parse_full_name(name).with_initials
    except DomainError:
        return name
