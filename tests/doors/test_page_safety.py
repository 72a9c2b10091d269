"""What every page keeps: a strict CSP, no foreign address, no inline code, an id, Russian words."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from kernel.roles import DISTRICT_ROLES, Role
from tests.doors.knocks import KNOCKS, Knock
from tests.factories.district import ALPHA, TwoSchools, upload_list

pytestmark = pytest.mark.django_db
PAGES = [knock for knock in KNOCKS if knock.body is None and not knock.is_api]
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
ADDRESSES = {"href", "src", "srcset", "action", "formaction", "poster", "data", "cite", "content"}
VOICELESS = {"script", "style"}
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
}


@pytest.fixture
def full(two: TwoSchools) -> TwoSchools:
    """Both schools with a list waiting in each."""
    two.jobs = {slug: upload_list(school) for slug, school in two.refs.items()}
    return two


def open_page(two: TwoSchools, knock: Knock) -> Any:
    """Open a page as the first of those who may."""
    role = min(knock.who)
    client = two.sign_in(role, None if role in DISTRICT_ROLES else ALPHA)
    return client.get(knock.address(two, ALPHA), follow=True)


class Reader(HTMLParser):
    """Collects what a page would fetch or run, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
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
        self.addresses += [value for name, value in values.items() if name in ADDRESSES]
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
    foreign = [a for a in page.addresses if re.match(r"\s*([a-z]+:)?//", a, re.IGNORECASE)]
    assert (foreign, page.inline) == ([], [])
    assert page.language == "ru"
    return page


@pytest.mark.parametrize("knock", PAGES, ids=str)
def test_page_fetches_and_runs_its_own_things_only(full: TwoSchools, knock: Knock) -> None:
    answer = open_page(full, knock)

    assert answer.status_code == 200
    if answer["Content-Type"].startswith("text/html"):
        check_page(answer)
    else:
        check_headers(answer)


@pytest.mark.requirement("NFR-012")
@pytest.mark.parametrize("knock", PAGES, ids=str)
def test_page_speaks_russian(full: TwoSchools, knock: Knock) -> None:
    answer = open_page(full, knock)
    if not answer["Content-Type"].startswith("text/html"):
        return
    page = check_page(answer)

    text = " ".join(page.words)
    foreign = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)} - LATIN
    assert foreign == set()
    assert len(re.findall(r"[а-яё]{3,}", text)) > 10


@pytest.mark.parametrize("knock", [k for k in KNOCKS if not k.is_open and not k.body], ids=str)
def test_page_of_a_person_stays_in_no_cache(full: TwoSchools, knock: Knock) -> None:
    answer = open_page(full, knock)

    assert {"no-store", "private"} <= set(re.split(r",\s*", answer["Cache-Control"]))


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
    given = "0123456789abcdef-A"

    assert Client().get("/sign-in/", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "a b c d e f g", "<script>", "имя-имя-имя"]
)
def test_id_of_a_request_is_made_when_the_proxys_is_odd(db, given):
    seen = Client().get("/sign-in/", headers={"x-request-id": given})["X-Request-ID"]

    assert seen != given
    assert re.fullmatch(r"[0-9a-f]{32}", seen)


def test_each_request_has_its_own_id(db):
    client = Client()

    assert len({client.get("/health/live")["X-Request-ID"] for _ in range(3)}) == 3
