"""The report on a subject: the pupils of a class or a group in one journal (REP-012, REP-016)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kernel.actor import Actor
from services.journal import queries as journal
from services.journal.queries import Tally
from services.people import queries as people
from services.people.queries import GroupCard, GroupPupil
from services.records import access
from services.records.queries.pupil_lines import (
    PupilHead,
    by_pupil,
    list_in_reach,
    missed_of,
    score_of,
)
from services.records.queries.spans import Spans, read_rules, read_spans
from services.records.rules import Missed, Score, add_scores, spread
from services.schedule import queries as schedule
from services.schedule.queries.pages import count_given, list_cancelled, list_page_teachers


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A pupil, or the group as a whole; `spread` is fives, fours, threes, and the rest."""

    head: PupilHead | None
    score: Score
    spread: tuple[int, int, int, int]
    missed: Missed


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """A journal in a period; without `has_marks` only what was missed is told."""

    group: GroupCard
    subject_id: int
    subject: str
    teachers: str
    spans: Spans
    has_marks: bool
    is_weighted: bool
    lessons: int
    lines: tuple[SubjectLine, ...]
    total: SubjectLine

    @property
    def is_empty(self) -> bool:
        """Return whether there is neither a mark nor an absence; without marks, no lesson."""
        told = self.total.score.marks or self.total.missed.lessons
        return not told and (self.has_marks or not self.lessons)


def get_subject_report(
    *, actor: Actor, group_id: int, subject_id: int, key: str, today: date, now: datetime
) -> SubjectReport:
    """Return the report on a subject in a group; raise `NotFound` for what is out of reach."""
    group = access.get_group(actor=actor, group_id=group_id, subject_id=subject_id, on=today)
    spans = read_spans(start_year=group.start_year, key=key, today=today, level=group.level)
    span, rules = spans.chosen, read_rules(spans.chosen, today)
    last = span.counted_to(today) if span.has_begun(today) else span.since
    days = {"since": span.since, "last": last}
    pupils = people.list_group_pupils(group_id=group_id, since=span.since, until=last)
    tallies = journal.tally_page(
        group_id=group_id,
        subject_id=subject_id,
        cancelled=list_cancelled(**days),
        weighted=rules.is_weighted,
        **days,
    )
    given = count_given(group_ids=[group_id], now=now, **days)
    teachers = people.get_employee_names(
        employee_ids=list_page_teachers(group_id=group_id, subject_id=subject_id)
    )
    in_reach = list_in_reach(actor=actor, pupil_ids={one.id for one in pupils}, on=today)
    own = by_pupil(tallies)
    lines = tuple(
        _line(_head(pupil, pupil.id in in_reach), own.get(pupil.id, [])) for pupil in pupils
    )
    return SubjectReport(
        group=group,
        subject_id=subject_id,
        subject=schedule.get_subjects(subject_ids=[subject_id])[subject_id].name,
        teachers=", ".join(teachers.values()),
        spans=spans,
        has_marks=rules.has_marks(group.level),
        is_weighted=rules.is_weighted,
        lessons=given.get((group_id, subject_id), 0),
        lines=lines,
        total=_total(lines),
    )


def _head(pupil: GroupPupil, may_open: bool) -> PupilHead:
    return PupilHead(pupil.id, pupil.name, pupil.since, pupil.until, may_open)


def _line(head: PupilHead, own: Sequence[Tally]) -> SubjectLine:
    marks = own[0].marks if own else {}  # one subject, one place: one tally
    return SubjectLine(
        head, add_scores(score_of(one) for one in own), spread(marks), missed_of(own)
    )


def _total(lines: Iterable[SubjectLine]) -> SubjectLine:
    rows = list(lines)
    fives, fours, threes, low = (sum(row.spread[place] for row in rows) for place in range(4))
    return SubjectLine(
        None,
        add_scores(row.score for row in rows),
        (fives, fours, threes, low),
        sum((row.missed for row in rows), Missed()),
    )
