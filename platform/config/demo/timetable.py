"""A weekly timetable without clashes: greedy, then repaired by moving what stands in the way.

The cells of a class are given beforehand (its hours spread evenly over the days, no windows), so
only teachers can clash. Numbers of the second shift count on from the fifth hour of the day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from random import Random

from config.demo.district import ClassSpec, SchoolSpec
from config.demo.plans import Course
from config.demo.staff import Teacher
from services.schedule.rules import week_of_level

SECOND_SHIFT_BEGINS = 5
DEPTH = 5
TRIES = 40

Cell = tuple[int, int]  # weekday, number


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson of a course in the week; `half` 1 or 2: only in that half of the year."""

    course: Course
    cell: Cell
    half: int = 0


class NoTimetable(Exception):
    """No timetable was found: the demo's plan of teachers is too tight."""


@dataclass(eq=False, slots=True)
class Unit:
    """One lesson a week: the courses held at once, and where it stands."""

    courses: tuple[Course, ...]
    teachers: tuple[Teacher, ...]
    cell: Cell | None = None
    takes_turns: bool = False
    classes: tuple[ClassSpec, ...] = field(default=())

    def __post_init__(self) -> None:
        self.classes = tuple(dict.fromkeys(course.school_class for course in self.courses))

    @property
    def subject(self) -> str:
        """Return the subject, the same for all courses held at once."""
        return self.courses[0].subject


def draw_timetable(school: SchoolSpec, teacher_of: Mapping[Course, Teacher]) -> list[Place]:
    """Return a place in the week for every lesson of every course. Raise `NoTimetable`."""
    for number in range(TRIES):
        drawing = _Drawing(school, teacher_of, Random(f"{school.slug} {number}"))  # noqa: S311
        if drawing.place_all():
            return [
                Place(course, unit.cell, min(turn, 2) if unit.takes_turns else 0)
                for unit in drawing.units
                for turn, course in enumerate(unit.courses, start=1)
                if unit.cell
            ]
    raise NoTimetable(school.slug)


def list_units(teacher_of: Mapping[Course, Teacher]) -> list[Unit]:
    """Return the lessons of a week; halves of a year share one place."""
    held_at_once: dict[tuple[object, ...], list[Course]] = defaultdict(list)
    halves: dict[ClassSpec, list[Course]] = defaultdict(list)
    for course in teacher_of:
        whole = int(course.hours)
        if course.hours % 1:
            halves[course.school_class].append(course)
        if whole:
            key = (course.joint, course.subject) if course.joint else (course.school_class,)
            held_at_once[(*key, course.subject)].append(course)
    units = []
    for courses in held_at_once.values():
        for place in range(max(int(course.hours) for course in courses)):
            now = tuple(course for course in courses if int(course.hours) > place)
            units.append(Unit(now, _teachers(now, teacher_of)))
    for one in halves.values():
        # What has half an hour only comes first: its half of the year is the autumn.
        turns = tuple(sorted(one, key=lambda course: course.hours))
        units.append(Unit(turns, _teachers(turns, teacher_of), takes_turns=True))
    return units


def _teachers(
    courses: Iterable[Course], teacher_of: Mapping[Course, Teacher]
) -> tuple[Teacher, ...]:
    return tuple({id(teacher_of[c]): teacher_of[c] for c in courses}.values())


