"""What every page keeps: a strict CSP, no foreign address, no inline code, an id, Russian words."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from kernel.roles import DISTRICT_ROLES, Role
from tests.architecture.rules import find_external_address
from tests.doors.knocks import KNOCKS, Knock
from tests.factories.district import ALPHA, TwoSchools

pytestmark = pytest.mark.django_db
PAGES = [knock for knock in KNOCKS if knock.body is None and knock.who and not knock.is_api]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# Attributes that hold words or names, never an address something is fetched from.
WORDS = {"value", "title", "alt", "placeholder", "xmlns", "aria-label"}
FOREIGN = re.compile(r"(^|[\s,;=('\"])([a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
# What a style sheet, a script or a manifest loads in its turn.
LOADED = re.compile(
    r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)|"""
    r"""(?:from|import)\s*\(?\s*["']([^"']+)|"src":\s*"([^"]+)"""
)
VOICELESS = {"script", "style", "code"}  # in `code` stand logins
# What is written in Latin in Russian too: keys, kinds of files, units of the web.
LATIN = {
    "xlsx",
    "ods",
    "csv",
    "excel",
    "enter",
    "esc",
    "tab",
    "ctrl",
    "home",
    "end",
    "del",
    "shift",
    "pdf",
    "jpeg",
    "png",
    "json",
    "ii",  # Roman numerals
    "iii",
    "iv",
}
CODE = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+\b")  # a sample of a code


def open_page(two: TwoSchools, knock: Knock) -> Any:
    """Open a page as the first of those who may."""
    role = min(knock.who)
    client = two.sign_in(role, None if role in DISTRICT_ROLES else ALPHA)
    return client.get(knock.address(two, ALPHA), follow=True)


