"""Reading for paper and reports; a report is a dataclass, a constant number of queries."""

from services.records.queries.classes import ClassLine, ClassReport, get_class_report
from services.records.queries.contents import Contents, get_contents
from services.records.queries.pupils import (
    PupilReport,
    get_child_report,
    get_pupil_report,
)
from services.records.queries.school import SchoolReport, get_school_report
from services.records.queries.spans import ReportSpan, Spans
from services.records.queries.subjects import SubjectReport, get_subject_report

__all__ = [
    "ClassLine",
    "ClassReport",
    "Contents",
    "PupilReport",
    "ReportSpan",
    "SchoolReport",
    "Spans",
    "SubjectReport",
    "get_child_report",
    "get_class_report",
    "get_contents",
    "get_pupil_report",
    "get_school_report",
    "get_subject_report",
]
