"""The bottom bar of a phone: every word of it whole and within its bar, at every size of text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.stack import Stack

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 390)
SIZES = (100, 125, 150)
BARS = [
    ("", "/p/alpha/service/"),
    ("anna", "/s/alpha/today/"),
    ("sofia", "/s/alpha/office/service/"),
    ("vera", "/family/alpha/{gleb}/"),
    ("oleg", "/district/"),
]
SPLIT_WORDS = """() => {
  const found = [];
  const edge = document.documentElement.clientWidth;
  for (const span of document.querySelectorAll(".nav-inner > ul > li .nav-link > span")) {
    const text = span.firstChild;
    if (!span.checkVisibility() || !text) continue;
    for (const word of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const boxes = range.getClientRects();
      const isOut = boxes[0].left < 0 || boxes[0].right > edge;
      if (boxes.length !== 1 || isOut) found.push(word[0]);
    }
  }
  return found;
}"""
LOWEST = "document.querySelector('.nav').offsetHeight / innerHeight"


@pytest.mark.requirement("NFR-011", part=True)
@pytest.mark.parametrize(("login", "address"), BARS, ids=[one[0] or "public" for one in BARS])
def test_no_word_of_the_bottom_bar_is_split(
    stack: Stack, sign_in: Callable[..., Page], login: str, address: str
) -> None:
    page = sign_in(login)
    page.goto(f"{stack.url}{address.format(**stack.ids)}")
    found = {}

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        for size in SIZES:
            page.evaluate("size => { document.documentElement.dataset.size = size }", str(size))
            split, share = page.evaluate(SPLIT_WORDS), page.evaluate(LOWEST)
            if split or share > 0.2:
                found[width, size] = (split, share)

    assert found == {}


def test_page_under_more_is_told_in_the_bar(stack: Stack, sign_in: Callable[..., Page]) -> None:
    page = sign_in("sofia")
    page.set_viewport_size({"width": 360, "height": 780})

    page.goto(f"{stack.url}/s/alpha/office/upkeep/")

    current = page.locator(".nav-inner > ul > li:visible [aria-current]:visible").first
    assert current.inner_text() == "Ещё"
