"""The bench's report: an aligned table for people, JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.performance.figures import Fact, Figure, judge
from tests.performance.goals import GOALS

HEAD = (
    "операция",
    "p50",
    "p95",
    "p99",
    "запр.",
    "кто+дверь",
    "байт",
    "×эталон",
    "цель",
    "держится",
)
LEFT = {0, 8, 9}
FACT_HEAD = ("показатель", "значение", "цель", "держится")


@dataclass(slots=True)
class Report:
    """Everything a run has measured."""

    figures: list[Figure] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Return whether no goal falls short."""
        verdicts = [judge(figure, GOALS[figure.name]) for figure in self.figures]
        return all(one.holds is not False for one in [*verdicts, *(f.verdict for f in self.facts)])


def as_text(report: Report) -> str:
    """Return the report for people."""
    parts = [_table(HEAD, [_row(figure) for figure in report.figures], LEFT)]
    if report.facts:
        rows = [(one.title, one.value, one.goal, one.verdict.text) for one in report.facts]
        parts.append(_table(FACT_HEAD, rows, {0, 1, 2, 3}))
    remarks = [f"{one.title}: {one.remark}" for one in report.facts if one.remark]
    parts.append("\n".join(f"* {words}" for words in [*remarks, *report.notes]))
    return "\n\n".join(part for part in parts if part)


def as_json(report: Report, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same for programs: milliseconds, bytes, counts."""
    return {
        "about": dict(about),
        "figures": {figure.name: _figure_to_json(figure) for figure in report.figures},
        "facts": [
            {
                "title": one.title,
                "value": one.value,
                "goal": one.goal,
                "holds": one.holds,
                "remark": one.remark,
                **one.numbers,
            }
            for one in report.facts
        ],
        "notes": report.notes,
        "holds": report.holds,
    }


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    goal = GOALS[figure.name]
    verdict = judge(figure, goal)
    counted = figure.statements
    return {
        "title": goal.title,
        "samples": len(figure.samples),
        "p50": _rounded(figure.at(0.5)),
        "p95": _rounded(figure.at(0.95)),
        "p99": _rounded(figure.at(0.99)),
        "slowest": _rounded(figure.at(1)),
        "statements": counted.work if counted else None,
        "statements_actor": counted.actor if counted else None,
        "statements_pin": counted.pin if counted else None,
        "bytes": figure.size,
        "ratio": _rounded(figure.ratio),
        "failures": figure.failures,
        "missing": figure.missing,
        "goal": goal.text,
        "holds": verdict.holds,
        "falls_short": list(verdict.short),
    }


def _row(figure: Figure) -> tuple[str, ...]:
    goal = GOALS[figure.name]
    counted = figure.statements
    numbers: Sequence[str]
    if figure.missing:
        return (goal.title, *["—"] * 7, goal.text, f"НЕТ: {figure.missing}")
    numbers = (
        _milliseconds(figure.at(0.5)),
        _milliseconds(figure.at(0.95)),
        _milliseconds(figure.at(0.99)),
        str(counted.work) if counted else "—",
        f"{counted.actor}+{counted.pin}" if counted else "—",
        f"{figure.size:,}".replace(",", " ") if figure.size is not None else "—",
        f"{figure.ratio:.1f}" if figure.ratio is not None else "—",
    )
    return (goal.title, *numbers, goal.text, judge(figure, goal).text)


def _milliseconds(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], left: set[int]) -> str:
    """Return rows under their heads; columns of words to the left, of numbers to the right."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]

    def draw(line: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join(
        [draw(lines[0]), "  ".join("─" * width for width in widths), *map(draw, lines[1:])]
    )
