"""The way out: nothing by default, listed hosts only, whatever the address looks like."""

import smtplib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import httpx
import pytest
from django.core import mail
from django.core.mail import EmailMessage

from config.settings import base
from foundation.transport.hosts import WayOutIsClosed, check_host
from foundation.transport.http import MOST_BYTES, AnswerIsTooLong, client
from foundation.transport.mail import MailIsRefused, UnableToSend, is_mail_open, send_mail

SMTP = "smtp.zarechny.example"


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"host": request.url.host})


def ask(url: str) -> httpx.Response:
    with client("test", inner=httpx.MockTransport(answer)) as http:
        return http.get(url)


@pytest.mark.requirement("PDP-002")
def test_nothing_goes_out_by_default(settings) -> None:
    assert base.ALLOWED_HOSTS_OUT == []
    assert base.EMAIL_HOST == ""
    settings.ALLOWED_HOSTS_OUT = []
    for url in ("https://esia.example/", "http://127.0.0.1/", "https://localhost:8443/"):
        with pytest.raises(WayOutIsClosed):
            ask(url)
    assert not is_mail_open()
    with pytest.raises(WayOutIsClosed):
        send_mail(to="vera@zarechny.example", subject="Тема", text="Текст")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("entries", "url", "is_open"),
    [
        (["esia.example"], "https://esia.example/a", True),
        (["esia.example"], "https://ESIA.example./a", True),
        (["esia.example"], "https://esia.example:8443/", False),
        (["esia.example:8443"], "https://esia.example:8443/", True),
        (["esia.example:8443"], "https://esia.example/", False),
        (["esia.example"], "http://esia.example/", False),
        (["http://127.0.0.1:9000"], "http://127.0.0.1:9000/", True),
        (["http://127.0.0.1:9000"], "https://127.0.0.1:9000/", False),
        (["http://127.0.0.1:9000"], "http://127.0.0.1:9001/", False),
        (["esia.example"], "https://evil-esia.example/", False),
        (["esia.example"], "https://esia.example.evil.example/", False),
        (["esia.example"], "https://esia.example@evil.example/", False),
        (["esia.example"], "https://evil.example/?esia.example", False),
        (["esia.example"], "https://evil.example#@esia.example/", False),
        (["esia.example"], "https://[::1]/", False),
        (["*"], "https://esia.example/", False),
        (["*.example"], "https://esia.example/", False),
        ([""], "https://esia.example/", False),
    ],
)
def test_only_what_is_listed_is_reached(
    settings, entries: list[str], url: str, is_open: bool
) -> None:
    settings.ALLOWED_HOSTS_OUT = entries
    if is_open:
        assert ask(url).status_code == 200
        return
    with pytest.raises(WayOutIsClosed):
        ask(url)


