"""A consent ends by itself: the child has left, the employee too, or the pupil is of age.

Its own text says so; the aim of processing is reached, what it alone held goes within the same days
(152-ФЗ ст. 21 ч. 4). Nothing else follows: who has left or come of age has lost the access already.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import ClassEnrollment, Consent, Employee
from services.people.queries.ages import list_of_age
from services.regulation.queries import get_setting

REGISTER = "consent-endings"


def end_consents_of_left(*, actor: Actor, now: datetime) -> int:
    """End the consents of pupils who are in no class any more and of employees who left.

    Return how many; safe to repeat. A pupil never enrolled has not left.
    """
    today = _check(actor, now)
    stay = ClassEnrollment.objects.filter(Q(until=None) | Q(until__gt=today))
    here = stay.values("pupil_id")  # also who begins in September
    were = ClassEnrollment.objects.filter(until__lte=today).values("pupil_id")
    left = Employee.objects.filter(left_on__lt=today).values("pk")
    live = Consent.objects.live()
    gone = live.filter((Q(pupil_id__in=were) & ~Q(pupil_id__in=here)) | Q(employee_id__in=left))
    return _end(gone, Consent.Manner.LEFT, now, today)


def end_consents_of_adults(
    *, actor: Actor, agreed: Collection[tuple[int, int]], now: datetime
) -> int:
    """End what parents, and the pupil with a parent, signed before the pupil was of age.

    `agreed` are (guardian, pupil) whom the adult pupil lets read the diary: that parent's consent
    holds, for the parent's own data. Return how many; safe to repeat.
    """
    today = _check(actor, now)
    young = Consent.objects.live().filter(kind__in=[Consent.Kind.PARENT, Consent.Kind.PUPIL])
    pupils = {row for row in young.values_list("pupil_id", flat=True) if row is not None}
    over = young.filter(pupil_id__in=list_of_age(on=today, pupil_ids=pupils))
    for guardian_id, pupil_id in agreed:
        over = over.exclude(kind=Consent.Kind.PARENT, guardian_id=guardian_id, pupil_id=pupil_id)
    return _end(over, Consent.Manner.OF_AGE, now, today)


def _check(actor: Actor, now: datetime) -> date:
    if not actor.has(Role.SYSTEM):
        raise NotFound
    return local_day(now, actor.school.timezone)


def _end(rows: QuerySet[Consent], manner: Consent.Manner, now: datetime, today: date) -> int:
    days = int(get_setting(key="consent.destroy_days", on=today).value)
    ended = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for consent in ended:
        consent.withdrawn_at, consent.withdrawn_manner = now, manner
        consent.withdrawal_number = str(take_number(register=REGISTER, year=today.year))
        consent.destroy_due_on = today + timedelta(days=days)
        consent.save(
            update_fields=[
                "withdrawn_at",
                "withdrawn_manner",
                "withdrawal_number",
                "destroy_due_on",
            ]
        )
    return len(ended)
