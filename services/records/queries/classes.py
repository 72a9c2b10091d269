"""The report of a class: pupils down, subjects across, with what they missed (REP-002, REP-003)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from services.journal import queries as journal
from services.journal.queries import Tally
from services.people import queries as people
from services.people.queries import ClassCard, ClassStay
from services.records import access
from services.records.queries.pupil_lines import (
    PupilHead,
    by_pupil,
    heads_of_stays,
    list_in_reach,
    missed_of,
    score_of,
)
from services.records.queries.spans import ReportRules, Spans, read_rules, read_spans
from services.records.rules import Missed, Score, add_scores
from services.schedule import queries as schedule
from services.schedule.queries import JournalCard
from services.schedule.queries.pages import list_cancelled


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """A column: the subject, and the journals of the class in it (two for two subgroups)."""

    id: int
    name: str
    short_name: str
    journals: tuple[JournalCard, ...]


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A pupil, or the class as a whole: a score for each column, together, and what was missed."""

    head: PupilHead | None
    scores: tuple[Score, ...]
    total: Score
    missed: Missed


@dataclass(frozen=True, slots=True)
class ClassReport:
    """A class in a period; without `has_marks` only what was missed is told."""

    card: ClassCard
    teacher: str
    spans: Spans
    has_marks: bool
    is_weighted: bool
    subjects: tuple[SubjectHead, ...]
    lines: tuple[ClassLine, ...]
    total: ClassLine

    @property
    def is_empty(self) -> bool:
        """Return whether there is neither a mark nor an absence nor a lesson written down."""
        return not (
            self.total.total.marks or self.total.missed.lessons or self.total.missed.expected
        )


def get_class_report(*, actor: Actor, class_id: int, key: str, today: date) -> ClassReport:
    """Return the report of a class; raise `NotFound` for a class or a span out of reach."""
    found = access.get_class(actor=actor, class_id=class_id, on=today)
    card = found.card
    spans = read_spans(start_year=found.start_year, key=key, today=today, level=card.level)
    rules = read_rules(spans.chosen, today)
    teachers = people.get_employee_names(
        employee_ids=[card.class_teacher_id] if card.class_teacher_id else []
    )
    stays, tallies, expected = _count(card.id, spans, rules, today)
    subjects = _list_subjects(card.id, spans.start_year, tallies)
    in_reach = list_in_reach(actor=actor, pupil_ids={one.pupil_id for one in stays}, on=today)
    own = by_pupil(tallies)
    lines = tuple(
        _line(head, subjects, own.get(head.id, []), expected.get(head.id, 0))
        for head in heads_of_stays(stays, in_reach)
    )
    return ClassReport(
        card=card,
        teacher="".join(teachers.values()),
        spans=spans,
        has_marks=rules.has_marks(card.level),
        is_weighted=rules.is_weighted,
        subjects=subjects,
        lines=lines,
        total=_total(lines, len(subjects)),
    )


def _count(
    class_id: int, spans: Spans, rules: ReportRules, today: date
) -> tuple[list[ClassStay], list[Tally], dict[int, int]]:
    """Return who is in the class, what they have, and how many lessons each was expected at."""
    span = spans.chosen
    last = span.counted_to(today) if span.has_begun(today) else span.since
    stays = people.list_class_stays(class_ids=[class_id], since=span.since, last=last)
    if not span.has_begun(today):
        return stays, [], {}
    cancelled = list_cancelled(since=span.since, last=last)
    tallies = journal.tally_pupils(
        stays=[journal.Stay(one.pupil_id, class_id, one.since, one.until) for one in stays],
        cancelled=cancelled,
        weighted=rules.is_weighted,
    )
    seats = people.list_group_seats(class_ids=[class_id], since=span.since, last=last)
    expected = journal.count_expected(
        seats=[journal.Seats(one.group_id, one.pupil_id, one.since, one.until) for one in seats],
        cancelled=cancelled,
    )
    return stays, tallies, expected


def _list_subjects(
    class_id: int, start_year: int, tallies: Sequence[Tally]
) -> tuple[SubjectHead, ...]:
    """Return the subjects the class is taught, and those its pupils have marks in elsewhere."""
    groups = {
        group.id
        for group in people.list_groups(start_year=start_year)
        if group.school_class_id == class_id
    }
    journals = [
        card for card in schedule.list_journals(start_year=start_year) if card.group_id in groups
    ]
    marked = {tally.subject_id for tally in tallies if tally.marks}
    names = schedule.get_subjects(subject_ids=marked | {card.subject_id for card in journals})
    return tuple(
        SubjectHead(
            one.id,
            one.name,
            one.short_name,
            tuple(card for card in journals if card.subject_id == one.id),
        )
        for one in sorted(names.values(), key=lambda one: one.id)  # the order of the dictionary
    )


def _line(
    head: PupilHead, subjects: Sequence[SubjectHead], own: Sequence[Tally], expected: int
) -> ClassLine:
    scores = {tally.subject_id: score_of(tally) for tally in own}
    return ClassLine(
        head,
        tuple(scores.get(one.id, Score()) for one in subjects),
        add_scores(scores.values()),
        missed_of(own, expected),
    )


def _total(lines: Sequence[ClassLine], columns: int) -> ClassLine:
    return ClassLine(
        None,
        tuple(add_scores(line.scores[place] for line in lines) for place in range(columns)),
        add_scores(line.total for line in lines),
        sum((line.missed for line in lines), Missed()),
    )
