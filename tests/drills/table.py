"""Results as a table people read: what, how it came out, what was promised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `is_kept` says whether the promise was."""

    title: str
    result: str
    goal: str
    is_kept: bool


def as_text(title: str, rows: list[Row]) -> str:
    """Return the table in columns, the failures marked."""
    lines = [(row.title, row.result, row.goal, "да" if row.is_kept else "НЕТ") for row in rows]
    head = ("Что", "Получилось", "Обещано", "Исполнено")
    widths = [max(len(line[n]) for line in [head, *lines]) for n in range(4)]
    text = [
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in [head, tuple("-" * width for width in widths), *lines]
    ]
    return "\n".join([title, "", *text])
