"""Who goes first when the portal is full, and what the others hear."""

import random
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.http import HttpRequest

from config.capacity import DESKS, LINES
from foundation.reception import Application, Environ, Reception, Urgency
from portal.shell.errors import service_unavailable

WRITES_INTO_JOURNAL = re.compile(r"(/api/v1)?/s/[^/]+/(journal|lessons)/")
RETRY_SECONDS = (5, 15)  # not all of them at the same second
SAFE_HEADERS = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
]
PROBLEM = (
    '{"type":"about:blank","title":"Сервис ненадолго занят","status":503,"code":"busy",'
    '"detail":"Сейчас обращается очень много людей. Повторите через несколько секунд."}'
)


def receive(application: Application) -> Reception:
    """Return the portal with its reception."""
    return Reception(application, desks=DESKS, lines=LINES, urgency_of=urgency_of, refuse=refuse)


def urgency_of(environ: Environ) -> Urgency | None:
    """Return how urgent a request is: journal writes first, then work at school, then reading."""
    path = environ.get("PATH_INFO", "/")
    if path.startswith("/static/") or path == "/health/live":
        return None
    is_writing = environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}
    if path.startswith(("/health/", "/metrics")) or (
        is_writing and WRITES_INTO_JOURNAL.match(path)
    ):
        return Urgency.AT_ONCE
    if path.startswith(("/s/", "/api/v1/s/")) or is_writing:
        return Urgency.SOON
    return Urgency.LATER


def refuse(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer 503 without asking anybody: a page, or a problem for programs and scripts."""
    wants_page = "text/html" in environ.get("HTTP_ACCEPT", "")
    body = _page() if wants_page else PROBLEM.encode()
    kind = "text/html; charset=utf-8" if wants_page else "application/problem+json"
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Retry-After", str(random.randint(*RETRY_SECONDS))),  # noqa: S311 no secret
        *SAFE_HEADERS,
    ]
    start_response("503 Service Unavailable", headers)
    return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


@cache
def _page() -> bytes:
    return service_unavailable(HttpRequest()).content
