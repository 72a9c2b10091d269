"""What the diary and the journal keep about one person: parts of the answer to a request."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from services.diary.models import AccessGrant
from services.journal.queries import list_pupil_absences, list_pupil_marks
from services.people.queries.own_data import OwnPart, Subject
from services.schedule.queries import get_subjects

BY_LAW = "ст. 28 ч. 3 п. 11 273-ФЗ"


def list_own_parts(subject: Subject) -> Sequence[OwnPart]:
    """Return the accesses of a guardian; the accesses, marks and absences of a pupil."""
    if subject.employee_id is not None:
        return ()
    if subject.guardian_id is not None:
        return (_grants(AccessGrant.objects.filter(guardian_id=subject.guardian_id)),)
    pupil_id = subject.pupil_id or 0
    return (
        _grants(AccessGrant.objects.filter(pupil_id=pupil_id)),
        _marks(pupil_id),
        _absences(pupil_id),
    )


def _grants(rows: QuerySet[AccessGrant]) -> OwnPart:
    return OwnPart(
        "Доступ представителей к дневнику",
        "согласие",
        ("Предоставлен", "Основание", "Прекращён", "Почему"),
        tuple(
            (
                _day(row.granted_at),
                row.get_ground_display(),
                _day(row.revoked_at),
                row.get_revoked_ground_display(),
            )
            for row in rows.order_by("pk")
        ),
    )


def _marks(pupil_id: int) -> OwnPart:
    marks = list_pupil_marks(pupil_id=pupil_id)
    names = get_subjects(subject_ids={one.subject_id for one in marks})
    return OwnPart(
        "Отметки",
        BY_LAW,
        ("Дата", "Предмет", "Отметка", "Работа"),
        tuple(
            (_day(one.date), names[one.subject_id].name, str(one.value), one.work_kind_title)
            for one in marks
        ),
    )


def _absences(pupil_id: int) -> OwnPart:
    absences = list_pupil_absences(pupil_id=pupil_id)
    names = get_subjects(subject_ids={one.subject_id for one in absences})
    return OwnPart(
        "Пропуски и опоздания",
        BY_LAW,
        ("Дата", "Предмет", "Код"),
        tuple((_day(one.date), names[one.subject_id].name, one.code) for one in absences),
    )


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
