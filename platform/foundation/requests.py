"""Every request has an id: in logs, in the audit, in the answer's header."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GIVEN = re.compile(r"\A[A-Za-z0-9-]{8,64}\Z")


class RequestIdMiddleware:
    """Take the proxy's `X-Request-ID` when it is plain, else make one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.match(given) else uuid.uuid4().hex
        request.META["okrug.request_id"] = request_id
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
