"""What of the room comes back when a stolen account's changes are void (ACC-010).

New cards, enrolments, consents, acts and requests are not here: others build upon them at once,
or the law forbids their going. People look at them.
"""

from collections.abc import Mapping
from typing import Any

from foundation.audit.reversal import LogReverser, Reverser, RowReverser, Voiding
from foundation.outbox.operations import record
from services.people.events import (
    GuardianLinkChanged,
    GuardianLinkRestored,
    RoleGiven,
    RoleTaken,
)
from services.people.models import (
    Appointment,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    RoleChange,
    SchoolClass,
)

PERSON = frozenset(
    {
        "last_name",
        "first_name",
        "middle_name",
        "sex",
        "birth_date",
        "phone",
        "email",
        "address",
    }
)
WORK = frozenset(
    {
        "post",
        "grade_rank",
        "category",
        "functions",
        "speciality",
        "hired_on",
        "first_day_on",
        "left_on",
        "leaving_order",
    }
)
OPENING = frozenset({"state", "until", "may_read_diary"})
LINK = OPENING | {
    "relation",
    "may_see_contacts",
    "confirmed_at",
    "confirmed_by",
    "limits_ground",
    "end_ground",
}
DUTY = frozenset({"duty", "note", "order_number", "order_on", "since_on", "until"})


def _delete(by: Voiding, row: Any) -> None:
    row.delete()


def _has_access(employee: Employee) -> bool:
    """Return whether leaving has not taken the roles yet: those no date brings back."""
    return employee.access_ended_at is None


def _end_link(by: Voiding, link: GuardianLink) -> None:
    """End a link that should never have been: the register of the family has no holes."""
    link.state = GuardianLink.State.ENDED
    link.end_ground = GuardianLink.EndGround.MISTAKE
    link.until = max(by.today, link.since_on)
    link.save(update_fields=["state", "end_ground", "until"])
    record(GuardianLinkChanged(link.pk))


def _tell_of_link(by: Voiding, link: GuardianLink, columns: frozenset[str]) -> None:
    record(GuardianLinkChanged(link.pk))
    if columns & OPENING:
        record(GuardianLinkRestored(link.pk))


def _say_role(by: Voiding, place: Mapping[str, Any], is_given: bool) -> None:
    """Give or take a role anew: the account follows, the last administrator is kept."""
    change = RoleChange.objects.create(
        **place, is_given=is_given, made_at=by.now, made_by=by.actor.account_id
    )
    event = RoleGiven if is_given else RoleTaken
    record(event(change.pk, change.employee_id, change.role))


REVERSERS: dict[Any, Reverser] = {
    Pupil: RowReverser(Pupil, PERSON),
    Guardian: RowReverser(Guardian, PERSON | {"identity_digest"}),
    Employee: RowReverser(Employee, PERSON | WORK, may=_has_access),
    SchoolClass: RowReverser(SchoolClass, frozenset({"class_teacher_id"})),
    GuardianLink: RowReverser(GuardianLink, LINK, undo=_end_link, follow=_tell_of_link),
    Appointment: RowReverser(Appointment, DUTY, undo=_delete),
    RoleChange: LogReverser(
        RoleChange,
        key=("employee_id", "role"),
        word="is_given",
        silence=False,
        say=_say_role,
    ),
}
