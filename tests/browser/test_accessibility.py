"""axe-core finds nothing on any page, in three themes and two sizes; nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1366, 768), "phone": (360, 780)}
THEMES = ("light", "dark", "contrast")
JOURNAL = "/s/alpha/journal/{group}/{subject}/{term}/"
PAGES = {
    "": [
        "/sign-in/",
        "/activate/",
        "/sign-in/reset/",
        "/no-such-page/",
        "/p/",
        "/p/alpha/service/",
        "/p/alpha/service/order/",
        "/p/alpha/apply/",
        "/p/alpha/complaint/",
        "/p/alpha/complaint/status/",
        "/p/alpha/status/",
    ],
    "anna": [
        "/",
        "/s/alpha/today/",
        "/s/alpha/journals/",
        JOURNAL,
        f"{JOURNAL}lessons/",
        "/s/alpha/lessons/{lesson}/",
        "/s/alpha/reports/",
        "/s/alpha/reports/classes/{class}/",
        "/s/alpha/reports/groups/{group}/{subject}/",
        "/s/alpha/reports/pupils/{gleb}/",
        "/account/",
        "/account/password/",
        "/account/contacts/",
        "/account/second-factor/",
        "/account/confirm/",
        "/account/theft/",
        "/s/alpha/office/my-data/",
    ],
    "boris": [
        "/s/alpha/journal/{group}/paper/",
        "/s/alpha/reports/",
        "/s/alpha/reports/school/",
        "/s/alpha/office/rights/",
        "/s/alpha/office/rights/history/",
        "/s/alpha/office/stand/",
        "/s/alpha/office/regulation/?key=service.grounds.suspended",
        "/s/alpha/office/quality/",
        "/s/alpha/office/appointments/",
        "/s/alpha/office/appointments/new/",
        "/s/alpha/office/thefts/",
        "/s/alpha/office/archive/",
        "/s/alpha/office/complaints/{complaint}/",
        "/s/alpha/office/committee/",
        "/s/alpha/office/committee/{letter}/",
    ],
    "vera": [
        "/",
        "/family/",
        "/family/service/",
        "/family/consents/alpha/",
        "/family/consents/alpha/sign/{gleb}/",
        "/family/alpha/{gleb}/",
        "/family/alpha/{gleb}/week/",
        "/family/alpha/{gleb}/marks/",
        "/family/alpha/{gleb}/report/",
        "/family/alpha/{gleb}/absences/",
        "/family/alpha/{gleb}/calendar/",
        "/family/complaints/",
        "/family/complaints/alpha/new/",
    ],
    "sofia": [
        "/s/alpha/office/",
        "/s/alpha/office/employees/",
        "/s/alpha/office/imports/",
        "/s/alpha/office/pupils/{gleb}/",
        "/s/alpha/office/pupils/{gleb}/edit/",
        "/s/alpha/office/pupils/{gleb}/leave/",
        "/s/alpha/office/pupils/{gleb}/guardians/new/",
        "/s/alpha/office/accounts/",
        "/s/alpha/office/accounts/staff/",
        "/s/alpha/office/complaints/",
        "/s/alpha/office/complaints/new/",
        "/s/alpha/office/complaints/{complaint}/",
        "/s/alpha/office/service/",
        "/s/alpha/office/service/new/",
        "/s/alpha/office/printouts/?state=all",
        "/s/alpha/office/printouts/register/",
        "/s/alpha/office/printouts/new/?q=гл",
        "/s/alpha/office/printouts/new/{gleb}/",
        "/s/alpha/office/consents/",
        "/s/alpha/office/consents/accept/?q=гл",
        "/s/alpha/office/consents/accept/{gleb}/",
        "/s/alpha/office/consents/destruction/",
        "/s/alpha/office/consents/requests/",
        "/s/alpha/office/due/",
        "/s/alpha/office/backups/",
        "/s/alpha/office/upkeep/",
    ],
    "oleg": [
        "/district/",
        "/district/schools/alpha/",
        "/district/service/",
        "/district/quality/",
        "/district/registers/",
        "/district/due/?start=2026-12-28&days=10",
        "/district/calendar/",
        "/district/regulation/",
        "/district/backups/",
        "/district/upkeep/",
        "/district/upkeep/schools/alpha/",
        "/district/upgrades/",
        "/district/complaints/",
        "/district/complaints/{committee_complaint}/",
        "/district/complaints/{committee_complaint}/cases/{snapshot}/",
        "/district/checks/",
        "/district/checks/new/",
        "/district/checks/{check}/",
        "/notices/",
    ],
}


# What a theme can change; every other rule gives one answer in all three.
ALL_RULES = {"resultTypes": ["violations"]}
RULES_OF_A_THEME = ALL_RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}
NARROWEST = 320


def widest_overflow(page: Page) -> int:
    """Return by how many pixels the page scrolls sideways."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def violations(page: Page, theme: str) -> list[str]:
    """Return what axe finds on the page in a theme: everything in the light one."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    options = ALL_RULES if theme == THEMES[0] else RULES_OF_A_THEME
    found = Axe().run(page, options=options).response["violations"]
    return [f"{theme}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.timeout(600)
@pytest.mark.requirement("NFR-011", part=True)
@pytest.mark.parametrize("login", list(PAGES))
def test_every_page_is_open_to_everybody(
    stack: Stack, sign_in: Callable[..., Page], login: str
) -> None:
    """axe finds nothing, nothing scrolls sideways, nothing is loaded from elsewhere."""
    page = sign_in(login)
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no colour
    foreign: list[str] = []
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((stack.url, "data:")) else foreign.append(asked.url)
        ),
    )
    found = []
    for address in PAGES[login]:
        path = address.format(**stack.ids)
        idle: Any = "networkidle" if JOURNAL in address else "load"
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{stack.url}{path}", wait_until=idle)
            found += [f"{path} {size} {one}" for theme in THEMES for one in violations(page, theme)]
        page.set_viewport_size({"width": NARROWEST, "height": 640})
        if widest_overflow(page) > 0:
            found.append(f"{path} scrolls sideways")

    assert (found, foreign) == ([], [])


@pytest.mark.parametrize("theme", THEMES)
def test_theme_of_the_cookie_is_the_theme_of_the_page(
    stack: Stack, sign_in: Callable[..., Page], theme: str
) -> None:
    page = sign_in("")
    cookie: Any = {"name": "appearance", "value": f"{theme}.100.normal.on", "url": stack.url}
    page.context.add_cookies([cookie])

    page.goto(f"{stack.url}/sign-in/")

    assert page.locator("html").get_attribute("data-theme") == theme
