"""Every request has an id: in logs, in the audit, in the answer's header. And it is plain text.

Every answer tells the browser what it may load.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from structlog.contextvars import bind_contextvars, clear_contextvars

GIVEN = re.compile(r"\A[0-9A-Fa-f-]{32,64}\Z")  # as proxies make them: no word, no phone fits
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class RequestIdMiddleware:
    """Take the proxy's `X-Request-ID` when it is plain, else make one; every log line bears it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.match(given) else uuid.uuid4().hex
        request.META["okrug.request_id"] = request_id
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
        finally:
            clear_contextvars()
        response["X-Request-ID"] = request_id
        return response


class ContentPolicyMiddleware:
    """Say what a page may load: the same to everybody, so it is written once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response


class PlainTextMiddleware:
    """Refuse an address or a form with a zero byte: no keyboard types it, no database keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Raise `BadRequest` for a zero byte."""
        # A program's form is refused as such; read here, its stream would be gone by then.
        is_form = request.content_type in FORMS and not request.path.startswith("/api/")
        forms = [request.GET, request.POST] if is_form else [request.GET]
        if any("\0" in value for form in forms for value in _values(form)):
            raise BadRequest("A zero byte.")


def _values(form: QueryDict) -> Iterable[str]:
    return chain.from_iterable(values for _, values in form.lists())
