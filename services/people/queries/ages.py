"""Pupils by age: who may apply at 14, who is of age at 18 (SRV-003, ГК РФ ст. 21)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.ages import day_of_age, latest_birth
from kernel.names import FullName
from services.people.models import BY_NAME, ClassEnrollment, GuardianLink, Pupil
from services.people.queries.days import on_day
from services.regulation.queries import get_setting

TELL_WITHIN = timedelta(days=7)


def list_of_age(*, on: date, pupil_ids: Collection[int] | None = None) -> set[int]:
    """Return the pupils who are of age on a day, among some or all."""
    years = int(get_setting(key="people.full_age", on=on).value)
    rows = Pupil.objects.filter(birth_date__lte=latest_birth(on, years))
    if pupil_ids is not None:
        rows = rows.filter(pk__in=pupil_ids)
    return set(rows.values_list("pk", flat=True))


def is_of_age(*, pupil_id: int, on: date) -> bool:
    """Return whether a pupil is of age on a day."""
    return bool(list_of_age(on=on, pupil_ids=[pupil_id]))


@dataclass(frozen=True, slots=True)
class CameOfAge:
    """A pupil with an account who has just become old enough for something."""

    pupil_id: int
    account_id: int
    since_on: date


def list_came_of(*, key: str, on: date) -> list[CameOfAge]:
    """Return the enrolled pupils with accounts who reached the years of a setting within a week.

    A week, so that a night without the task tells nobody too late.
    """
    years = int(get_setting(key=key, on=on).value)
    rows = Pupil.objects.filter(
        account_id__isnull=False,
        birth_date__lte=latest_birth(on, years),
        birth_date__gte=latest_birth(on - TELL_WITHIN, years),
        pk__in=on_day(ClassEnrollment.objects.all(), on).values("pupil"),
    )
    found = []
    for row in rows.order_by("pk"):
        if row.birth_date is None or row.account_id is None:
            continue
        day = day_of_age(row.birth_date, years)
        if on - TELL_WITHIN <= day <= on:
            found.append(CameOfAge(row.pk, row.account_id, day))
    return found


@dataclass(frozen=True, slots=True)
class ParentOfPupil:
    """Somebody who stands, or stood, for a pupil: what the pupil may know of it."""

    guardian_id: int
    name: FullName
    relation_title: str


def list_parents_of(*, pupil_id: int, on: date) -> list[ParentOfPupil]:
    """Return the confirmed guardians of a pupil on a day, by name."""
    rows = on_day(GuardianLink.objects.filter(pupil_id=pupil_id), on)
    rows = rows.exclude(state=GuardianLink.State.PROPOSED).select_related("guardian")
    return [
        ParentOfPupil(
            row.guardian_id,
            FullName(row.guardian.last_name, row.guardian.first_name, row.guardian.middle_name),
            row.get_relation_display(),
        )
        for row in rows.order_by(*(f"guardian__{key}" for key in BY_NAME))
    ]


def list_shut_links(*, link_id: int, on: date) -> list[tuple[int, int]]:
    """Return (pupil, guardian) of a link when it opens no diary on a day, else nothing."""
    row = GuardianLink.objects.filter(pk=link_id).first()
    if row is None:
        return []
    holds = on_day(GuardianLink.objects.filter(pupil_id=row.pupil_id), on)
    opens = holds.filter(guardian_id=row.guardian_id, may_read_diary=True).exclude(
        state=GuardianLink.State.PROPOSED
    )
    return [] if opens.exists() else [(row.pupil_id, row.guardian_id)]
