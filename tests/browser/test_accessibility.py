"""axe-core finds nothing on any page, in three themes and two sizes; nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

SIZES = {"phone": (360, 780), "desktop": (1366, 768)}
THEMES = ("light", "dark", "contrast")
JOURNAL = "/s/alpha/journal/{group}/{subject}/{term}/"
PAGES = {
    "": ["/sign-in/", "/no-such-page/"],
    "anna": [
        "/",
        "/s/alpha/today/",
        "/s/alpha/journals/",
        JOURNAL,
        f"{JOURNAL}lessons/",
        "/s/alpha/lessons/{lesson}/",
    ],
    "vera": [
        "/",
        "/family/",
        "/family/alpha/{gleb}/",
        "/family/alpha/{gleb}/week/",
        "/family/alpha/{gleb}/marks/",
        "/family/alpha/{gleb}/absences/",
        "/family/alpha/{gleb}/calendar/",
    ],
    "sofia": ["/s/alpha/office/", "/s/alpha/office/employees/", "/s/alpha/office/imports/"],
    "oleg": ["/district/", "/district/schools/alpha/"],
}


def widest_overflow(page: Page) -> int:
    """Return by how many pixels the page scrolls sideways."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.requirement("NFR-011", part=True)
@pytest.mark.parametrize("login", list(PAGES))
def test_axe_finds_nothing(stack: Stack, sign_in: Callable[..., Page], login: str) -> None:
    page = sign_in(login)
    axe = Axe()
    found = []
    for address in PAGES[login]:
        path = address.format(**stack.ids)
        for theme in THEMES:
            cookie = {"name": "appearance", "value": f"{theme}.100.normal.on", "url": stack.url}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{stack.url}{path}", wait_until="networkidle")
                assert page.locator("html").get_attribute("data-theme") == theme
                result = axe.run(page)
                found += [
                    f"{path} {theme} {size}: {one['id']} {one['nodes'][0]['html'][:120]}"
                    for one in result.response["violations"]
                ]

    assert found == []


@pytest.mark.parametrize("login", list(PAGES))
def test_nothing_scrolls_sideways(stack: Stack, sign_in: Callable[..., Page], login: str) -> None:
    page = sign_in(login)
    page.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for address in PAGES[login]:
        page.goto(f"{stack.url}{address.format(**stack.ids)}", wait_until="networkidle")
        if widest_overflow(page) > 0:
            wide.append(address)

    assert wide == []


def test_pages_load_nothing_from_elsewhere(stack: Stack, sign_in: Callable[..., Page]) -> None:
    foreign: list[str] = []
    for login, addresses in PAGES.items():
        page = sign_in(login)
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((stack.url, "data:")) else foreign.append(asked.url)
            ),
        )
        for address in addresses:
            page.goto(f"{stack.url}{address.format(**stack.ids)}", wait_until="networkidle")

    assert foreign == []
