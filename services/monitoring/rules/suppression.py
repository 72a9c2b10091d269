"""Small cells stay hidden (подавление малых групп): numbers of fewer than five pupils.

Source: PDP-005 and `monitoring.smallest_cell` of the regulation. Hiding the small cell is not
enough: total minus the rest would give it back, so further cells are hidden with it.

A table of grades × subjects with its totals is a graph: its lines are the nodes, hidden cells the
edges. What is shown gives a hidden cell away exactly when its edge lies on no cycle (Gusfield,
1988). Here the cycle must also leave the line through a cell that is not small: the sum of a few
pupils of a line is as telling as its parts.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

TOTAL: Final = None

Cell = tuple[Hashable, Hashable]
Line = tuple[str, Hashable]
ALWAYS_SHOWN = frozenset({("row", TOTAL), ("column", TOTAL)})  # they hold the grand total


def is_small(size: int, threshold: int) -> bool:
    """Return whether so few pupils stand behind a number that it must not be shown."""
    return 0 < size < threshold


def size_of_marks(pupils: int, marks: int, threshold: int) -> int:
    """Return how many children marks may tell about: the pupils, or fewer when marks are fewer."""
    return pupils if is_small(pupils, threshold) else min(pupils, marks)


def hide_cells(sizes: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Return the cells of a table to hide; `sizes` holds its totals under TOTAL.

    The grand total stays in sight unless it is small itself. When no cover is found, all the
    rest is hidden.
    """
    cells = {cell: size for cell, size in sizes.items() if size > 0}
    grand = cells.pop((TOTAL, TOTAL), 0)
    if is_small(grand, threshold):
        return frozenset([*cells, (TOTAL, TOTAL)])
    table = _Table(cells, {cell for cell, size in cells.items() if is_small(size, threshold)})
    while exposed := table.find_exposed():
        if not table.cover(*exposed):
            return frozenset(cells)
    return frozenset(table.hidden)


def _lines(cell: Cell) -> tuple[Line, Line]:
    return ("row", cell[0]), ("column", cell[1])


@dataclass(slots=True)
class _Table:
    """A table while its cells are being hidden: without the grand total and the empty cells."""

    cells: Mapping[Cell, int]
    small: Set[Cell]
    hidden: set[Cell]

    def __init__(self, cells: Mapping[Cell, int], small: Set[Cell]) -> None:
        self.cells, self.small, self.hidden = cells, small, set(small)

    def find_exposed(self) -> tuple[Cell, Line] | None:
        """Return a small cell that what is shown tells about, and the line to mend, or None."""
        graph: dict[Line, dict[Line, Cell]] = defaultdict(dict)
        for cell in self.hidden:
            row, column = _lines(cell)
            graph[row][column] = graph[column][row] = cell
        shown = ALWAYS_SHOWN | {
            line for cell in self.cells.keys() - self.hidden for line in _lines(cell)
        }
        exposed = [
            (cell, line)
            for line in graph
            for cell in self._exposed_at(line, graph, partly_shown=line in shown)
        ]
        return min(exposed, key=str, default=None)

    def _exposed_at(
        self, line: Line, graph: Mapping[Line, Mapping[Line, Cell]], *, partly_shown: bool
    ) -> Iterator[Cell]:
        """Yield the small cells of a line from which no way leads back to it.

        Where something of the line is shown, the way back must be a cell that is not small.
        """
        for part in _parts_without(line, graph):
            edges = {graph[line][neighbour] for neighbour in part if neighbour in graph[line]}
            told = edges <= self.small if partly_shown else len(edges) == 1
            if told:
                yield from edges & self.small

    def cover(self, cell: Cell, line: Line) -> bool:
        """Hide what closes a rectangle over the exposed cell; return False when nothing does.

        The corner beside it on the line must not be small. Totals are hidden last, then as few
        cells and as few pupils as can be.
        """
        row, column = cell
        best: tuple[tuple[int, int, int, str], set[Cell]] | None = None
        for far_row, far_column in self.cells:
            beside = (row, far_column) if line[0] == "row" else (far_row, column)
            if far_row == row or far_column == column or beside in self.small:
                continue
            corners = {(row, far_column), (far_row, column), (far_row, far_column)}
            if corners <= self.hidden or not corners <= self.cells.keys():
                continue
            new = corners - self.hidden
            pupils = sum(self.cells[corner] for corner in new)
            totals = sum(TOTAL in corner for corner in new)
            cost = (totals, len(new), pupils, str(sorted(new, key=str)))
            if best is None or cost < best[0]:
                best = cost, new
        if best is None:
            return False
        self.hidden |= best[1]
        return True


def _parts_without(line: Line, graph: Mapping[Line, Mapping[Line, Cell]]) -> Iterator[set[Line]]:
    """Yield the parts into which the graph falls around a line when the line is taken away."""
    waiting = set(graph[line])
    while waiting:
        start = waiting.pop()
        part, edge = {start}, [start]
        while edge:
            for neighbour in graph[edge.pop()]:
                if neighbour != line and neighbour not in part:
                    part.add(neighbour)
                    edge.append(neighbour)
        waiting -= part
        yield part
