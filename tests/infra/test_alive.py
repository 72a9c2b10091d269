"""The watchman of a container: the portal answers, or the sign of life is fresh."""

import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config.celery import leave_sign_of_life
from infra.docker import alive


class Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.headers["Host"] == "school.zarechny.example" and self.path == "/health/live"
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        monkeypatch.setattr(alive, "PORT", server.server_port)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_portal_is_asked_under_its_first_name(
    portal: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "school.zarechny.example,10.0.0.5")
    assert alive.main(["web"]) == 0

    monkeypatch.setenv("ALLOWED_HOSTS", "10.0.0.5")
    assert alive.main(["web"]) == 1


def test_portal_that_is_not_there_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "PORT", 1)

    assert alive.main(["web"]) == 1


def test_sign_of_life_is_believed_while_it_is_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "alive"
    assert alive.main([str(file), "60"]) == 1

    monkeypatch.setenv("OKRUG_HEARTBEAT", str(file))
    leave_sign_of_life()
    assert alive.main([str(file), "60"]) == 0

    hour_ago = time.time() - 3600
    os.utime(file, (hour_ago, hour_ago))
    assert alive.main([str(file), "60"]) == 1
