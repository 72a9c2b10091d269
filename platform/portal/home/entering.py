"""The last step of every way in: the session, the device, the look of pages, where to.

Password, activation, reset and outside sign-in all end here (`let_in`).
"""

import secrets

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.db.door import public_transaction
from portal.shell.appearance import Appearance, keep_in_cookie
from tenants.accounts.known_devices import recognise_device
from tenants.accounts.visitor import find_account

BACKEND = "tenants.accounts.authentication.PasswordBackend"
DEVICE_COOKIE_AGE = 400 * 24 * 3600


def safe_target(request: HttpRequest) -> str:
    """Return the path a person was going to, or "" when it leads elsewhere."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


def device_of(request: HttpRequest) -> str:
    """Return the cookie of a device that has been here, or ""."""
    return request.COOKIES.get(settings.OKRUG_DEVICE_COOKIE, "")


def let_in(request: HttpRequest, account_id: int, target: str = "") -> HttpResponse:
    """Sign a person in who proved who they are, and lead them on.

    The gate asks for the second factor before anything else opens. A device that is new to the
    account is told to its owner. Raise `NotFound` for an account that may not work.
    """
    account = find_account(account_id)
    device = device_of(request) or secrets.token_urlsafe(24)
    with public_transaction(account_id):
        kept = recognise_device(
            account_id=account_id, device=device, browser=request.headers.get("User-Agent", "")
        )
    login(request, account, backend=BACKEND)
    response = HttpResponseRedirect(target or "/")
    response.set_cookie(
        settings.OKRUG_DEVICE_COOKIE,
        device,
        max_age=DEVICE_COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    if kept.appearance:
        keep_in_cookie(response, request, Appearance.parse(kept.appearance))
    return response
