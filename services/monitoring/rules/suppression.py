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
from dataclasses import dataclass, field
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


def hide_cells(
    sizes: Mapping[Cell, int], threshold: int, preferred: Set[Cell] = frozenset()
) -> frozenset[Cell]:
    """Return the cells of a table to hide; `sizes` holds its totals under TOTAL.

    The grand total stays in sight unless it is small itself. Cells that are `preferred`, hidden in
    a table beside this one, cover first. When no cover is found, all the rest is hidden.
    """
    cells = {cell: size for cell, size in sizes.items() if size > 0}
    grand = cells.pop((TOTAL, TOTAL), 0)
    if is_small(grand, threshold):
        return frozenset([*cells, (TOTAL, TOTAL)])
    small = {cell for cell, size in cells.items() if is_small(size, threshold)}
    table = _Table(cells, small, preferred)
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
    preferred: Set[Cell]
    hidden: set[Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.hidden = set(self.small)

    def find_exposed(self) -> tuple[Cell, Line, Set[Line]] | None:
        """Return a small cell that what is shown tells about, with the line to mend, or None.

        And the lines around it from which no way leads back to that line.
        """
        graph: dict[Line, dict[Line, Cell]] = defaultdict(dict)
        for cell in self.hidden:
            row, column = _lines(cell)
            graph[row][column] = graph[column][row] = cell
        shown = self._shown_lines()
        exposed = [
            found
            for line in graph
            for found in self._exposed_at(line, graph, partly_shown=line in shown)
        ]
        return min(exposed, key=str, default=None)

    def _exposed_at(
        self, line: Line, graph: Mapping[Line, Mapping[Line, Cell]], *, partly_shown: bool
    ) -> Iterator[tuple[Cell, Line, Set[Line]]]:
        """Yield the small cells of a line whose sum is told: no way leads back past a large one.

        Of a line that is hidden whole the sum of all its cells tells nothing: it is their total.
        """
        around = set(graph[line].values())
        for part in _parts_without(line, graph):
            edges = {graph[line][neighbour] for neighbour in part if neighbour in graph[line]}
            if edges <= self.small and (edges != around or partly_shown):
                yield from ((cell, line, part) for cell in edges)

    def _shown_lines(self) -> Set[Line]:
        """Return the lines of which something is shown."""
        return ALWAYS_SHOWN | {
            line for cell in self.cells.keys() - self.hidden for line in _lines(cell)
        }

    def cover(self, cell: Cell, line: Line, part: Set[Line]) -> bool:
        """Hide what closes a rectangle over the exposed cell; return False when nothing does.

        The corner beside it on the line must not be small; on a line that is hidden whole it must
        lead to another part. Of what is not preferred totals are hidden last, then as few cells and
        as few pupils as can be.
        """
        row, column = cell
        is_partly_shown = line in self._shown_lines()
        best: tuple[tuple[int, int, int, int, str], set[Cell]] | None = None
        for far_row, far_column in self.cells:
            beside = (row, far_column) if line[0] == "row" else (far_row, column)
            if far_row == row or far_column == column:
                continue
            if beside in self.small if is_partly_shown else not part.isdisjoint(_lines(beside)):
                continue
            corners = {(row, far_column), (far_row, column), (far_row, far_column)}
            if corners <= self.hidden or not corners <= self.cells.keys():
                continue
            new = corners - self.hidden
            fresh = new - self.preferred
            pupils = sum(self.cells[corner] for corner in fresh)
            totals = sum(TOTAL in corner for corner in fresh)
            cost = (totals, len(fresh), len(new), pupils, str(sorted(new, key=str)))
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
