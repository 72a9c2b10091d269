"""Marks by subject with the average they give (MRK-019), of any year and period (INF-012)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.marks import expected_mark, simple_average, weighted_average
from kernel.periods import ONE_DAY
from kernel.school_year import school_year_bounds
from services.diary import access
from services.diary.access import ChildView
from services.journal import queries as journal
from services.journal.queries import PupilMark
from services.people import queries as people
from services.people.queries import PupilYear
from services.regulation.queries import get_setting
from services.schedule import queries as schedule
from services.schedule.queries import TermCard


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark with what it was given for and what it weighs in the average."""

    day: date
    value: int
    work_kind: str
    topic: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """The marks of a subject, oldest first; `expected` is the mark the average promises."""

    subject_id: int
    subject: str
    average: Decimal | None
    expected: int | None
    marks: tuple[MarkView, ...]


@dataclass(frozen=True, slots=True)
class MarksPage:
    """Marks of one period, or of a whole year when `term` is None."""

    child: ChildView
    years: tuple[PupilYear, ...]
    year: PupilYear | None
    terms: tuple[TermCard, ...]
    term: TermCard | None
    is_weighted: bool
    subjects: tuple[SubjectMarks, ...]


def get_marks(
    *,
    actor: Actor,
    pupil_id: int,
    today: date,
    start_year: int | None = None,
    term_id: int | None = None,
    whole_year: bool = False,
) -> MarksPage:
    """Return the marks of a period: the current one unless another is asked; raise `NotFound`.

    Every year the child has been in the school can be asked, `whole_year` or by terms.
    """
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    years = people.list_pupil_years(pupil_id=pupil_id)
    year = people.choose_year(years, start_year=start_year, today=today)
    setting = get_setting(key="mark.weighted_average", on=today)
    weighted = bool(setting.value)
    if year is None:
        return MarksPage(child, (), None, (), None, weighted, ())
    terms = schedule.list_terms(level=year.level, start_year=year.start_year)
    term = None if whole_year else _choose_term(terms, term_id, today)
    marks = _list_marks(pupil_id, year, term)
    subjects = _by_subject(marks, weighted=weighted)
    return MarksPage(child, tuple(years), year, tuple(terms), term, weighted, tuple(subjects))


def _choose_term(terms: Sequence[TermCard], term_id: int | None, today: date) -> TermCard | None:
    """Return the term asked for, else the current or the last one that has begun.

    None, the whole year, when the year is over: its marks are looked at together then.
    """
    if term_id is not None:
        for term in terms:
            if term.id == term_id:
                return term
        raise NotFound
    if terms and today > terms[-1].ends_on:
        return None
    begun = [term for term in terms if term.starts_on <= today]
    return begun[-1] if begun else next(iter(terms), None)


def _list_marks(pupil_id: int, year: PupilYear, term: TermCard | None) -> list[PupilMark]:
    if term is not None:
        return journal.list_pupil_marks(pupil_id=pupil_id, term_ids=[term.id])
    bounds = school_year_bounds(year.start_year)
    assert bounds.until is not None
    return journal.list_pupil_marks(
        pupil_id=pupil_id, since=bounds.since, until=bounds.until - ONE_DAY
    )


def _by_subject(marks: Iterable[PupilMark], *, weighted: bool) -> list[SubjectMarks]:
    of_subject: dict[int, list[PupilMark]] = defaultdict(list)
    for mark in marks:
        of_subject[mark.subject_id].append(mark)
    names = schedule.get_subjects(subject_ids=of_subject)
    subjects = []
    for subject_id, own in of_subject.items():
        average = (
            weighted_average((mark.value, mark.weight) for mark in own)
            if weighted
            else simple_average(mark.value for mark in own)
        )
        subjects.append(
            SubjectMarks(
                subject_id=subject_id,
                subject=names[subject_id].name,
                average=average,
                expected=expected_mark(average),
                marks=tuple(
                    MarkView(m.date, m.value, m.work_kind_title, m.topic, m.weight) for m in own
                ),
            )
        )
    return sorted(subjects, key=lambda one: one.subject)
