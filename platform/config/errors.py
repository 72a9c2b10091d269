"""What went wrong, said by the door that was knocked at: JSON under `/api/`, a page elsewhere.

The doors do not know each other, so the roof decides between them.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from api.rest import problems
from kernel.errors import Unavailable
from portal.shell import errors as pages


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    if _is_api(request):
        return problems.bad_request(request)
    return pages.bad_request(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if _is_api(request):
        return problems.not_found(request)
    return pages.page_not_found(request, exception)


def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    """Answer 503 for what is away for a while: a school that comes back from a copy."""
    if _is_api(request):
        return problems.unavailable(request, error)
    return pages.unavailable(request, error)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a change whose form key is missing or stale."""
    if _is_api(request):
        return problems.csrf_failure(request)
    return pages.csrf_failure(request, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when it was the database that did not answer.

    A failure on the way to the view, while the visitor is looked up, is seen nowhere else.
    """
    is_busy = isinstance(sys.exception(), OperationalError | InterfaceError)
    if _is_api(request):
        door = problems.service_unavailable if is_busy else problems.server_error
        return door(request)
    page = pages.service_unavailable if is_busy else pages.server_error
    return page(request)
