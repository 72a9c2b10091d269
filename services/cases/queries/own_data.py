"""What the service's cases keep about one person: a part of the answer to his request."""

from collections.abc import Sequence
from datetime import date

from services.cases.models import Application
from services.people.queries.own_data import OwnPart, Subject


def list_own_parts(subject: Subject) -> Sequence[OwnPart]:
    """Return the applications a guardian submitted, or those about a pupil.

    The contacts stand only in the answer of who gave them: a child's answer names no parent's.
    """
    if subject.guardian_id is not None:
        rows = Application.objects.filter(guardian_id=subject.guardian_id)
    elif subject.pupil_id is not None:
        rows = Application.objects.filter(pupil_id=subject.pupil_id)
    else:
        return ()
    is_own = subject.guardian_id is not None
    return (
        OwnPart(
            "Заявления о муниципальной услуге",
            "210-ФЗ",
            ("Номер", "Дата", "Состояние", "Телефон", "Почта"),
            tuple(
                (
                    row.number,
                    _day(row.registered_on),
                    row.get_state_display(),
                    row.phone if is_own else "",
                    row.email if is_own else "",
                )
                for row in rows.exclude(number="").order_by("pk")
            ),
        ),
    )


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
