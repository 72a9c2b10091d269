"""How the portal tells of a case: its steps in order, the next thing to do, names of actions.

Used by the open pages, the family's and the office's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.shell.speech import NBSP, say_date
from services.cases.queries.reading import CaseView, LogRow

DONE, NOW, LATER, BAD = "done", "now", "later", "bad"
ACTIONS = {
    "submit": "Заявление подано",
    "register": "Зарегистрировано",
    "recognise": "Найдены в списках школы",
    "ask_document": "Запрошен документ",
    "refuse_to_accept": "Отказано в приёме",
    "accept": "Согласие принято",
    "suspend": "Приостановлено",
    "resume": "Возобновлено",
    "recount": "Срок пересчитан",
    "grant": "Доступ предоставлен",
    "hand_over": "Вход передан, права разъяснены",
    "refuse": "Отказано в предоставлении",
    "withdraw": "Отозвано заявителем",
    "lose_consent": "Согласие отозвано",
    "leave": "Обучающийся выбыл из школы",
    "stop": "Прекращено по заявлению",
    "terminate": "Услуга прекращена",
    "change_delivery": "Изменён способ доставки",
    "resubmit": "Подано повторно",
}
PAPERS = {
    "application": "Заявление",
    "receipt": "Расписка о регистрации",
    "not_accepted": "Отказ в приёме",
    "access": "Уведомление о доступе",
    "refusal": "Отказ в предоставлении",
    "stop": "Заявление о прекращении",
    "termination": "Уведомление о прекращении",
}
ENDS = {
    "not_accepted": "Отказано в приёме заявления",
    "refused": "Отказано в предоставлении услуги",
    "withdrawn": "Вы отозвали заявление",
    "terminated": "Услуга прекращена",
    "resubmitted": "Вместо этого заявления подано новое",
}
STATE_BADGES = {
    "registered": "info",
    "accepted": "info",
    "suspended": "warn",
    "access_granted": "good",
    "active": "good",
    "terminated": "plain",
    "not_accepted": "bad",
    "refused": "bad",
    "withdrawn": "plain",
    "resubmitted": "plain",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the way: done, now, later, or the end that came instead."""

    state: str
    title: str
    text: str = ""

    @property
    def icon(self) -> str:
        """Return the drawing that stands for the state."""
        return {DONE: "done", NOW: "clock", LATER: "ring", BAD: "stop"}[self.state]

    @property
    def word(self) -> str:
        """Return the state for a screen reader."""
        return {DONE: "сделано", NOW: "сейчас", LATER: "позже", BAD: "завершено"}[self.state]


def tell(view: CaseView) -> list[Milestone]:
    """Return the way of a case from the number to the service, or to its end."""
    row = view.row
    registered = f"Зарегистрировано {_day(row.registered_on)} под №{NBSP}{row.number}"
    way = [Milestone(DONE, registered, f"Подано: {row.channel_title}.")]
    for build in (_consent, _access, _service):
        way.append(build(view))
    if row.state in ENDS:
        way = [one for one in way if one.state == DONE]
        end = ENDS[row.state] + (f" {_day(view.ended_on)}" if view.ended_on else "")
        ground = f"Основание: {view.ground_title}." if view.ground_title else ""
        way.append(Milestone(BAD, end, ground))
    return way


def _consent(view: CaseView) -> Milestone:
    if view.accepted_on is not None:
        return Milestone(DONE, f"Согласие принято {_day(view.accepted_on)}")
    return Milestone(
        NOW,
        "Принесите в школу письменное согласие",
        "Классный руководитель примет его без очереди. Возьмите паспорт. "
        "Бланк дадут в школе. Другие документы не нужны.",
    )


def _access(view: CaseView) -> Milestone:
    if view.granted_on is not None:
        return Milestone(DONE, f"Доступ открыт {_day(view.granted_on)}")
    term = view.row.term
    if view.row.state == "suspended":
        return Milestone(NOW, "Рассмотрение приостановлено", f"Основание: {view.ground_title}.")
    if term is None:
        return Milestone(LATER, "Доступ к дневнику", "Не позднее 10 рабочих дней после согласия.")
    late = " Срок нарушен: вы можете подать жалобу." if term.state == "overdue" else ""
    return Milestone(NOW, f"Доступ откроется не позднее {_day(term.due_on)}", late.strip())


def _service(view: CaseView) -> Milestone:
    if view.row.state == "active":
        return Milestone(DONE, "Услуга оказывается", "Права и обязанности вам разъяснили.")
    if view.row.state == "access_granted":
        return Milestone(
            NOW,
            "Войдите в дневник",
            "Есть логин на портале — войдите с ним. Нет логина — возьмите лист с кодом "
            "у классного руководителя.",
        )
    return Milestone(LATER, "Вход и разъяснение прав", "Вход передаст классный руководитель.")


def list_documents(view: CaseView) -> list[tuple[str, str, str]]:
    """Return (code, title, number) of the documents a case has, the newest of each kind."""
    found: dict[str, LogRow] = {row.paper: row for row in view.log if row.paper}
    return [(code, PAPERS[code], row.paper_number) for code, row in found.items()]


def _day(day: object) -> str:
    say: Callable[..., str] = say_date
    return say(day).split(",")[0] if day is not None else ""