class _Drawing:
    """One try."""

    def __init__(
        self, school: SchoolSpec, teacher_of: Mapping[Course, Teacher], random: Random
    ) -> None:
        self.school, self.random = school, random
        self.units = list_units(teacher_of)
        self.class_at: dict[tuple[ClassSpec, Cell], Unit] = {}
        self.teacher_at: dict[tuple[int, Cell], Unit] = {}
        self.subject_on: dict[tuple[ClassSpec, int, str], int] = defaultdict(int)
        self.cells = {one: self._cells_of(one) for one in school.classes}

    def place_all(self) -> bool:
        """Place the units, the hardest first; return whether all have a place."""
        load: dict[int, int] = defaultdict(int)
        for unit in self.units:
            for teacher in unit.teachers:
                load[id(teacher)] += 1
        order = {id(unit): self.random.random() for unit in self.units}
        self.units.sort(
            key=lambda unit: (
                -len(unit.teachers) - len(unit.classes),
                -max(load[id(teacher)] for teacher in unit.teachers),
                order[id(unit)],
            )
        )
        return all(self._place(unit, DEPTH, set()) for unit in self.units)

    def _cells_of(self, one: ClassSpec) -> list[Cell]:
        """Return the hours of a class: as even over the days as can be, never a window."""
        units = sum(one in unit.classes for unit in self.units)
        days = week_of_level(week=self.school.week, level=one.level)
        least, more = divmod(units, days)
        return [
            (day, number)
            for number in range(1, ceil(units / days) + 1)
            for day in range(1, days + 1)
            if number <= least or day <= more
        ]

    def _place(self, unit: Unit, depth: int, fixed: set[int]) -> bool:
        """Place a unit where all are free, else where those in the way can be moved."""
        cells = [
            cell
            for cell in self.cells[unit.classes[0]]
            if all(cell in self.cells[other] for other in unit.classes[1:])
        ]
        ways = {cell: self._in_the_way(unit, cell) for cell in cells}
        cells.sort(key=lambda cell: (len(ways[cell]), self._cost(unit, cell)))
        for cell in cells:
            others = ways[cell]
            if not others:
                self._put(unit, cell)
                return True
            if depth == 0 or len(others) > 2 or any(id(other) in fixed for other in others):
                continue
            if self._push_out(unit, cell, others, depth, fixed):
                return True
        return False

    def _push_out(
        self, unit: Unit, cell: Cell, others: Sequence[Unit], depth: int, fixed: set[int]
    ) -> bool:
        homes = [(other, other.cell) for other in others]
        for other in others:
            self._take(other)
        self._put(unit, cell)
        kept = fixed | {id(unit)}
        if all(self._place(other, depth - 1, kept) for other in others):
            return True
        for other in (unit, *others):
            if other.cell:
                self._take(other)
        for other, home in homes:
            if home:
                self._put(other, home)
        return False

    def _in_the_way(self, unit: Unit, cell: Cell) -> list[Unit]:
        found: dict[int, Unit] = {}
        for one in unit.classes:
            other = self.class_at.get((one, cell))
            if other is not None:
                found[id(other)] = other
        hour = self._hour(unit, cell)
        for teacher in unit.teachers:
            other = self.teacher_at.get((id(teacher), hour))
            if other is not None:
                found[id(other)] = other
        return list(found.values())

    def _cost(self, unit: Unit, cell: Cell) -> tuple[int, float]:
        """Prefer a day on which the class has not had the subject yet."""
        same = sum(self.subject_on[one, cell[0], unit.subject] for one in unit.classes)
        return same, self.random.random()

    def _hour(self, unit: Unit, cell: Cell) -> Cell:
        later = SECOND_SHIFT_BEGINS if unit.classes[0].shift == 2 else 0
        return cell[0], cell[1] + later

    def _put(self, unit: Unit, cell: Cell) -> None:
        unit.cell = cell
        for one in unit.classes:
            self.class_at[one, cell] = unit
            self.subject_on[one, cell[0], unit.subject] += 1
        for teacher in unit.teachers:
            self.teacher_at[id(teacher), self._hour(unit, cell)] = unit

    def _take(self, unit: Unit) -> None:
        cell = unit.cell
        assert cell is not None
        unit.cell = None
        for one in unit.classes:
            del self.class_at[one, cell]
            self.subject_on[one, cell[0], unit.subject] -= 1
        for teacher in unit.teachers:
            del self.teacher_at[id(teacher), self._hour(unit, cell)]
