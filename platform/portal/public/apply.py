"""The application: a form that keeps what was typed, and is sent once however often it is pressed.

Nothing here looks a child up: whether a child of that name learns at the school, the page does not
know, so it cannot tell (the same answer in the same time). The clerk recognises people later.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from kernel.errors import DomainError
from kernel.names import matching_key
from portal.public.forms import ApplicationForm, as_draft
from portal.public.frame import actor_of, network_digest, render_open, url_of
from services.cases import access
from services.cases.operations.applying import (
    Door,
    Receipt,
    drop_draft,
    keep_draft,
    submit_application,
)
from services.cases.queries.cases import Draft, find_draft, find_own_draft
from services.regulation.queries import get_settings
from tenants.accounts.gate import Request

COOKIE = "okrug_form"
SHOWN_FOR = 30 * 60  # the number and the code stay on the phone's page for half an hour
KEYS = ["service.apply_without_sign_in", "service.draft_days", "access.parent_due_workdays"]
# Errors of the rules stand beside the field they are about.
FIELD_OF = {
    "child-is-adult": "birth_date",
    "applicant-is-too-young": "birth_date",
    "parental-consent-is-missing": "parental_consent",
    "contact-is-missing": "phone",
    "file-is-not-accepted": "parental_consent",
}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def apply(request: Request, school: str) -> HttpResponse:
    """Show the form with what was typed before; take the application in."""
    actor = request.actor
    key = _key_of(request)
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        held = {name: one.value for name, one in get_settings(keys=KEYS, on=today).items()}
        if key is None and request.visitor is not None:
            key = find_own_draft(account_id=request.visitor.account_id)
        draft = find_draft(key=key) if key is not None else None
    if not held[KEYS[0]] and request.visitor is None:
        target = f"{reverse('home:sign-in')}?next={request.path}"
        return HttpResponseRedirect(target)
    if request.method == "POST" and key is not None:
        return _submit(request, key, held)
    if key is None or draft is None or draft.number:
        key, draft = uuid4() if key is None or (draft and draft.number) else key, None
    form = ApplicationForm(initial=_initial(request, draft))
    answer = _show(request, form, key, held, is_kept=draft is not None)
    _remember(request, answer, key, _seconds_kept(held))
    return answer


def _submit(request: Request, key: UUID, held: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    form = ApplicationForm(request.POST, request.FILES)
    door = _door(request, key, form)
    now = clock.now()
    status = HTTPStatus.BAD_REQUEST
    if form.is_valid():
        try:
            with school_transaction(actor, actor.school.id):
                receipt = submit_application(
                    actor=actor, door=door, typed=form.typed(), papers=form.papers(), now=now
                )
        except DomainError as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal.message)
            if refusal.code == "too-many-applications":
                status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return _lead_on(request, key, receipt)
    _keep_quietly(request, door)
    answer = _show(request, form, key, held, is_kept=True, status=status)
    _remember(request, answer, key, _seconds_kept(held))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["Retry-After"] = "600"
    return answer


@never_cache
@sensitive_post_parameters()
@require_POST
def keep(request: Request, school: str) -> HttpResponse:
    """Keep what was typed so far: the script asks after each pause, a button without it."""
    key = _read_key(request.POST.get("key", ""))
    actor = actor_of(request)
    if key is None:
        return JsonResponse({"detail": "Форма устарела: обновите страницу."}, status=400)
    door = _door(request, key, None)
    now = clock.now()
    try:
        with school_transaction(actor, actor.school.id):
            keep_draft(actor=actor, door=door, typed=as_draft(request.POST), now=now)
    except DomainError as refusal:
        return JsonResponse({"detail": refusal.message}, status=HTTPStatus.CONFLICT)
    saved_at = clock.hour(now, actor.school.timezone)
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({"saved_at": saved_at})
    messages.success(request, f"Черновик сохранён в {saved_at}. Можно закрыть страницу.")
    return HttpResponseRedirect(url_of("public:apply", actor.school.slug))


@never_cache
@require_POST
def drop(request: Request, school: str) -> HttpResponse:
    """Erase the draft, also from somebody else's phone."""
    actor = request.actor
    key = _read_key(request.POST.get("key", "")) or _key_of(request)
    if key is not None:
        with school_transaction(actor, actor.school.id):
            drop_draft(actor=actor, key=key)
    messages.info(request, "Черновик удалён.")
    answer = HttpResponseRedirect(url_of("public:service", actor.school.slug))
    answer.delete_cookie(COOKIE, path=f"/p/{actor.school.slug}/")
    return answer


