"""The trace of requirements (прослеживаемость): which of them is shown, where, and which is open.

`python -m tests.support.trace` prints one line per requirement of `docs/requirements/`, then the
totals. `--check` prints only what is wrong and ends with 1 when there is anything. The tests are
read, not run: no database is needed.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.markers import Marking, scan

ROOT = Path(__file__).resolve().parents[2]
STATES = ("shown", "part", "document", "open")


@dataclass(frozen=True)
class Row:
    """One requirement: its state and the tests or the file that show it."""

    requirement: str
    state: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """The whole trace and what is wrong with it."""

    rows: tuple[Row, ...]
    defects: tuple[str, ...]


def read_trace(root: Path) -> Trace:
    """Return the trace of the project at `root`."""
    lists = root / "docs/requirements"
    requirements = [row["id"] for row in _read_table(lists / "requirements.tsv")]
    documents = {row["id"]: row["file"] for row in _read_table(lists / "documents.tsv")}
    scans = [
        scan(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted((root / "tests").rglob("*.py"))
    ]
    markings = [marking for one in scans for marking in one.markings]
    defects = [
        *(defect for one in scans for defect in one.defects),
        *_unknown(requirements, documents, markings),
        *(
            f"documents.tsv: {one} is shown by {file}, which is not there"
            for one, file in documents.items()
            if not (root / file).is_file()
        ),
    ]
    rows = [_row(one, documents, markings) for one in requirements]
    return Trace(tuple(rows), tuple(defects))


def render(rows: Sequence[Row]) -> str:
    """Return the trace as it is printed: a line per requirement, then the totals."""
    lines = [f"{row.requirement}  {row.state:<8}  {', '.join(row.where)}".rstrip() for row in rows]
    counted = Counter(row.state for row in rows)
    totals = ", ".join(f"{counted[state]} {state}" for state in STATES)
    return "\n".join([*lines, f"{len(rows)} requirements: {totals}"])


def main(arguments: Sequence[str]) -> int:
    """Print the trace, or with `--check` only its defects; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.trace")
    parser.add_argument("--check", action="store_true", help="print only what is wrong")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    trace = read_trace(options.root)
    if not options.check:
        sys.stdout.write(render(trace.rows) + "\n")
        return 0
    sys.stdout.write("".join(f"{defect}\n" for defect in trace.defects))
    return 1 if trace.defects else 0


def _row(requirement: str, documents: Mapping[str, str], markings: Sequence[Marking]) -> Row:
    """Return the requirement's best state: a test, else a document, else a part."""
    own = [marking for marking in markings if marking.requirement == requirement]
    tests = tuple(dict.fromkeys(marking.test for marking in own))
    if any(not marking.part for marking in own):
        return Row(requirement, "shown", tests)
    if requirement in documents:
        return Row(requirement, "document", (documents[requirement], *tests))
    return Row(requirement, "part" if own else "open", tests)


def _unknown(
    requirements: Sequence[str], documents: Mapping[str, str], markings: Sequence[Marking]
) -> list[str]:
    """Return a sentence for every id that is in no list of requirements."""
    known = set(requirements)
    return [
        *(
            f"{one.place}: no such requirement: {one.requirement}"
            for one in markings
            if one.requirement not in known
        ),
        *(f"documents.tsv: no such requirement: {one}" for one in documents if one not in known),
    ]


def _read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
