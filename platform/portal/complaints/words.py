"""How the portal tells of a complaint: badges, the way it goes, papers; for all who see one."""

from dataclasses import dataclass
from datetime import date

from foundation.complaints.reading import ComplaintCard, ComplaintRow
from kernel.complaints import State
from portal.shell.speech import say_date

LATE = {
    "overdue": ("bad", "просрочено"),
    "due": ("warn", "срок сегодня"),
    "nearing": ("warn", "срок близко"),
}
BADGES = {
    State.RECEIVED: "info",
    State.REGISTERED: "info",
    State.FORWARDED: "plain",
    State.DECIDED: "warn",
    State.ANSWERED: "good",
    State.UNANSWERED: "plain",
}


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of the register with its address and badges."""

    row: ComplaintRow
    url: str
    badge: str
    late_badge: str
    late_word: str
    term_text: str
    school: str = ""


def view_row(row: ComplaintRow, url: str, school: str = "") -> RowView:
    """Return a line as tables show it."""
    late_badge, late_word = LATE.get(row.lateness, ("", ""))
    term = f"{row.term.title} до {_day(row.term.due_on)}" if row.term else ""
    return RowView(row, url, BADGES[row.state], late_badge, late_word, term, school)


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step of a complaint's way as the applicant sees it: done, now, later or bad."""

    state: str
    title: str
    text: str = ""

    @property
    def icon(self) -> str:
        """Return the drawing that stands for the state."""
        return {"done": "done", "now": "clock", "later": "ring", "bad": "stop"}[self.state]

    @property
    def word(self) -> str:
        """Return the state for a screen reader."""
        return {"done": "сделано", "now": "сейчас", "later": "позже", "bad": "завершено"}[
            self.state
        ]


def tell_way(card: ComplaintCard) -> list[WayStep]:
    """Return the way of a complaint: registered, considered, answered, or the end instead."""
    row = card.row
    if row.state is State.RECEIVED:
        return [
            WayStep("now", f"Зарегистрируют до {_day(card.register_due_on)}"),
            WayStep("later", "Рассмотрение"),
            WayStep("later", "Ответ"),
        ]
    way = [WayStep("done", f"Зарегистрирована {_day(row.registered_on)} под № {row.number}")]
    if row.state is State.FORWARDED:
        reason = f"{card.forward_reason} Там срок считают заново."
        return [*way, WayStep("done", f"Направлена: {card.forwarded_to}", reason)]
    if row.state is State.UNANSWERED:
        return [*way, WayStep("bad", "Оставлена без ответа", card.unanswered_title)]
    if row.state is State.REGISTERED:
        late = "Срок нарушен: вы можете обратиться в вышестоящий орган или в прокуратуру."
        text = late if row.lateness == "overdue" else "Обычно отвечают раньше."
        return [
            *way,
            WayStep("now", f"Рассмотрят до {_day(row.due_on)}", text),
            WayStep("later", "Ответ", "Не позднее дня, следующего за днём решения."),
        ]
    way.append(WayStep("done", f"Решение принято {_day(row.decided_on)}"))
    if row.state is State.DECIDED:
        return [*way, WayStep("now", f"Ответ направят до {_day(card.answer_due_on)}")]
    return [*way, WayStep("done", f"Ответ направлен {_day(row.answered_on)}", card.answer_manner)]


def may_read_answer(card: ComplaintCard) -> bool:
    """Return whether the applicant reads the decision: once the answer was sent."""
    return card.row.state is State.ANSWERED


def applicant_papers(papers: list[tuple[str, str]], card: ComplaintCard) -> list[tuple[str, str]]:
    """Return the papers an applicant may take: the answer only once it was sent."""
    return [one for one in papers if one[0] != "answer" or may_read_answer(card)]


def _day(day: date | None) -> str:
    return say_date(day) if day is not None else ""
