"""Signing in through ЕСИА or another provider: there and back, and the page of a stranger.

What the session keeps of a trip is used once and lives ten minutes; of a person nobody knows yet it
keeps the provider's number and a digest, never a name or СНИЛС.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import public_transaction
from kernel.errors import DomainError, NotFound
from portal.home.entering import let_in, safe_target
from tenants.accounts.confirmation import note_esia, require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.accounts.queries import get_account_state
from tenants.external import operations
from tenants.external.providers.configured import get_provider
from tenants.external.queries import list_linked
from tenants.external.rules import (
    AnswerIsForged,
    IdentityProvider,
    OutsidePerson,
    PersonIsUnknown,
    person_of,
)

ONLY_WAY_IN = "Другого входа у вас нет. Сначала возьмите в школе лист активации и задайте пароль."
ESIA = "esia"  # the code its adapter goes by
TRIP, STRANGER = "outside-trip", "outside-stranger"
TRIP_LIFE = timedelta(minutes=10)
STRANGER_LIFE = timedelta(minutes=15)
LARGEST_TRY = 10


@never_cache
@require_GET
def depart(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the browser of somebody signed out to the provider."""
    if _account_of(request) is not None:
        return HttpResponseRedirect(reverse("home:account"))
    return _depart(request, provider)


@never_cache
@require_GET
@require_fresh_confirmation
def link(request: Request, provider: str) -> HttpResponse:
    """Send a signed-in person to the provider, to join the two sign-ins."""
    return _depart(request, provider)


def _depart(request: HttpRequest, provider: str) -> HttpResponse:
    asked = _provider_or_404(provider)
    now = clock.now()
    try:
        departure = asked.depart(return_url=_return_url(request, provider), now=now)
    except DomainError as error:
        return _tell(request, error)
    request.session[TRIP] = {
        "provider": provider,
        "kept": departure.kept,
        "next": safe_target(request),
        "account": _account_of(request),
        "at": now.isoformat(),
    }
    return HttpResponseRedirect(departure.url)


@never_cache
@require_GET
def arrive(request: Request, provider: str) -> HttpResponse:
    """Let the person who came back in, link them, or ask a stranger for a code."""
    asked = _provider_or_404(provider)
    now = clock.now()
    trip = _take(request, TRIP, TRIP_LIFE, now)
    try:
        begun_by = (provider, _account_of(request))
        if (trip.get("provider"), trip.get("account")) != begun_by:
            raise AnswerIsForged
        claims = asked.arrive(
            kept=trip["kept"],
            answer=request.GET.dict(),
            return_url=_return_url(request, provider),
            now=now,
        )
        person = person_of(claims, key=settings.IDENTITY_KEY.encode())
        if request.visitor is not None:
            return _link(request, person, asked)
        with public_transaction():
            account_id = operations.recognise(person=person)
    except PersonIsUnknown:
        kept = {**asdict(person), "next": trip["next"], "at": now.isoformat(), "tries": 0}
        request.session[STRANGER] = kept
        return HttpResponseRedirect(reverse("home:outside-stranger"))
    except DomainError as error:
        return _tell(request, error)
    answer = let_in(request, account_id, trip["next"])
    if provider == ESIA and claims.is_confirmed:
        note_esia(request)
    return answer


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def stranger(request: HttpRequest) -> HttpResponse:
    """Ask a person nobody knows yet for an invitation code."""
    now = clock.now()
    kept = request.session.get(STRANGER)
    if kept is None or now - datetime.fromisoformat(kept["at"]) > STRANGER_LIFE:
        request.session.pop(STRANGER, None)
        return HttpResponseRedirect(reverse("home:sign-in"))
    title = _provider_or_404(kept["provider"]).title
    if request.method == "GET":
        context = {"provider": title, "error": "", "code": ""}
        return render(request, "home/outside_stranger.html", context)
    kept["tries"] += 1
    request.session[STRANGER] = kept
    typed = request.POST.get("code", "")[:100]
    person = OutsidePerson(kept["provider"], kept["subject"], kept["identity_digest"])
    try:
        if kept["tries"] > LARGEST_TRY:
            raise AnswerIsForged
        with public_transaction():
            account_id = operations.accept_invitation(person=person, code=typed, now=now)
    except AnswerIsForged as error:
        del request.session[STRANGER]
        return _tell(request, error)
    except DomainError as error:
        context = {"provider": title, "error": error.message, "code": typed}
        return render(request, "home/outside_stranger.html", context, status=400)
    del request.session[STRANGER]
    return let_in(request, account_id, kept["next"])


@require_POST
@require_fresh_confirmation
def unlink(request: Request, provider: str) -> HttpResponse:
    """End an outside sign-in of one's own account, unless it is the only way in."""
    assert request.visitor is not None
    _provider_or_404(provider)
    me = request.visitor.account_id
    others = [one for one in list_linked(account_id=me) if one.provider != provider]
    if not others and not get_account_state(account_id=me).is_activated:
        messages.error(request, ONLY_WAY_IN)
        return HttpResponseRedirect(reverse("home:account"))
    with public_transaction():
        operations.unlink(account_id=me, provider=provider)
    messages.success(request, "Вход больше не связан с вашей учётной записью.")
    return HttpResponseRedirect(reverse("home:account"))


def _link(request: Request, person: OutsidePerson, provider: IdentityProvider) -> HttpResponse:
    assert request.visitor is not None
    with public_transaction():
        operations.link(account_id=request.visitor.account_id, person=person)
    messages.success(request, f"Теперь можно входить через «{provider.title}».")
    return HttpResponseRedirect(reverse("home:account"))


def _account_of(request: HttpRequest) -> int | None:
    """Return who is signed in: who comes back must be who went."""
    visitor = getattr(request, "visitor", None)
    return visitor.account_id if visitor else None


def _take(request: HttpRequest, name: str, life: timedelta, now: datetime) -> dict[str, Any]:
    """Return what the session kept under a name, which is gone now; nothing of what is too old."""
    kept: dict[str, Any] = request.session.pop(name, {})
    is_fresh = bool(kept) and now - datetime.fromisoformat(kept["at"]) <= life
    return kept if is_fresh else {}


def _tell(request: HttpRequest, error: DomainError) -> HttpResponse:
    messages.error(request, error.message)
    back = "home:sign-in" if _account_of(request) is None else "home:account"
    return HttpResponseRedirect(reverse(back))


def _return_url(request: HttpRequest, provider: str) -> str:
    path = reverse("home:outside-return", kwargs={"provider": provider})
    return request.build_absolute_uri(path)


def _provider_or_404(code: str) -> IdentityProvider:
    try:
        return get_provider(code)
    except NotFound as error:
        raise Http404 from error