@never_cache
@require_GET
def done(request: Request, school: str) -> HttpResponse:
    """Show the number and the code to the phone that has just sent the form."""
    actor = request.actor
    key = _read_key(request.COOKIES.get(COOKIE, ""))  # never of the address: it may be shared
    with school_transaction(actor, actor.school.id):
        draft = find_draft(key=key) if key is not None else None
    if key is None or draft is None or not draft.number:
        return HttpResponseRedirect(url_of("public:status", actor.school.slug))
    today = clock.today(actor.school.timezone)
    context = {
        "number": draft.number,
        "secret": access.make_secret(key),
        "today": today,
        "status_url": url_of("public:status", actor.school.slug),
        "paper_url": url_of("public:paper", actor.school.slug),
    }
    return render_open(request, "public/done.html", context)


def _lead_on(request: Request, key: UUID, receipt: Receipt) -> HttpResponse:
    slug = request.actor.school.slug
    if request.visitor is not None:
        place = {"slug": slug, "case": receipt.case_id}
        answer = HttpResponseRedirect(reverse("guardian:service-case", kwargs=place))
        answer.delete_cookie(COOKIE, path=f"/p/{slug}/")
        return answer
    answer = HttpResponseRedirect(url_of("public:done", slug))
    _remember(request, answer, key, SHOWN_FOR)
    return answer


def _show(
    request: Request,
    form: ApplicationForm,
    key: UUID,
    held: dict[str, object],
    *,
    is_kept: bool,
    status: int = 200,
) -> HttpResponse:
    slug = request.actor.school.slug
    context = {
        "form": form,
        "key": key,
        "is_kept": is_kept,
        "is_signed_in": request.visitor is not None,
        "days": held[KEYS[2]],
        "keep_url": url_of("public:keep", slug),
        "drop_url": url_of("public:drop", slug),
        "sign_in_url": f"{reverse('home:sign-in')}?next={request.path}",
    }
    return render_open(request, "public/apply.html", context, status=status)


def _initial(request: Request, draft: Draft | None) -> dict[str, str]:
    if draft is not None:
        return draft.typed
    first = {"who": "parent", "delivery": "portal"}
    if request.visitor is not None:
        first["applicant"] = request.visitor.display_name
    return first


def _door(request: Request, key: UUID, form: ApplicationForm | None) -> Door:
    visitor = request.visitor
    if visitor is None:
        return Door("anonymous", key, network=network_digest(request))
    typed = form.cleaned_data.get("applicant") if form is not None and form.is_valid() else None
    is_holder = typed is not None and matching_key(typed).replace("|", " ").split() == [
        word.lower().replace("ё", "е") for word in visitor.display_name.replace("-", " ").split()
    ]
    return Door("portal", key, visitor.account_id, is_account_holder=is_holder)


def _keep_quietly(request: Request, door: Door) -> None:
    """Keep what was typed in a form that was refused; a full house must not lose it."""
    actor = actor_of(request)
    try:
        with school_transaction(actor, actor.school.id):
            keep_draft(actor=actor, door=door, typed=as_draft(request.POST), now=clock.now())
    except DomainError:
        return


def _key_of(request: Request) -> UUID | None:
    posted = request.POST.get("key", "") or request.GET.get("form", "")
    return _read_key(posted) or _read_key(request.COOKIES.get(COOKIE, ""))


def _seconds_kept(held: dict[str, Any]) -> int:
    return int(held[KEYS[1]]) * 24 * 3600


def _read_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _remember(request: Request, answer: HttpResponse, key: UUID, seconds: int) -> None:
    answer.set_cookie(
        COOKIE,
        str(key),
        max_age=seconds,
        path=f"/p/{request.actor.school.slug}/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
