"""The same pages in Firefox: another engine than Chromium's types, shows and complains alike."""

from collections.abc import Iterator

import pytest

from infra.local.prerequisites import find_firefox
from tests.browser.firefox import Firefox, running_firefox
from tests.browser.stack import DESKTOP, PASSWORD, PHONE, Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_firefox() is None, reason="Firefox: не проверялось"),
]

SAVED = "Сохранено в"
FRESH_SECONDS = 60


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    """One Firefox for the file: it starts in five seconds."""
    with running_firefox() as browser:
        yield browser


def sign_in(firefox: Firefox, stack: Stack, login: str, size: dict[str, int]) -> None:
    """Become this person in a window of this size."""
    firefox.resize(size["width"], size["height"])
    firefox.become(f"{stack.url}/sign-in/")
    firefox.fill("#login", login)
    firefox.fill("#password", PASSWORD)
    firefox.click("main form button:not([type=button])")
    firefox.wait(lambda: "sign-in" not in firefox.ask("return location.pathname"), "signed in")


def column(firefox: Firefox, place: int) -> list[str]:
    """Return what the grid shows in the given column of lessons."""
    cells = f"[role=grid] tbody tr > :nth-child({place + 2})"
    script = "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)"
    return [text.strip() for text in firefox.ask(script, cells)]


def page_anew(firefox: Firefox, address: str) -> str:
    """Open the page and return its text."""
    firefox.open(address)
    return firefox.text()


@pytest.mark.requirement("NFR-011")
def test_teacher_types_marks_and_the_family_and_the_committee_see_them_in_firefox(
    firefox: Firefox, stack: Stack
) -> None:
    ids = stack.ids
    journal = f"/s/beta/journal/{ids['other_group']}/{ids['other_subject']}/{ids['other_term']}/"
    sign_in(firefox, stack, "anna", DESKTOP)
    firefox.open(f"{stack.url}{journal}")
    firefox.wait(lambda: bool(firefox.ask("return document.querySelector('[role=grid]')")), "grid")
    firefox.press("5", "4", "3", "н")
    firefox.wait(lambda: SAVED in firefox.text("#journal"), "saved")
    firefox.open(f"{stack.url}{journal}")
    firefox.wait(lambda: len(column(firefox, 4)) == 30, "the grid again")
    assert column(firefox, 4)[:5] == ["5", "4", "3", "Н", ""]

    sign_in(firefox, stack, "vera", PHONE)
    firefox.open(f"{stack.url}/family/beta/{ids['other_gleb']}/week/?day=2026-11-20")
    assert "Алгебра" in firefox.text()
    assert firefox.ask("return innerWidth") == PHONE["width"]
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert firefox.ask(wide) == 0
    firefox.open(f"{stack.url}/family/beta/{ids['other_gleb']}/marks/")
    assert "5,00" in firefox.text()

    sign_in(firefox, stack, "oleg", DESKTOP)
    district = f"{stack.url}/district/"
    firefox.wait(
        lambda: "Лицей №\N{NO-BREAK SPACE}4" in page_anew(firefox, district),
        "numbers",
        FRESH_SECONDS,
    )

    assert firefox.complaints() == []


def test_firefox_does_complain_when_the_policy_or_a_script_is_broken(
    firefox: Firefox, stack: Stack
) -> None:
    """The silence above means something: the same ear hears a planted mistake."""
    firefox.complaints()
    firefox.open(f"{stack.url}/sign-in/")
    firefox.ask("document.body.append(Object.assign(new Image(), {src: 'http://elsewhere.test'}))")
    heard: list[str] = []

    def hears() -> bool:
        heard.extend(firefox.complaints())
        return bool(heard)

    firefox.wait(hears, "a violation of the policy")
    assert "CSP" in heard[0]
