"""What the applicant is told at each step, in plain words."""

from zoneinfo import ZoneInfo

from foundation.notify.operations import notify, notify_address
from kernel.actor import Actor
from services.cases.models import Application, CaseEvent
from services.cases.queries.printouts import NOTE
from services.cases.rules import Action, Delivery
from services.people import queries as people
from services.regulation.queries import get_setting

TEXTS: dict[str, tuple[str, str]] = {
    "registered": (
        "Заявление зарегистрировано",
        "№ {number}. Теперь нужно письменное согласие: школа примет его без очереди.",
    ),
    "ask_document": ("Школе нужен документ", "По заявлению № {number}: {note}"),
    "not_accepted": (
        "Заявление не принято",
        "Школа отказала в приёме заявления № {number}. Основание и порядок обжалования — внутри.",
    ),
    "accepted": ("Согласие принято", "Доступ откроется не позднее {due}. Заявление № {number}."),
    "suspended": ("Рассмотрение приостановлено", "Заявление № {number}. Основание — внутри."),
    "resumed": ("Рассмотрение продолжено", "Заявление № {number}. Новый срок: {due}."),
    "granted": (
        "Доступ к дневнику предоставлен",
        "Войдите своим логином. Нет логина — возьмите лист с кодом у классного руководителя.",
    ),
    "active": ("Услуга оказывается", "Права и обязанности разъяснены. Заявление № {number}."),
    "refused": (
        "В услуге отказано",
        "Заявление № {number}. Основание и порядок обжалования — внутри.",
    ),
    "withdrawn": ("Заявление отозвано", "Заявление № {number} больше не рассматривается."),
    "stopped": ("Услуга прекращена по вашему заявлению", "Заявление № {number}."),
    "terminated": ("Услуга прекращена", "Заявление № {number}. Основание — внутри."),
    "delivery": ("Способ доставки изменён", "Заявление № {number}."),
}


def tell_applicant(*, actor: Actor, case: Application, event: CaseEvent, notice: str) -> None:
    """Leave the applicant a notice; who has no account gets a letter, as far as he left a contact.

    The letter goes to an address nobody has proven, so every step but the registration is told in
    the same words: a stranger cannot read from it whether such a child learns here.
    """
    account_ids = list_applicant_accounts(case)
    if not notice:
        return
    if not account_ids:
        _write(actor, case, event, notice)
        return
    title, text = TEXTS[notice]
    due = f"{case.due_on:%d.%m.%Y}" if case.due_on else ""
    notify(
        account_ids=account_ids,
        kind="case",
        title=title,
        text=_join(
            text.format(number=case.number, note=event.note, due=due), _duty(actor, case, event)
        ),
        url=f"/family/service/{actor.school.slug}/{case.pk}/",
        key=f"case-{actor.school.id}-{event.pk}",
    )


def _duty(actor: Actor, case: Application, event: CaseEvent) -> str:
    """Return what a family that takes paper keeps doing itself (INF-005), or ""."""
    is_told = event.action in (Action.CHANGE_DELIVERY, Action.HAND_OVER)
    if case.delivery != Delivery.PAPER or not is_told:
        return ""
    zone = ZoneInfo(actor.school.timezone)
    return str(get_setting(key=NOTE, on=event.at.astimezone(zone).date()).value or "")


def _join(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _write(actor: Actor, case: Application, event: CaseEvent, notice: str) -> None:
    address = case.email or case.phone
    if case.channel != Application.Channel.ANONYMOUS or not address:
        return
    news = f"Заявление № {case.number} зарегистрировано"
    if notice != "registered":
        news = f"По заявлению № {case.number} есть новость"
    notify_address(
        address=address,
        kind="case",
        title=news,
        text="Состояние — по номеру и коду, которые вы получили, когда подали заявление.",
        url=f"/p/{actor.school.slug}/status/",
        key=f"case-{actor.school.id}-{event.pk}",
    )


def list_applicant_accounts(case: Application) -> set[int]:
    """Return the accounts that are the applicant's: who applied, and the recognised card's."""
    found = {case.account_id}
    if case.guardian_id is not None:
        cards = people.get_guardians(guardian_ids=[case.guardian_id])
        found |= {card.account_id for card in cards.values()}
    elif case.pupil_id is not None:
        pupils = people.get_pupils(pupil_ids=[case.pupil_id])
        found |= {card.account_id for card in pupils.values()}
    return {one for one in found if one is not None}
