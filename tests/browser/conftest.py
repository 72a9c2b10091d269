"""Headless Chromium for the tests of pages."""

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser.fake_journal import FakeJournal, Server
from tests.browser.journal_grid import JournalGrid
from tests.browser.stack import DESKTOP, PASSWORD, Stack, empty_database, running_stack

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, else the one playwright has downloaded."""
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
        except Error as error:
            pytest.fail(f"Chromium is missing: apt install chromium ({error.message[:80]})")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def journals() -> Iterator[Server]:
    """The server of fake journals."""
    server = Server()
    yield server
    server.close()


def new_context(browser: Browser, *, touch: bool) -> BrowserContext:
    """Open a browser profile of a Russian teacher."""
    context = browser.new_context(
        has_touch=touch, is_mobile=touch, locale="ru-RU", timezone_id="Europe/Moscow"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


@pytest.fixture(scope="session")
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    """The profile most tests share: its cache spares each of them thirty files."""
    context = new_context(browser, touch=False)
    yield context
    context.close()


@pytest.fixture
def open_journal(
    browser: Browser, desktop: BrowserContext, journals: Server
) -> Iterator[Callable[..., JournalGrid]]:
    """Open a journal's page: `open_journal(FakeJournal(...), theme="dark", width=360)`."""
    contexts = [desktop]

    def open_page(
        journal: FakeJournal | None = None,
        *,
        width: int = 1366,
        height: int = 768,
        touch: bool = False,
        **asked: str,
    ) -> JournalGrid:
        journal = journal or FakeJournal()
        if touch:
            contexts.append(new_context(browser, touch=True))
        page = contexts[-1].new_page()
        page.set_viewport_size({"width": width, "height": height})
        grid = JournalGrid(page, journal, journals.add(journal))
        grid.open(**asked)
        return grid

    yield open_page
    desktop.set_offline(False)
    for page in desktop.pages:
        page.close()
    for context in contexts[1:]:
        context.close()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The product with the people of the story."""
    web, admin = empty_database(f"okrug_story_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    with running_stack(web, admin) as running:
        yield running


@pytest.fixture
def sign_in(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own and sign in: `sign_in("vera", PHONE)`."""
    contexts: list[BrowserContext] = []

    def enter(login: str, size: dict[str, int] = DESKTOP) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="ru-RU",
            timezone_id="Europe/Moscow",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{stack.url}/sign-in/")
        if not login:
            return page
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        return page

    yield enter
    for context in contexts:
        context.close()
