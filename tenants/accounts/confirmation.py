"""Fresh confirmation (свежее подтверждение): before what cannot be taken back, once more who it is.

For mass export, changes of roles, closing a school, changes of one's own ways in.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.accounts.gate import Request

P = ParamSpec("P")
THROUGH_ESIA = "through-esia"
R = TypeVar("R", bound=HttpResponseBase)  # a file may be streamed


def require_fresh_confirmation(
    view: Callable[Concatenate[Request, P], R],
) -> Callable[Concatenate[Request, P], R | HttpResponse]:
    """Let a view run only within ten minutes of a password or a code; else ask for one first.

    The person comes back to the page: to the same address after GET, to the page of the form after
    POST (decorate that page too, then a form is never filled in vain). A program is refused.
    """

    def confirmed(request: Request, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        visitor = request.visitor
        if visitor is not None and visitor.proof.is_fresh:
            return view(request, *args, **kwargs)
        return ask_confirmation(request)

    return cast("Callable[Concatenate[Request, P], R | HttpResponse]", wraps(view)(confirmed))


def confirm_mass_export(
    when: Callable[[Request], bool] | None = None,
) -> Callable[
    [Callable[Concatenate[Request, P], R]], Callable[Concatenate[Request, P], R | HttpResponse]
]:
    """Let a view hand out the data of many people only to who is confirmed afresh.

    Mass export (массовая выгрузка): the data of a class, a school or a register as a file.
    `when` tells it where a view gives other things too. A download leaves the browser where it
    stands, so the person comes back to the page with its button, and presses it again.
    """

    def decorate(
        view: Callable[Concatenate[Request, P], R],
    ) -> Callable[Concatenate[Request, P], R | HttpResponse]:
        def confirmed(request: Request, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            visitor = request.visitor
            is_fresh = visitor is not None and visitor.proof.is_fresh
            if is_fresh or (when is not None and not when(request)):
                return view(request, *args, **kwargs)
            return ask_confirmation(request, back_to=_page_before(request))

        return cast("Callable[Concatenate[Request, P], R | HttpResponse]", wraps(view)(confirmed))

    return decorate


def ask_confirmation(request: Request, *, back_to: str = "") -> HttpResponse:
    """Lead to the page that asks once more who it is, or refuse a program."""
    if "json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
        return _refuse()
    page_of_form = _page_before(request) or "/"
    target = back_to or (request.get_full_path() if request.method == "GET" else page_of_form)
    page = reverse(settings.CONFIRMATION_URL)
    return HttpResponseRedirect(f"{page}?{urlencode({'next': target})}")


def _page_before(request: Request) -> str:
    """Return the page of ours a person came from, or ""."""
    page = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return page if safe else ""


def _refuse() -> HttpResponse:
    problem = {
        "type": "about:blank",
        "title": "Нужно подтвердить вход",
        "status": HTTPStatus.FORBIDDEN,
        "code": "fresh-confirmation-required",
        "detail": "Для этого действия нужно ещё раз ввести пароль на странице портала.",
    }
    media_type = "application/problem+json"
    return JsonResponse(problem, status=HTTPStatus.FORBIDDEN, content_type=media_type)


def came_through_esia(request: HttpRequest) -> bool:
    """Return whether this session began at ЕСИА, with an identity that ЕСИА has confirmed."""
    return bool(request.session.get(THROUGH_ESIA))


def note_esia(request: HttpRequest) -> None:
    """Note that the session that has just begun was begun at ЕСИА; after `login`."""
    request.session[THROUGH_ESIA] = True
