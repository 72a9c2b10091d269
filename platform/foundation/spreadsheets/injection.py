"""Text that an office program would run as a formula, and the apostrophe that stops it (F12).

In XLSX and ODS a text cell is never run: only its type matters. In delimited text there are no
types, so such a text gets an apostrophe in front on the way out and loses it on the way in.
"""

import re

# OWASP's list: the signs, the blanks that some programs strip first, and the full-width twins.
_STARTS = "=+\\-@\t\r\n＝＋－＠"
_RUNS = re.compile(f"'*[{_STARTS}]")
_GUARDED = re.compile(f"'+[{_STARTS}]")


def guard(text: str) -> str:
    """Return the text made harmless for delimited files; `unguard` gives it back."""
    return f"'{text}" if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """Return the text without the apostrophe of `guard`."""
    return text[1:] if _GUARDED.match(text) else text
