"""The journal's page as a teacher sees and drives it: rows and columns are counted from nought."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.fake_journal import TODAY, FakeJournal

# The keys of the Russian layout by their place on the keyboard
RUSSIAN_KEYS = {
    "н": "KeyY",
    "у": "KeyE",
    "п": "KeyG",
    "б": "Comma",
    "о": "KeyJ",
    "я": "KeyZ",
    "Н": "KeyY",
    ",": "Slash",
}
CONTROL = 2
SHIFT = 8
PATIENCE = 8.0


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for the server's side of something."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)


class JournalGrid:
    """A page object over the grid; counts the keys pressed."""

    def __init__(self, page: Page, journal: FakeJournal, address: str) -> None:
        self.page = page
        self.journal = journal
        self.address = address
        self.keystrokes = 0
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self._asked: dict[str, str] = {}
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.errors.append(text)

    def open(self, **asked: str) -> None:
        """Open the page and wait until it is ready for typing."""
        self._asked = asked
        self.page.goto(f"{self.address}?{urlencode(asked)}")
        self.page.locator("[role=grid], .journal-wait[role=alert]").wait_for()

    def reload(self) -> None:
        """Press F5."""
        self.page.reload()
        self.page.locator("[role=grid]").wait_for()

    def another_tab(self) -> "JournalGrid":
        """Open the same journal in a second tab of the same browser."""
        other = JournalGrid(self.page.context.new_page(), self.journal, self.address)
        other.open(**self._asked)
        return other

    # Doing

    def press(self, *keys: str, modifiers: int = 0) -> None:
        """Press keys; a Russian letter is pressed as the Russian layout does it."""
        for key in keys:
            self.keystrokes += 1
            if modifiers or key in RUSSIAN_KEYS:
                self._press_russian(key, modifiers)
            else:
                self.page.keyboard.press(key)

    def _press_russian(self, key: str, modifiers: int) -> None:
        session = self.page.context.new_cdp_session(self.page)
        event = {"key": key, "code": RUSSIAN_KEYS[key], "modifiers": modifiers}
        text = {} if modifiers & CONTROL else {"text": key}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **event, **text})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
        session.detach()

    def paste(self, text: str) -> None:
        """Press Ctrl+V with this text in the clipboard."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")

    def clipboard(self) -> str:
        """Return the text in the clipboard."""
        return str(self.page.evaluate("() => navigator.clipboard.readText()"))

    def go_to(self, row: int, column: int | None = None) -> None:
        """Click a cell; without a column, today's."""
        self.cell(row, column).click()

    # Seeing

    @property
    def today(self) -> int:
        """The column of today's lesson."""
        days = [lesson["date"] for lesson in self.journal.lessons]
        return days.index(TODAY.isoformat())

    @property
    def table(self) -> Locator:
        """The grid."""
        return self.page.get_by_role("grid")

    def cell(self, row: int, column: int | None = None) -> Locator:
        """The cell of a pupil in a lesson; without a lesson, today's."""
        column = self.today if column is None else column
        return self.table.locator(f"tbody tr:nth-child({row + 1}) > :nth-child({column + 2})")

    def column(self, column: int | None = None) -> list[str]:
        """Return what the page shows in a column, top down."""
        column = self.today if column is None else column
        return self.table.locator(f"tbody tr > :nth-child({column + 2})").all_text_contents()

    def where(self) -> tuple[int, int]:
        """Return (row, column) of the focused cell; rows of the head are -2 and -1."""
        row, column = self.page.evaluate(
            """() => {
                const cell = document.activeElement.closest("[aria-colindex]");
                const line = cell.closest("[aria-rowindex]");
                return [Number(line.ariaRowIndex) - 3, Number(cell.ariaColIndex) - 2];
            }"""
        )
        return row, column

    @property
    def status(self) -> Locator:
        """The line about saving."""
        return self.page.locator(".journal-status")

    @property
    def word(self) -> Locator:
        """A word about what has just happened."""
        return self.page.locator(".journal-word")

    @property
    def bar(self) -> Locator:
        """The bar with a question."""
        return self.page.locator(".journal-bar")

    def expect_saved(self) -> None:
        """Wait until everything is at the server."""
        expect(self.status).to_have_text("Сохранено в 10:42")
        expect(self.table.locator("[data-state=saving], [data-state=waiting]")).to_have_count(0)

    def answer_dialogs(self) -> None:
        """Stay on the page when the browser asks, and remember that it asked."""

        def dismiss(dialog: Dialog) -> None:
            self.dialogs.append(dialog.type)
            dialog.accept()

        self.page.on("dialog", dismiss)
