"""Telling the school: a new application, a term that nears, is due or is over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from foundation.notify.operations import notify
from kernel.actor import Actor
from services.cases.models import Application
from services.cases.queries.cases import find_own_class_teacher, list_watched
from services.cases.rules import State
from services.regulation.queries import get_setting

WORDS = {
    "nearing": "Приближается срок доступа",
    "due": "Сегодня последний день срока доступа",
    "overdue": "Срок доступа нарушен",
}
NETWORK_KEPT = timedelta(days=1)


def tell_of_new(*, actor: Actor, case_id: int, account_ids: Iterable[int], today: date) -> None:
    """Tell the office and the class teacher of a new application, once."""
    case = Application.objects.get(pk=case_id)
    teacher = find_own_class_teacher(case_id=case_id, on=today)
    notify(
        account_ids={*account_ids, *([teacher] if teacher else [])},
        kind="case",
        title="Новое заявление на доступ к дневнику",
        text=f"Заявление № {case.number}. Найдите обучающегося в списках и примите согласие.",
        url=_url(actor, case_id),
        key=f"case-{actor.school.id}-new-{case_id}",
    )


def remind(*, actor: Actor, account_ids: Iterable[int], today: date) -> int:
    """Remind of the terms that near, are due or are over; each person once per case and state.

    Return how many cases there are. The class teacher, the administrator and the director hear.
    """
    everybody = set(account_ids)
    watched = list_watched(on=today)
    for case in watched:
        teacher = {case.class_teacher_account} if case.class_teacher_account else set()
        notify(
            account_ids=everybody | teacher,
            kind="case-term",
            title=WORDS[case.state],
            text=f"Заявление № {case.number}: открыть доступ не позднее {case.due_on:%d.%m.%Y}.",
            url=_url(actor, case.id),
            key=f"case-{actor.school.id}-{case.id}-{case.state}-{case.due_on}",
        )
    return len(watched)


def sweep(*, actor: Actor, now: datetime, today: date) -> None:
    """Erase drafts nobody sent for a while, and the traces of networks after a day."""
    days = int(get_setting(key="service.draft_days", on=today).value)
    drafts = Application.objects.in_states(State.DRAFT)
    drafts.filter(created_at__lt=now - timedelta(days=days)).delete()
    old = Application.objects.exclude(network_digest="")
    old.filter(created_at__lt=now - NETWORK_KEPT).update(network_digest="")


def _url(actor: Actor, case_id: int) -> str:
    return f"/s/{actor.school.slug}/office/service/{case_id}/"
