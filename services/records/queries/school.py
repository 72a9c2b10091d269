"""The report of the school: classes down, what each has together (REP-001, REP-002, REP-016)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.actor import Actor
from kernel.school_year import start_year_of
from services.journal import queries as journal
from services.journal.queries import PlaceTally
from services.people import queries as people
from services.people.queries import ClassCard, ClassStay
from services.records import access
from services.records.queries.spans import ReportSpan, Spans, read_rules, read_spans
from services.records.rules import Missed, Score, add_scores, share
from services.schedule import queries as schedule
from services.schedule.queries.pages import count_given, list_cancelled


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A class, or the school as a whole.

    `low` pupils have an average below 2.5 in a subject at least, `unmarked` have no mark at all;
    of a class without marks both are None.
    """

    card: ClassCard | None
    teacher: str
    pupils: int
    lessons: int
    score: Score
    good: int
    low: int | None
    unmarked: int | None
    missed: Missed

    @property
    def good_share(self) -> Decimal | None:
        """Return the share of fives and fours among the marks."""
        return share(self.good, self.score.marks)


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """The classes that learn by a period."""

    years: tuple[int, ...]
    spans: Spans
    is_weighted: bool
    lines: tuple[SchoolLine, ...]
    total: SchoolLine

    @property
    def is_empty(self) -> bool:
        """Return whether there is neither a mark nor a lesson written down."""
        return not (self.total.score.marks or self.total.missed.expected)


def get_school_report(
    *, actor: Actor, key: str, today: date, now: datetime, start_year: int | None = None
) -> SchoolReport:
    """Return the report of the school, of this year unless another is asked; raise `NotFound`."""
    access.check_school(actor=actor, on=today)
    year = start_year or start_year_of(today)
    spans = read_spans(start_year=year, key=key, today=today)
    span, rules = spans.chosen, read_rules(spans.chosen, today)
    cards = [one for one in people.list_classes(start_year=year) if span.holds(one.level)]
    marked = {one.id for one in cards if rules.has_marks(one.level)}
    teachers = people.get_employee_names(
        employee_ids={one.class_teacher_id for one in cards if one.class_teacher_id}
    )
    counts = _count(cards, span, weighted=rules.is_weighted, today=today, now=now)
    lines = tuple(
        _line(card, teachers.get(card.class_teacher_id or 0, ""), counts, card.id in marked)
        for card in cards
    )
    return SchoolReport(list_years(today), spans, rules.is_weighted, lines, _total(lines))


def list_years(today: date) -> tuple[int, ...]:
    """Return the school years that can be asked, the newest first."""
    first = schedule.find_first_day()
    newest = start_year_of(today)
    return tuple(range(newest, start_year_of(first) - 1, -1)) if first else (newest,)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a whole school, by class."""

    pupils: Mapping[int, set[int]]
    lessons: Mapping[int, int]
    marks: Mapping[int, PlaceTally]
    marked_ids: frozenset[int]
    expected: Mapping[int, int]
    absent: Mapping[int, int]


def _count(
    cards: Sequence[ClassCard], span: ReportSpan, *, weighted: bool, today: date, now: datetime
) -> Counts:
    """Count the classes: nine queries, whatever the size of the school."""
    if not span.has_begun(today):
        return Counts({}, {}, {}, frozenset(), {}, {})
    class_ids, last = [one.id for one in cards], span.counted_to(today)
    stays = people.list_class_stays(class_ids=class_ids, since=span.since, last=last)
    counted = [journal.Stay(one.pupil_id, one.class_id, one.since, one.until) for one in stays]
    cancelled = list_cancelled(since=span.since, last=last)
    marks = journal.tally_places(stays=counted, weighted=weighted)
    seats = Counter(
        (one.group_id, one.class_id, one.since, one.until)
        for one in people.list_group_seats(class_ids=class_ids, since=span.since, last=last)
    )
    return Counts(
        pupils=_on_day(stays, last),
        lessons=_count_lessons(class_ids, span, last, now),
        marks=marks,
        marked_ids=frozenset().union(*(one.marked_ids for one in marks.values())),
        expected=journal.count_expected(
            seats=[journal.Seats(*place, size=size) for place, size in seats.items()],
            cancelled=cancelled,
        ),
        absent=journal.count_absent_recorded(stays=counted, cancelled=cancelled),
    )


def _on_day(stays: Iterable[ClassStay], day: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for stay in stays:
        if stay.since <= day < stay.until:
            found[stay.class_id].add(stay.pupil_id)
    return found


def _count_lessons(
    class_ids: Sequence[int], span: ReportSpan, last: date, now: datetime
) -> dict[int, int]:
    """Return how many lessons each class was given, those of its subgroups among them."""
    class_of = {
        group.id: group.school_class_id
        for group in people.list_groups(start_year=start_year_of(span.since))
        if group.school_class_id in set(class_ids)
    }
    given = count_given(group_ids=class_of, since=span.since, last=last, now=now)
    found: Counter[int] = Counter()
    for (group_id, _), number in given.items():
        found[class_of[group_id] or 0] += number
    return found


def _line(card: ClassCard, teacher: str, counts: Counts, has_marks: bool) -> SchoolLine:
    here = counts.pupils.get(card.id, set())
    tally = counts.marks.get(card.id) if has_marks else None
    absent = counts.absent.get(card.id, 0)
    return SchoolLine(
        card=card,
        teacher=teacher,
        pupils=len(here),
        lessons=counts.lessons.get(card.id, 0),
        score=Score(tally.marks, tally.points, tally.weights) if tally else Score(),
        good=tally.good if tally else 0,
        low=len(here & (tally.low_ids if tally else frozenset())) if has_marks else None,
        unmarked=len(here - counts.marked_ids) if has_marks else None,
        missed=Missed(absent, 0, 0, counts.expected.get(card.id, 0), absent),
    )


def _total(lines: Sequence[SchoolLine]) -> SchoolLine:
    return SchoolLine(
        card=None,
        teacher="",
        pupils=sum(line.pupils for line in lines),
        lessons=sum(line.lessons for line in lines),
        score=add_scores(line.score for line in lines),
        good=sum(line.good for line in lines),
        low=sum(line.low or 0 for line in lines),
        unmarked=sum(line.unmarked or 0 for line in lines),
        missed=sum((line.missed for line in lines), Missed()),
    )
