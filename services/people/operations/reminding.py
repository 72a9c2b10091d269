"""Telling the school of terms of personal data: destruction, and requests for own data."""

from collections.abc import Iterable
from datetime import date, timedelta

from foundation.notify.operations import notify
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import Consent, SubjectRequest
from services.regulation.queries import get_setting

STATES = {
    "nearing": "Приближается срок",
    "due": "Сегодня последний день",
    "overdue": "Срок нарушен",
}


def remind_of_data_terms(*, actor: Actor, account_ids: Iterable[int], today: date) -> int:
    """Remind of destructions and answers whose last day nears, is today or is over.

    Each person hears once of each term and state; no name leaves the school. Return how many terms
    there are. Safe to repeat.
    """
    if not actor.has(Role.SYSTEM):
        raise NotFound
    everybody = set(account_ids)
    near = _near("consent.destroy_remind_days", today)
    waiting = Consent.objects.filter(withdrawn_at__isnull=False, destruction=None)
    destructions = [
        (f"destroy-{one.pk}", one.destroy_due_on, f"Уничтожить данные по согласию № {one.number}")
        for one in waiting.filter(destroy_due_on__lte=near).order_by("pk")
        if one.destroy_due_on is not None
    ]
    near = _near("subject_request.remind_days", today)
    requests = SubjectRequest.objects.filter(answered_at=None, due_on__lte=near)
    answers = [
        (f"own-data-{one.pk}", one.due_on, f"Ответить на запрос своих данных № {one.number}")
        for one in requests.order_by("pk")
    ]
    for rows, route in ((destructions, "destruction"), (answers, "data-requests")):
        for key, due_on, words in rows:
            state = "overdue" if due_on < today else "due" if due_on == today else "nearing"
            notify(
                account_ids=everybody,
                kind="data-term",
                title=f"{STATES[state]}: персональные данные",
                text=f"{words} — не позднее {due_on:%d.%m.%Y}.",
                url=f"/s/{actor.school.slug}/office/consents/{PAGES[route]}",
                key=f"data-term-{actor.school.id}-{key}-{state}-{due_on}",
            )
    return len(destructions) + len(answers)


PAGES = {"destruction": "destruction/", "data-requests": "requests/"}


def _near(key: str, today: date) -> date:
    return today + timedelta(days=int(get_setting(key=key, on=today).value))
