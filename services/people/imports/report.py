"""What an import would do, or did: counts and remarks, errors first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foundation.spreadsheets import Problem, Severity

# Enough to mend a file by; a list that is all wrong needs no thousand lines to say so.
LINES_SHOWN = 500
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HEALED: 2}


@dataclass(slots=True)
class Count:
    """How many records of a sort are new, changed, or as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of a preview or an import; `lines` hold errors, then warnings, then healed."""

    kind: str
    sheet: str
    header_row: int | None
    counts: Mapping[str, Count]
    lines: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the remarks that stop the import."""
        return tuple(line for line in self.lines if line.severity == Severity.ERROR)

    @property
    def is_acceptable(self) -> bool:
        """Return whether the file may be imported."""
        return not self.errors

    @property
    def changes_nothing(self) -> bool:
        """Return whether everything in the file is in the school already."""
        return not any(count.created or count.changed for count in self.counts.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values; lines beyond the first hundreds are only counted."""
        return {
            "kind": self.kind,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "is_acceptable": self.is_acceptable,
            "changes_nothing": self.changes_nothing,
            "counts": {
                name: {
                    "created": count.created,
                    "changed": count.changed,
                    "unchanged": count.unchanged,
                }
                for name, count in self.counts.items()
            },
            "found": {
                severity.value: sum(line.severity == severity for line in self.lines)
                for severity in ORDER
            },
            "lines": [line.as_dict() for line in self.lines[:LINES_SHOWN]],
        }


def in_order(lines: list[Problem]) -> tuple[Problem, ...]:
    """Return remarks with errors first, then by row and column."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (ORDER[line.severity], line.row or 0, len(line.column), line.column),
        )
    )
