"""Telling people of works beforehand, and the district of an incident; each once."""

from zoneinfo import ZoneInfo

from foundation.notify.operations import notify
from kernel.actor import SchoolRef
from kernel.errors import NotFound
from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from services.upkeep.models import Incident, PlannedWorks
from services.upkeep.queries.works import card, schools_of
from services.upkeep.rules import say_stretch
from tenants.accounts.queries.members import list_members

HEADS = (Role.ADMINISTRATOR, Role.MANAGEMENT)


def tell_of_works(
    *, works_id: int, school: SchoolRef | None, schools: list[SchoolRef], is_cancelled: bool
) -> None:
    """Tell the people of one school (None: of the district), by that school's clock.

    Works at night: who answers for the school; others: everybody in it (NFR-005).
    """
    row = PlannedWorks.objects.filter(pk=works_id).first()
    if row is None:
        raise NotFound
    works = card(row)
    if school is not None and school not in schools_of(works, schools):
        return
    roles = DISTRICT_ROLES if school is None else HEADS if works.is_at_night else SCHOOL_ROLES
    when = say_stretch(works.starts_at, works.ends_at, _zone(school, schools))
    word = "отменены" if is_cancelled else "пройдут"
    notify(
        account_ids=list_members(school_id=school.id if school else None, roles=roles),
        kind="upkeep.works",
        title=f"Плановые работы {word}: {when}",
        text="" if is_cancelled else f"{works.reason}. Система может быть недоступна.",
        key=f"works:{works_id}:{'cancelled' if is_cancelled else 'announced'}",
    )


def tell_of_incident(*, incident_id: int, schools: list[SchoolRef]) -> None:
    """Tell the district's people of an incident. Raise `NotFound`."""
    row = Incident.objects.filter(pk=incident_id).first()
    if row is None:
        raise NotFound
    school = next((one for one in schools if one.id == row.school_id), None)
    moment = row.started_at.astimezone(ZoneInfo(_zone(school, schools)))
    notify(
        account_ids=list_members(school_id=None, roles=DISTRICT_ROLES),
        kind="upkeep.incident",
        title=f"Сбой: {Incident.Kind(row.kind).label}, {school.short_name if school else 'округ'}",
        text=f"С {moment:%d.%m.%Y %H:%M}. {row.cause}".strip(),
        url="/district/upkeep/",
        key=f"incident:{incident_id}",
    )


def _zone(school: SchoolRef | None, schools: list[SchoolRef]) -> str:
    if school is not None:
        return school.timezone
    return schools[0].timezone if schools else "Europe/Moscow"
