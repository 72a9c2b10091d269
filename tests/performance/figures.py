"""A measured figure and whether it keeps its goal: plain values, no clock, no network."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.performance.goals import Goal


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: a value that was really measured.

    Raise `ValueError` without samples.
    """
    if not samples:
        raise ValueError("no samples")
    rank = max(1, math.ceil(share * len(samples) - 1e-9))
    return sorted(samples)[rank - 1]


@dataclass(frozen=True, slots=True)
class Statements:
    """SQL statements of one request: who it is, the pin, the work from the pin to COMMIT."""

    actor: int
    pin: int
    work: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An operation as it was measured; `samples` and `reference` are milliseconds.

    `missing` says why there is no figure; `failures` counts answers that were not as expected.
    """

    name: str
    samples: Sequence[float] = ()
    reference: Sequence[float] = ()
    statements: Statements | None = None
    size: int | None = None
    failures: int = 0
    missing: str = ""

    def at(self, share: float) -> float | None:
        """Return a percentile in milliseconds, or None when nothing was measured."""
        return percentile(self.samples, share) if self.samples else None

    @property
    def ratio(self) -> float | None:
        """Return the median as a multiple of the reference's, measured in turns with it."""
        if not self.samples or not self.reference:
            return None
        return percentile(self.samples, 0.5) / percentile(self.reference, 0.5)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a goal is kept (None: there is no goal, or no figure), and what falls short."""

    holds: bool | None
    short: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the word of the table."""
        if self.holds is None:
            return "—"
        return "да" if self.holds else f"НЕТ: {', '.join(self.short)}"


def judge(figure: Figure, goal: Goal) -> Verdict:
    """Return whether a figure keeps its goal."""
    if figure.missing:
        return Verdict(False, ("не измерено",))
    work = figure.statements.work if figure.statements else None
    pairs: list[tuple[str, float | None, float | None]] = [
        ("p50", figure.at(0.5), goal.p50),
        ("p95", figure.at(0.95), goal.p95),
        ("p99", figure.at(0.99), goal.p99),
        ("время", figure.at(1), goal.slowest),
        ("запросы", work, goal.statements),
        ("байты", figure.size, goal.size),
        ("эталон", figure.ratio, goal.ratio),
    ]
    bound = [(name, value, limit) for name, value, limit in pairs if limit is not None]
    short = [name for name, value, limit in bound if value is None or value > limit]
    if figure.failures:
        short.append(f"ошибок {figure.failures}")
    if not bound and not short:
        return Verdict(None)
    return Verdict(not short, tuple(short))


@dataclass(frozen=True, slots=True)
class Fact:
    """A single number beside its goal: throughput, memory, a browser's milliseconds."""

    title: str
    value: str
    goal: str = "—"
    holds: bool | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    remark: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return whether the goal is kept."""
        return Verdict(self.holds)
