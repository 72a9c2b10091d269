"""HTTP clients of the bench: keep-alive, cookies, gzip as a browser asks for; no dependency."""

import contextlib
import gzip
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

CSRF = "b" * 32


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `size` is its body as sent, `seconds` last until its last byte."""

    status: int
    seconds: float
    size: int
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


class Browser(Protocol):
    """Whoever sends requests: over HTTP, or in process when statements are counted."""

    cookies: dict[str, str]

    def get(self, path: str) -> Reply: ...
    def post_json(self, path: str, body: Any) -> Reply: ...
    def post_form(self, path: str, body: str) -> Reply: ...


@dataclass(slots=True)
class Client:
    """A browser over HTTP: a connection that is kept, and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post_json(self, path: str, body: Any) -> Reply:
        """Send JSON as the journal's script does."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def post_form(self, path: str, body: str) -> Reply:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body.encode(), headers)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        cookies = {"csrftoken": CSRF, **self.cookies}
        headers |= {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["csrftoken"],
        }
        with contextlib.suppress(http.client.RemoteDisconnected, ConnectionError):
            return self._exchange(method, path, body, headers)
        self.close()  # the server may close a kept connection at any time
        return self._exchange(method, path, body, headers)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Reply:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._connection.connect()
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        sent = answer.read()
        seconds = time.perf_counter() - began
        self._keep_cookies(answer)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return Reply(answer.status, seconds, len(sent), gzip.decompress(sent) if packed else sent)

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
