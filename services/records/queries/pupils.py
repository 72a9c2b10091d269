"""The report of a pupil: his marks and absences by subject, the same for family and teachers.

Every mark of the period stands in it, also one from the class or group he has left since.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kernel.absence import DEFAULT_CODES, AbsenceCode
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.periods import ONE_DAY
from kernel.school_year import start_year_of
from services.diary.access import ChildView
from services.diary.access import get_child as get_own_child
from services.journal import queries as journal
from services.journal.queries import PupilMark
from services.people import queries as people
from services.records import access
from services.records.queries.spans import (
    ReportRules,
    ReportSpan,
    Spans,
    read_rules,
    read_spans,
)
from services.records.rules import Missed, Score, add_scores, count_missed
from services.schedule import queries as schedule
from services.schedule.queries.pages import list_cancelled


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A subject: the marks themselves, oldest first, and how often each code of the columns."""

    subject: str
    marks: tuple[PupilMark, ...]
    score: Score
    codes: tuple[int, ...]
    missed: Missed


@dataclass(frozen=True, slots=True)
class PupilReport:
    """A pupil in a period; `codes` are the columns of what was missed.

    `class_id` is his class of today where the reader may open its report.
    """

    pupil_id: int
    name: FullName
    class_id: int | None
    class_title: str
    years: tuple[int, ...]
    spans: Spans
    has_marks: bool
    is_weighted: bool
    codes: tuple[AbsenceCode, ...]
    lines: tuple[PupilLine, ...]
    total: PupilLine

    @property
    def told(self) -> list[tuple[PupilLine, list[tuple[int, AbsenceCode]]]]:
        """Return each line with what stands under each code."""
        return [(line, list(zip(line.codes, self.codes, strict=True))) for line in self.lines]

    @property
    def is_empty(self) -> bool:
        """Return whether there is neither a mark nor a code nor a lesson written down."""
        return not (self.lines or self.total.missed.expected)


def get_pupil_report(
    *, actor: Actor, pupil_id: int, key: str, today: date, start_year: int | None = None
) -> PupilReport:
    """Return the report of a pupil for who works with him; raise `NotFound` out of reach."""
    card = access.get_pupil(actor=actor, pupil_id=pupil_id, on=today)
    report = _compose(card.id, card.name, key, today, start_year)
    return replace(report, class_id=card.class_id)


def get_child_report(
    *, actor: Actor, pupil_id: int, key: str, today: date, start_year: int | None = None
) -> tuple[ChildView, PupilReport]:
    """Return the report of one's own child, or of oneself; raise `NotFound` for another's."""
    child = get_own_child(actor=actor, pupil_id=pupil_id, on=today)
    return child, _compose(child.id, child.name, key, today, start_year)


def _compose(
    pupil_id: int, name: FullName, key: str, today: date, start_year: int | None
) -> PupilReport:
    years = people.list_pupil_years(pupil_id=pupil_id)
    year = people.choose_year(years, start_year=start_year, today=today)
    if year is None:
        raise NotFound
    spans = read_spans(start_year=year.start_year, key=key, today=today, level=year.level)
    span, rules = spans.chosen, read_rules(spans.chosen, today)
    has_marks = rules.has_marks(year.level)
    marks = journal.list_pupil_marks(pupil_id=pupil_id, since=span.since, until=span.last)
    cancelled = list_cancelled(since=span.since, last=span.last)
    of_subject = _count_codes(pupil_id, span, cancelled)
    expected = _count_expected(pupil_id, span, today, cancelled)
    codes = _columns(rules, {code for counts in of_subject.values() for code in counts})
    own = marks if has_marks else []
    names = schedule.get_subjects(subject_ids={one.subject_id for one in own} | set(of_subject))
    lines = tuple(
        _line(
            names[subject_id].name,
            [one for one in own if one.subject_id == subject_id],
            of_subject.get(subject_id, Counter()),
            codes,
            rules,
        )
        for subject_id in sorted(names)  # the order of the dictionary
    )
    return PupilReport(
        pupil_id=pupil_id,
        name=name,
        class_id=None,
        class_title=year.class_title,
        years=tuple(
            one.start_year for one in reversed(years) if one.start_year <= start_year_of(today)
        ),
        spans=spans,
        has_marks=has_marks,
        is_weighted=rules.is_weighted,
        codes=codes,
        lines=lines,
        total=_total(lines, own, len(codes), expected),
    )


def _count_codes(
    pupil_id: int, span: ReportSpan, cancelled: Collection[int]
) -> dict[int, Counter[str]]:
    """Return how often each code stands in the lessons held, by subject."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for one in journal.list_pupil_absences(pupil_id=pupil_id, since=span.since, until=span.last):
        if one.lesson_id not in cancelled:
            found[one.subject_id][one.code] += 1
    return found


def _count_expected(
    pupil_id: int, span: ReportSpan, today: date, cancelled: Collection[int]
) -> tuple[int, int]:
    """Return at how many written-down lessons the pupil was expected, and how many he missed."""
    if not span.has_begun(today):
        return 0, 0
    last = span.counted_to(today)
    end = last + ONE_DAY
    seats = [
        journal.Seats(
            one.group_id,
            pupil_id,
            max(one.days.since, span.since),
            min(one.days.until or end, end),
        )
        for one in people.list_group_spans(pupil_id=pupil_id, since=span.since, until=last)
    ]
    whole = [journal.Stay(pupil_id, pupil_id, span.since, end)]
    expected = journal.count_expected(seats=seats, cancelled=cancelled)
    absent = journal.count_absent_recorded(stays=whole, cancelled=cancelled)
    return expected.get(pupil_id, 0), absent.get(pupil_id, 0)


def _columns(rules: ReportRules, met: set[str]) -> tuple[AbsenceCode, ...]:
    """Return the school's own codes, and those it has dropped since but used."""
    return tuple(code for code in DEFAULT_CODES if code.code in rules.codes or code.code in met)


def _line(
    subject: str,
    marks: Sequence[PupilMark],
    counts: Counter[str],
    codes: Sequence[AbsenceCode],
    rules: ReportRules,
) -> PupilLine:
    score = add_scores(
        Score(1, one.value * rules.weigh(one.weight), rules.weigh(one.weight)) for one in marks
    )
    return PupilLine(
        subject,
        tuple(marks),
        score,
        tuple(counts[code.code] for code in codes),
        count_missed(counts),
    )


def _total(
    lines: Sequence[PupilLine],
    marks: Sequence[PupilMark],
    columns: int,
    expected: tuple[int, int],
) -> PupilLine:
    missed = sum((line.missed for line in lines), Missed())
    return PupilLine(
        "",
        tuple(marks),
        add_scores(line.score for line in lines),
        tuple(sum(line.codes[place] for line in lines) for place in range(columns)),
        missed + Missed(expected=expected[0], absent=expected[1]),
    )
