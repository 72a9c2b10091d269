"""Errors the domain raises and a door translates: one code, one Russian sentence, facts."""

from typing import ClassVar


class DomainError(Exception):
    """Something the domain refuses. `code` is stable, `message` is shown to people."""

    code: ClassVar[str] = "refused"
    message: str = "Действие невозможно."

    def __init__(self, message: str | None = None, **facts: object) -> None:
        if message is not None:
            self.message = message
        self.facts = facts
        super().__init__(self.message)


class NotFound(DomainError):
    """No such object, or it is not for this actor: the two look the same on purpose."""

    code = "not-found"
    message = "Такой страницы нет или она не для вас."


class Unavailable(DomainError):
    """What is asked for is away for a while: the same request is answered later."""

    code = "unavailable"
    message = "Сейчас недоступно. Повторите через несколько минут."


class Unreadable(DomainError):
    """What came in is not what the contract says: a defect of the sender, not a refusal."""

    code = "unreadable-request"
    message = "Запрос не понят: проверьте поля."
