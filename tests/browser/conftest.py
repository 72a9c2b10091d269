"""Headless Chromium for the tests of pages."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from tests.browser.fake_journal import FakeJournal, Server
from tests.browser.journal_grid import JournalGrid

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
