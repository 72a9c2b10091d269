"""The visitor of every minute sees what people see, and keeps it."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import make_server

import pytest

from config.probe import Prober
from services.upkeep.models import Sample
from tests.support.fake_esia import Quiet

pytestmark = pytest.mark.django_db


class Portal:
    """A portal on loopback that answers what it is told to."""

    def __init__(self) -> None:
        self.statuses = {"/health/ready": "200 OK"}
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        words = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO")
        self.asked.append((path, *(environ.get(word, "") for word in words)))
        start_response(self.statuses.get(path, "200 OK"), [("Content-Type", "text/plain")])
        return [b"ok"]


@pytest.fixture
def portal(settings) -> Iterator[Portal]:
    told = Portal()
    server = make_server("127.0.0.1", 0, told, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PROBE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.PORTAL_URL = "https://okrug.example.ru"
    settings.ALLOWED_HOSTS_OUT = [settings.PROBE_URL]
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def look(times: int = 1) -> list[tuple[bool, int | None, bool | None]]:
    """Look, and return what was kept of the last minute."""
    prober = Prober(threading.Event())
    for _ in range(times):
        Sample.objects.all().delete()
        prober.look()
    return list(Sample.objects.values_list("is_ready", "school_id", "is_answered"))


@pytest.mark.requirement("NFR-003", part=True)
def test_minute_is_kept_with_a_page_of_one_school_in_turn(schools, portal):
    first = schools["alpha"].id

    assert look() == [(True, first, True)]
    assert look(2) == [(True, schools["beta"].id, True)]
    assert portal.asked[0] == ("/health/ready", "okrug.example.ru", "https")
    assert portal.asked[1][0] == "/p/alpha/service/"
    assert Sample.objects.get().answer_ms is not None


def test_portal_that_is_not_ready_is_an_absence(schools, portal):
    portal.statuses["/health/ready"] = "503 Service Unavailable"
    portal.statuses["/p/alpha/service/"] = "500 Internal Server Error"

    assert look() == [(False, schools["alpha"].id, False)]


def test_nobody_at_the_address_is_an_absence(schools, settings):
    settings.PROBE_URL = "http://127.0.0.1:9"
    settings.ALLOWED_HOSTS_OUT = [settings.PROBE_URL]

    assert look() == [(False, schools["alpha"].id, False)]


def test_address_that_is_not_listed_is_not_asked(schools, portal, settings):
    settings.ALLOWED_HOSTS_OUT = []

    assert look() == []
    assert portal.asked == []
