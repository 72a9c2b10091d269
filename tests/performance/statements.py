"""Counting a request's SQL statements by what they are for, in process.

From the pin to COMMIT is the work; before it the visitor is resolved in the public schema. A page
of the district has no pin: there whatever does not ask who it is, is work.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.performance.clients import CSRF, Reply
from tests.performance.figures import Statements

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
PIN = "SET LOCAL "
PUBLIC_PIN = "SELECT set_config("
WHO = ("django_session", "accounts_session", "accounts_account", "accounts_membership", "registry_")


def classify(statements: Iterable[str]) -> Statements:
    """Return how many statements asked who it is, pinned, and did the work."""
    told = [sql.lstrip() for sql in statements if not sql.lstrip().startswith(CONTROL)]
    pins = [place for place, sql in enumerate(told) if sql.startswith((PIN, PUBLIC_PIN))]
    if any(told[place].startswith(PIN) for place in pins):
        actor = pins[0]
    else:
        actor = sum(any(table in sql for table in WHO) for sql in told)
    return Statements(actor, len(pins), len(told) - actor - len(pins))


def _new_client() -> Client:
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


@dataclass(slots=True)
class InProcess:
    """A browser inside this process: the product's whole stack, with its statements kept."""

    cookies: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    is_counting: bool = True
    _client: Client = field(default_factory=_new_client)

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._ask("GET", path, b"", "")

    def post_json(self, path: str, body: Any) -> Reply:
        """Send JSON as the journal's script does."""
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def post_form(self, path: str, body: str) -> Reply:
        """Send a form."""
        return self._ask("POST", path, body.encode(), "application/x-www-form-urlencoded")

    def _ask(self, method: str, path: str, body: bytes, content_type: str) -> Reply:
        client = self._client
        client.cookies.clear()
        for name, value in {"csrftoken": CSRF, **self.cookies}.items():
            client.cookies[name] = value
        headers = {"X-CSRFToken": CSRF, "Accept": "application/json"}
        began = time.perf_counter()
        if self.is_counting:
            with CaptureQueriesContext(connection) as captured:
                answer = client.generic(method, path, body, content_type, headers=headers)
            self.told = [str(query["sql"]) for query in captured.captured_queries]
        else:
            answer = client.generic(method, path, body, content_type, headers=headers)
        seconds = time.perf_counter() - began
        return Reply(answer.status_code, seconds, len(answer.content), answer.content)