class Reader(HTMLParser):
    """Collects what a page would fetch or run, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.loaded: set[str] = set()
        self.inline: list[str] = []
        self.words: list[str] = []
        self.language = ""
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = values.get("lang", "")
        if tag not in {"meta", "input", "link", "br", "img", "hr"}:
            self._open.append(tag)
        self.foreign += [
            value for name, value in values.items() if name not in WORDS and FOREIGN.search(value)
        ]
        if tag == "link" or "src" in values:
            self.loaded.add(values.get("src") or values.get("href", ""))
        is_data = values.get("type", "") in {"application/json"}
        if (tag == "script" and "src" not in values and not is_data) or tag == "style":
            self.inline.append(tag)
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        self.inline += [v for v in values.values() if v.strip().lower().startswith("javascript:")]
        self.words += [values.get(name, "") for name in ("title", "aria-label", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if VOICELESS.isdisjoint(self._open):
            self.words.append(data)


def check_headers(answer: Any) -> None:
    """Assert the headers every answer bears."""
    assert {one.strip() for one in answer["Content-Security-Policy"].split(";")} == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert re.fullmatch(r"[A-Za-z0-9-]{8,64}", answer["X-Request-ID"])


def check_page(answer: Any) -> Reader:
    """Assert what holds for every page, and return what was read of it."""
    check_headers(answer)
    page = Reader(answer.content.decode())
    assert (page.foreign, page.inline) == ([], [])
    assert page.language == "ru"
    return page


@pytest.mark.requirement("NFR-012")
@pytest.mark.requirement("PDP-002", part=True)
@pytest.mark.parametrize("role", sorted({min(knock.who) for knock in PAGES}))
def test_page_runs_its_own_things_speaks_russian_and_stays_in_no_cache(
    full: TwoSchools, role: Role
) -> None:
    """The pages whose first visitor has the role, in one world: building it costs most."""
    troubles = []
    loaded: set[str] = set()
    for knock in PAGES:
        if min(knock.who) is role:
            try:
                loaded |= check_door(open_page(full, knock), knock)
            except (AssertionError, KeyError) as trouble:
                troubles.append(f"{knock}: {trouble}")

    assert troubles == []
    assert list(find_foreign(loaded)) == []


def find_foreign(loaded: set[str]) -> Iterator[str]:
    """Yield what pages load, or what that loads, when it is no file and no door of ours."""
    waiting, seen = [one for one in loaded if not one.startswith("data:")], set(loaded)
    assert waiting
    while waiting:
        address = waiting.pop()
        if not address.startswith(settings.STATIC_URL):
            if not address.startswith("/"):
                yield address
            continue
        path = finders.find(address.removeprefix(settings.STATIC_URL).split("?")[0])
        if path is None:
            yield address
            continue
        if not path.endswith((".css", ".js", ".mjs", ".json", ".svg", ".webmanifest")):
            continue
        source = Path(path).read_text(encoding="utf-8")
        yield from (f"{address}: {one}" for one in find_external_address(address, source))
        for found in LOADED.finditer(source):
            more = urljoin(address, next(one for one in found.groups() if one))
            if more not in seen and not more.startswith(("data:", "#")):
                seen.add(more)
                waiting.append(more)


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="//cdn.example/a.png">',
        '<img srcset="/a.png 1x, https://cdn.example/a.png 2x">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<meta http-equiv="refresh" content="0; url=https://evil.example">',
        '<div hx-get="HTTPS://evil.example/">',
        '<a ping="https://count.example/">',
    ],
)
def test_foreign_address_is_seen_wherever_it_stands(tag: str) -> None:
    assert len(Reader(tag).foreign) == 1


def test_what_is_loaded_must_be_a_file_of_ours() -> None:
    assert list(find_foreign({"https://cdn.example/a.js"})) == ["https://cdn.example/a.js"]
    assert list(find_foreign({"/static/none.css"})) == ["/static/none.css"]


def check_door(answer: Any, knock: Knock) -> set[str]:
    """Assert what holds for a page opened by who may; return what it loads."""
    assert answer.status_code == 200 or answer.status_code in knock.answers
    page = None
    if answer["Content-Type"].startswith("text/html"):
        page = check_page(answer)
        check_words(page)
    else:
        check_headers(answer)
    if answer.status_code == 200 and not knock.is_open:
        assert {"no-store", "private"} <= set(re.split(r",\s*", answer["Cache-Control"]))
    return page.loaded if page else set()


def check_words(page: Reader) -> None:
    """Assert that a page speaks Russian."""
    text = CODE.sub("", " ".join(page.words))
    foreign = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)} - LATIN
    assert foreign == set()
    assert len(re.findall(r"[а-яё]{3,}", text)) > 10


@pytest.mark.parametrize("knock", [k for k in KNOCKS if k.is_api and not k.body], ids=str)
def test_answer_to_a_program_bears_the_same_headers(full: TwoSchools, knock: Knock) -> None:
    check_headers(open_page(full, knock))


# --- Pages of trouble -------------------------------------------------------------------------


def test_page_that_is_not_there_keeps_the_same(two):
    anna = two.sign_in(Role.TEACHER)
    for client in (anna, Client()):
        for path in ("/nothing/", "/s/alpha/nothing/", "/s/beta/nothing/", "/static/nothing.js"):
            answer = client.get(path)
            assert answer.status_code == 404
            check_page(answer)


def test_page_of_a_stale_form_keeps_the_same(two):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a"})

    assert answer.status_code == 403
    check_page(answer)


def test_broken_page_keeps_the_same_and_says_nothing_of_the_reason(two, monkeypatch):
    def fail(**_: object) -> None:
        raise RuntimeError("Глебов Глеб, 5")

    anna = two.sign_in(Role.TEACHER)
    monkeypatch.setattr("services.journal.queries.get_page", fail)
    anna.raise_request_exception = False
    small = two.alpha
    page = f"{small.group_id}/{small.subject_id}/{small.term_id}"
    answer = anna.get(f"/s/alpha/journal/{page}/lessons/")

    assert answer.status_code == 500
    check_page(answer)
    assert "Глеб" not in answer.content.decode()


# --- The request's id -------------------------------------------------------------------------


def test_id_of_a_request_is_the_proxys_when_it_is_plain(db):
    given = "0123456789abcdef-0123456789abcdef-A"

    assert Client().get("/sign-in/", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "a" * 65,
        "a b c d e f g",
        "<script>",
        "имя-имя-имя",
        "Petrov-Petr",
        "79001234567",
    ],
)
def test_id_of_a_request_is_made_when_the_proxys_is_odd(db, given):
    seen = Client().get("/sign-in/", headers={"x-request-id": given})["X-Request-ID"]

    assert seen != given
    assert re.fullmatch(r"[0-9a-f]{32}", seen)


def test_each_request_has_its_own_id(db):
    client = Client()

    assert len({client.get("/health/live")["X-Request-ID"] for _ in range(3)}) == 3
