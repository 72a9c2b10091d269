"""How a start speaks: a line per step with its time, a table at the end."""

import sys
import time
from collections.abc import Mapping, Sequence

MARK = "\x01"  # begins a line by which a child process names its next step
TITLES = {
    "role": "Кто",
    "name": "Имя",
    "school": "Где",
    "login": "Логин",
    "password": "Пароль",
    "what_to_see": "Что посмотреть",
}


class Progress:
    """Prints steps; a step is begun, may say something, and is done when the next one begins."""

    def __init__(self) -> None:
        self.title = ""
        self.begun = 0.0
        self.is_line_open = False

    def begin(self, title: str) -> None:
        """Finish the step before and name the next one."""
        self.done()
        self.title, self.begun = title, time.monotonic()
        self._write(f"  {title}… ")
        self.is_line_open = True

    def note(self, text: str) -> None:
        """Say something about the running step on a line of its own."""
        if self.is_line_open:
            self._write("\n")
            self.is_line_open = False
        self._write(f"      {text}\n")

    def done(self) -> None:
        """Finish the running step with its time."""
        if not self.title:
            return
        lead = "" if self.is_line_open else f"  {self.title}: "
        self._write(f"{lead}{seconds(time.monotonic() - self.begun)}\n")
        self.title, self.is_line_open = "", False

    def say(self, text: str) -> None:
        """Print a line outside the steps."""
        self._write(("\n" if self.is_line_open else "") + text + "\n")
        self.is_line_open = False

    def _write(self, text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:  # the reader of a pipe went away: the work goes on
            self.is_line_open = False


def seconds(length: float) -> str:
    """Return a length of time as people here write it: «1,2 с»."""
    if length < 60:
        return f"{length:.1f} с".replace(".", ",")
    return f"{int(length // 60)} мин {int(length % 60)} с"


def table(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return rows of equal keys as aligned lines under Russian headings."""
    if not rows:
        return []
    keys = [key for key in TITLES if key in rows[0]] + [key for key in rows[0] if key not in TITLES]
    cells = [[TITLES.get(key, key) for key in keys]]
    cells += [[str(row.get(key) or "") for key in keys] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(keys))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
