"""A letter a week for families that chose e-mail (INF-007): that there is news, never which.

Neither title nor text names a child or a mark: the title leaves the portal in a letter.
"""

from datetime import date, timedelta

from django.urls import reverse

from foundation.notify.operations import notify
from kernel.actor import Actor
from services.cases.models import Application
from services.cases.rules import Delivery, State
from services.people import queries as people
from services.regulation.queries import get_setting
from services.schedule.queries import list_study_days

WEEKDAY = "print.email_weekday"
OPEN_DIARY = (State.ACCESS_GRANTED, State.ACTIVE)


def tell_of_week(*, actor: Actor, today: date) -> int:
    """Tell each family on e-mail once a week that had lessons; return how many cases there are."""
    if today.isoweekday() < int(get_setting(key=WEEKDAY, on=today).value):
        return 0
    rows = Application.objects.in_states(*OPEN_DIARY).filter(delivery=Delivery.EMAIL)
    cases = list(rows.order_by("pk"))
    pupils = people.get_pupil_cards(pupil_ids={one.pupil_id or 0 for one in cases}, on=today)
    guardians = people.get_guardians(
        guardian_ids=[one.guardian_id for one in cases if one.guardian_id is not None]
    )
    studied = {
        level: _was_taught(level, today)
        for level in {card.level for card in pupils.values() if card.level is not None}
    }
    year, week, _ = today.isocalendar()
    told = 0
    for case in cases:
        pupil = pupils.get(case.pupil_id or 0)
        if pupil is None or not studied.get(pupil.level or 0):
            continue
        reader = pupil if case.guardian_id is None else guardians[case.guardian_id]
        if reader.account_id is None:
            continue
        notify(
            account_ids=[reader.account_id],
            kind="week",
            title="Сведения об учёбе за неделю",
            text="Отметки, пропуски и задания за неделю — в дневнике.",
            url=reverse("guardian:home"),
            key=f"week-{actor.school.id}-{case.pk}-{year}-{week}",
        )
        told += 1
    return told


def _was_taught(level: int, today: date) -> bool:
    monday = today - timedelta(days=today.isoweekday() - 1)
    return bool(list_study_days(level=level, since=monday, until=today))
