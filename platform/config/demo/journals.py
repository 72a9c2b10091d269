"""Filling the journals of a demo school: held lessons without a record get one, by COPY."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from config.demo.anomalies import (
    Anomalies,
    Journal,
    find_only_fives,
    journal_of,
    plan_anomalies,
    round_up,
)
from config.demo.arranging import Blueprint
from config.demo.filling import DENSE, Drawing, School
from config.demo.pupils_life import Life
from kernel.actor import Actor
from services.journal import bulk
from services.journal.queries import list_work_kinds
from services.people import queries as people
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard


def fill_journals(
    *, actor: Actor, blueprint: Blueprint, now: datetime, today: date
) -> tuple[bulk.Load, Anomalies]:
    """Fill what is not recorded yet up to now; return what was brought in and what is planted.

    Anomalies are planted when a school is filled first: later days add none.
    """
    calendar = schedule.get_calendar(start_year=blueprint.start_year)
    days = [one.day for one in calendar.study_days(blueprint.school.classes[-1].level)]
    past = [day for day in days if day <= today]
    last_day = past[-1] if past else today
    journals = schedule.list_journals(start_year=blueprint.start_year)
    members = _members({one.group_id for one in journals}, calendar.starts_on, calendar.ends_on)
    recorded = bulk.list_recorded(since=calendar.starts_on, until=today)
    anomalies = (
        Anomalies(
            blueprint.school, last_day, only_fives=find_only_fives(blueprint.school, journals)
        )
        if recorded
        else plan_anomalies(blueprint.school, journals, last_day)
    )
    pupil_ids = {pupil_id for ids in members.values() for pupil_id in ids}
    drawing = Drawing(
        School(
            slug=blueprint.school.slug,
            zone=ZoneInfo(actor.school.timezone),
            members=members,
            accounts=_accounts({one for card in journals for one in card.employee_ids}),
            work_kinds={kind.code: kind.id for kind in list_work_kinds()},
            life=Life(blueprint.school.slug, pupil_ids, days),
            anomalies=anomalies,
            dense_since=last_day - DENSE,
            recorded=recorded,
        ),
        now,
    )
    lessons = {day: schedule.list_day_lessons(day=day) for day in past}
    coming = _coming(lessons, [day for day in days if day > today][:7])
    filled_until = _last_filled(lessons, Counter(recorded.values()))
    for day in past:
        if filled_until is None or day > filled_until:
            drawing.draw_day(day, lessons[day], coming[day])
        else:
            drawing.pass_over(lessons[day])
    if drawing.backdated:
        anomalies.note("backdated", lessons=drawing.backdated, put_on=last_day.isoformat())
    if anomalies.rounded:
        round_up(
            anomalies,
            terms=calendar.terms_of(8),
            lessons=[lesson for day in past for lesson in lessons[day]],
            members=lambda group_id: members.get(group_id, ()),
            author=drawing.school.accounts.get,
            rows=drawing.rows,
        )
    bulk.load(actor=actor, rows=drawing.rows)
    return drawing.rows, anomalies


def _last_filled(
    lessons: Mapping[date, Sequence[LessonCard]], recorded: Mapping[date, int]
) -> date | None:
    """Return the last day the demo has filled: what is missing before it is missing on purpose.

    A few records on a later day are those of somebody who tries the product.
    """
    filled = (day for day, cards in lessons.items() if is_filled(len(cards), recorded.get(day, 0)))
    return max(filled, default=None)


def is_filled(lessons: int, records: int) -> bool:
    """Return whether a day with so many lessons and records was filled by the demo."""
    return records * 4 > lessons


def _members(group_ids: set[int], since: date, until: date) -> dict[int, Sequence[int]]:
    return {
        group_id: [
            pupil.id
            for pupil in people.list_group_pupils(group_id=group_id, since=since, until=until)
        ]
        for group_id in sorted(group_ids)
    }


def _accounts(employee_ids: set[int]) -> dict[int, int | None]:
    cards = people.get_employees(employee_ids=employee_ids)
    return {pk: card.account_id for pk, card in cards.items()}


def _coming(
    lessons: Mapping[date, Sequence[LessonCard]], later: Sequence[date]
) -> dict[date, dict[Journal, date]]:
    """Return for each day when each of its journals has its next lesson."""
    ahead: dict[Journal, date] = {}
    for day in reversed(later):
        for lesson in schedule.list_day_lessons(day=day):
            ahead[journal_of(lesson)] = day
    coming: dict[date, dict[Journal, date]] = {}
    for day in reversed(list(lessons)):
        coming[day] = dict(ahead)
        for lesson in lessons[day]:
            if not lesson.is_cancelled:
                ahead[journal_of(lesson)] = day
    return coming