def test_redirect_to_elsewhere_is_not_followed(settings) -> None:
    settings.ALLOWED_HOSTS_OUT = ["esia.example"]

    def lead_away(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    with client("test", inner=httpx.MockTransport(lead_away)) as http:
        assert http.get("https://esia.example/").status_code == 302
        with pytest.raises(WayOutIsClosed):
            http.get("https://esia.example/", follow_redirects=True)


def test_endless_answer_is_cut_off(settings) -> None:
    settings.ALLOWED_HOSTS_OUT = ["esia.example"]

    def flood(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=(bytes(65536) for _ in range(MOST_BYTES // 65536 + 2)))

    with client("test", inner=httpx.MockTransport(flood)) as http, pytest.raises(AnswerIsTooLong):
        http.get("https://esia.example/")


def test_client_gives_up_and_reads_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://evil.example:3128")
    with client("test") as http:
        assert http.timeout.connect == 5.0
        assert http.timeout.read == 10.0
        assert http._mounts == {}


# --- Letters -------------------------------------------------------------------------------------


@pytest.fixture
def post(settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, 587
    settings.ALLOWED_HOSTS_OUT = [SMTP]


def test_letter_goes_to_a_listed_server(post: None) -> None:
    send_mail(to="vera@zarechny.example", subject="Доступ\r\nBcc: x@evil.example", text="Текст")

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (
        ["vera@zarechny.example"],
        "Доступ Bcc: x@evil.example",
    )
    assert letter.message()["Auto-Submitted"] == "auto-generated"
    assert "Bcc" not in letter.message()


@pytest.mark.parametrize("entry", ["smtp.evil.example", f"{SMTP}:25", f"http://{SMTP}"])
def test_server_that_is_not_listed_gets_nothing(settings, post: None, entry: str) -> None:
    settings.ALLOWED_HOSTS_OUT = [entry]

    with pytest.raises(WayOutIsClosed):
        send_mail(to="vera@zarechny.example", subject="Тема", text="Текст")
    assert not is_mail_open()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address", ["", "vera", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"]
)
def test_wrong_address_is_refused(post: None, address: str) -> None:
    with pytest.raises(MailIsRefused):
        send_mail(to=address, subject="Тема", text="Текст")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), MailIsRefused),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"greylisted")}), UnableToSend),
        (smtplib.SMTPDataError(554, b"no"), MailIsRefused),
        (smtplib.SMTPDataError(451, b"later"), UnableToSend),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), UnableToSend),
        (smtplib.SMTPSenderRefused(550, b"sender", "x"), UnableToSend),
        (ConnectionRefusedError(), UnableToSend),
        (TimeoutError(), UnableToSend),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_failure_is_understood(
    post: None, monkeypatch: pytest.MonkeyPatch, failure: Exception, meaning: type[Exception]
) -> None:
    def fail(_message: EmailMessage) -> None:
        raise failure

    monkeypatch.setattr(EmailMessage, "send", fail)

    with pytest.raises(meaning):
        send_mail(to="vera@zarechny.example", subject="Тема", text="Текст")


def test_plain_word_for_a_closed_way() -> None:
    with pytest.raises(WayOutIsClosed) as closed:
        check_host(scheme="https", host="")

    assert closed.value.message == "Связь с внешней системой не настроена."


class Doorkeeper(BaseHTTPRequestHandler):
    """Stands for the egress proxy, and for a plain neighbour: notes what it is asked, refuses."""

    asked: ClassVar[list[str]] = []

    def do_CONNECT(self) -> None:
        self.asked.append(self.requestline)
        self.send_error(403)

    def do_GET(self) -> None:
        self.asked.append(self.requestline)
        self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def doorkeeper() -> Iterator[str]:
    Doorkeeper.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Doorkeeper) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.requirement("PDP-002", part=True)
def test_tls_leaves_through_the_egress_proxy_which_has_the_last_word(settings, doorkeeper) -> None:
    settings.ALLOWED_HOSTS_OUT = ["esia.example"]
    settings.EGRESS_PROXY = doorkeeper

    with client("test") as http, pytest.raises(httpx.ProxyError):
        http.get("https://esia.example/")

    assert Doorkeeper.asked == ["CONNECT esia.example:443 HTTP/1.1"]


def test_egress_proxy_is_not_asked_about_what_is_not_listed(settings, doorkeeper) -> None:
    settings.ALLOWED_HOSTS_OUT = ["esia.example"]
    settings.EGRESS_PROXY = doorkeeper

    with client("test") as http, pytest.raises(WayOutIsClosed):
        http.get("https://evil.example/")

    assert Doorkeeper.asked == []


def test_plain_neighbour_is_spoken_to_without_the_proxy(settings, doorkeeper) -> None:
    settings.ALLOWED_HOSTS_OUT = [doorkeeper]
    settings.EGRESS_PROXY = "http://127.0.0.1:1"

    with client("test") as http:
        assert http.get(f"{doorkeeper}/sms").status_code == 404

    assert Doorkeeper.asked == ["GET /sms HTTP/1.1"]
