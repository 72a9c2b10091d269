"""Reports as rows of a spreadsheet: whose, for which days, made when, then the table itself."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from foundation.spreadsheets.table import Cell
from services.records.queries.classes import ClassLine, ClassReport
from services.records.queries.pupil_lines import PupilHead
from services.records.queries.pupils import PupilReport
from services.records.queries.school import SchoolLine, SchoolReport
from services.records.queries.spans import Spans
from services.records.queries.subjects import SubjectLine, SubjectReport

Row = Sequence[Cell]
MISSED = ("Пропущено уроков", "По болезни", "Без причины", "Посещаемость, %")


def school_rows(report: SchoolReport, *, school: str, today: date) -> list[Row]:
    """Return the report of a school."""
    return [
        *_head(f"Отчёт по школе: {school}", report.spans, today),
        [
            *("Класс", "Классный руководитель", "Обучающихся", "Уроков дано", "Отметок"),
            *("Средний балл", "Доля 4 и 5, %", "Средний ниже 2,5", "Без отметок"),
            "Посещаемость, %",
        ],
        *(_school_row(line) for line in report.lines),
        _school_row(report.total),
    ]


def class_rows(report: ClassReport, *, school: str, today: date) -> list[Row]:
    """Return the report of a class: two columns a subject, the average and how many marks."""
    title = f"Отчёт по классу {report.card.title}: {school}"
    subjects = report.subjects if report.has_marks else ()
    columns = [name for one in subjects for name in (one.name, f"{one.name}, отметок")]
    overall = ["Средний балл", "Отметок"] if report.has_marks else []
    return [
        *_head(title, report.spans, today),
        ["Классный руководитель", report.teacher or "не назначен"],
        ["Обучающийся", *columns, *overall, *MISSED],
        *(_class_row(report, line) for line in report.lines),
        _class_row(report, report.total),
    ]


def subject_rows(report: SubjectReport, *, school: str, today: date) -> list[Row]:
    """Return the report on a subject."""
    marked = ["Отметок", "5", "4", "3", "2 и 1", "Средний балл"] if report.has_marks else []
    return [
        *_head(f"{report.subject}, {report.group.title}: {school}", report.spans, today),
        ["Учитель", report.teachers],
        ["Уроков дано", report.lessons],
        ["Обучающийся", *marked, *MISSED[:3]],
        *(_subject_row(report, line) for line in report.lines),
        _subject_row(report, report.total),
    ]


def pupil_rows(report: PupilReport, *, school: str, today: date) -> list[Row]:
    """Return the report of a pupil."""
    marked = ["Отметки", "Отметок", "Средний балл"] if report.has_marks else []
    rows: list[Row] = []
    for line in (*report.lines, report.total):
        is_total = line is report.total
        told: list[Cell] = []
        if report.has_marks:
            values = "" if is_total else " ".join(str(one.value) for one in line.marks)
            told = [values, len(line.marks), _number(line.score.average)]
        rows.append(["Всего" if is_total else line.subject, *told, *line.codes])
    return [
        *_head(f"{report.name}, {report.class_title}: {school}", report.spans, today),
        ["Предмет", *marked, *(code.title.capitalize() for code in report.codes)],
        *rows,
        ["Посещаемость, %", _number(report.total.missed.attendance)],
    ]


def _head(title: str, spans: Spans, today: date) -> list[Row]:
    span = spans.chosen
    days = f"{span.title} {spans.year_title}: {span.since:%d.%m.%Y} – {span.last:%d.%m.%Y}"
    return [[title], [days], ["Сформировано", today], []]


def _school_row(line: SchoolLine) -> Row:
    return [
        line.card.title if line.card else "По школе",
        line.teacher,
        line.pupils,
        line.lessons,
        line.score.marks,
        _number(line.score.average),
        _number(line.good_share),
        line.low,
        line.unmarked,
        _number(line.missed.attendance),
    ]


def _class_row(report: ClassReport, line: ClassLine) -> Row:
    scores: list[Cell] = []
    if report.has_marks:
        for score in (*line.scores, line.total):
            scores += [_number(score.average), score.marks]
    missed = line.missed
    return [
        _name(line.head, "По классу"),
        *scores,
        missed.lessons,
        missed.ill,
        missed.without_reason,
        _number(missed.attendance),
    ]


def _subject_row(report: SubjectReport, line: SubjectLine) -> Row:
    marked: list[Cell] = []
    if report.has_marks:
        marked = [line.score.marks, *line.spread, _number(line.score.average)]
    missed = line.missed
    name = _name(line.head, "Всего")
    return [name, *marked, missed.lessons, missed.ill, missed.without_reason]


def _name(head: PupilHead | None, total: str) -> str:
    if head is None:
        return total
    since = f" (с {head.since:%d.%m.%Y})" if head.since else ""
    last = f" (по {head.last:%d.%m.%Y})" if head.last else ""
    return f"{head.name}{since}{last}"


def _number(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)
