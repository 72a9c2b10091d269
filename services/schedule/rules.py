"""Decisions of the school's time, from plain values.

Source: СП 2.4.3648-20 as curriculum.md §5 states it (bells, shifts, the five-day first grade);
TTC-013 (changes of the timetable); JRN-003 (joined lessons).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations, pairwise

from kernel.working_days import WeekType

FIRST_SHIFT_ONLY = frozenset({1, 5, 9, 10, 11})
EARLIEST, LATEST = 8 * 60, 19 * 60
LONGEST_LESSON, SHORTEST_BREAK = 45, 10
LONGEST_FIRST_GRADE_AUTUMN = 35


@dataclass(frozen=True, slots=True)
class BellTime:
    """The hour of a lesson number, for some levels of a shift, in some days of the year."""

    shift: int
    number: int
    starts_at: time
    ends_at: time
    level_from: int = 1
    level_to: int = 11
    valid_from: date | None = None
    valid_until: date | None = None

    def serves(self, *, shift: int, level: int) -> bool:
        """Return whether the bell rings for a level of a shift, in whatever season."""
        return self.shift == shift and self.level_from <= level <= self.level_to

    def rings_on(self, day: date) -> bool:
        """Return whether the bell rings on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A place in the week with all that may clash there: minutes since midnight, who, where."""

    slot: int
    employee_id: int
    group_id: int
    class_id: int | None
    is_whole_class: bool
    weekday: int
    starts: int
    ends: int
    room: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """Two slots that cannot both be: `what` is «teacher», «group», «class» or «room»."""

    what: str
    slot: int
    other: int


def week_of_level(*, week: WeekType, level: int) -> WeekType:
    """Return the level's week: first-graders learn five days in any school."""
    return 5 if level == 1 else week


def minutes(moment: time) -> int:
    """Return the minutes since midnight."""
    return moment.hour * 60 + moment.minute


def find_bell_breaches(bells: Sequence[BellTime]) -> list[str]:
    """Return, in Russian, what in a day's bells breaks the sanitary rules; [] when all is well."""
    breaches = [breach for bell in bells for breach in _breaches_of_bell(bell)]
    rows: dict[tuple[int, int, int, date | None], list[BellTime]] = defaultdict(list)
    for bell in bells:
        rows[bell.shift, bell.level_from, bell.level_to, bell.valid_from].append(bell)
    for row in rows.values():
        breaches += _breaches_of_breaks(sorted(row, key=lambda bell: bell.number))
    return breaches


def _breaches_of_bell(bell: BellTime) -> Iterator[str]:
    starts, ends = minutes(bell.starts_at), minutes(bell.ends_at)
    if starts < EARLIEST or ends > LATEST:
        yield f"{bell.number} урок {bell.shift} смены: уроки идут с 8:00 до 19:00."
    if ends - starts > LONGEST_LESSON:
        yield f"{bell.number} урок {bell.shift} смены: длиннее 45 минут."
    if bell.shift == 2 and not FIRST_SHIFT_ONLY.isdisjoint(
        range(bell.level_from, bell.level_to + 1)
    ):
        yield f"{bell.number} урок: 1, 5, 9–11 классы учатся только в первую смену."


def _breaches_of_breaks(row: Sequence[BellTime]) -> Iterator[str]:
    pauses = {}
    for before, after in pairwise(row):
        pause = minutes(after.starts_at) - minutes(before.ends_at)
        pauses[before.number] = pause
        if pause < SHORTEST_BREAK:
            yield f"Перемена после {before.number} урока короче 10 минут."
    long_enough = [pauses.get(number, 0) >= 20 for number in (2, 3)]
    if len(row) > 3 and not any(long_enough):
        yield "После 2 или 3 урока нужна перемена не короче 20 минут."


def find_clashes(slots: Iterable[SlotFacts]) -> list[Clash]:
    """Return the pairs of slots that cannot both be held.

    A teacher may have two groups at once in one room: a joined lesson of a small school.
    Two subgroups of a class may learn at once; the whole class may not beside them.
    """
    days: dict[int, list[SlotFacts]] = defaultdict(list)
    for slot in slots:
        days[slot.weekday].append(slot)
    clashes: set[Clash] = set()
    for day in days.values():
        for one, other in _overlapping(day):
            what = _clash_of(one, other)
            if what:
                clashes.add(Clash(what, min(one.slot, other.slot), max(one.slot, other.slot)))
    return sorted(clashes)


def _overlapping(day: Sequence[SlotFacts]) -> Iterator[tuple[SlotFacts, SlotFacts]]:
    """Yield the pairs of a day that share a minute and somebody or something."""
    seats: dict[tuple[str, object], list[SlotFacts]] = defaultdict(list)
    for slot in day:
        seats["teacher", slot.employee_id].append(slot)
        seats["group", slot.group_id].append(slot)
        if slot.class_id is not None:
            seats["class", slot.class_id].append(slot)
        if slot.room:
            seats["room", slot.room].append(slot)
    for group in seats.values():
        for one, other in combinations(group, 2):
            if one.starts < other.ends and other.starts < one.ends:
                yield one, other


def _clash_of(one: SlotFacts, other: SlotFacts) -> str | None:
    if one.group_id == other.group_id:
        return "group"
    same_class = one.class_id is not None and one.class_id == other.class_id
    if same_class and (one.is_whole_class or other.is_whole_class):
        return "class"
    joined = bool(one.room) and one.room == other.room and one.employee_id == other.employee_id
    if joined:
        return None
    if one.employee_id == other.employee_id:
        return "teacher"
    return "room" if one.room and one.room == other.room else None
