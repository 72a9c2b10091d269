"""What a page answers when the domain refuses, or when the database does not answer."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.errors import DomainError, NotFound, Unavailable, Unreadable
from portal.shell.errors import (
    Trouble,
    page_not_found,
    problem,
    service_unavailable,
    unavailable,
    wants_json,
)

logger = logging.getLogger(__name__)


class TroubleMiddleware:
    """Turn errors of the rooms into pages, or into problem+json for scripts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 400, 404, 409 or 503; anything else is ours to hear of."""
        if isinstance(error, OperationalError | InterfaceError):
            logger.exception("request.database_unavailable")
            return service_unavailable(request)
        if isinstance(error, Unavailable):
            return unavailable(request, error)
        is_asked_for = wants_json(request)
        if isinstance(error, NotFound):
            return problem(404, error) if is_asked_for else page_not_found(request)
        if isinstance(error, DomainError):
            if is_asked_for:
                bad = isinstance(error, Unreadable)
                return problem(HTTPStatus.BAD_REQUEST if bad else HTTPStatus.CONFLICT, error)
            trouble = Trouble(409, error.message, "Вернитесь назад: введённое там сохранилось.")
            return render(request, "shell/page_error.html", {"trouble": trouble}, status=409)
        return None
