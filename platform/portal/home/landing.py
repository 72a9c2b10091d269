"""Where a person lands after sign-in, and the cards of those who have several places."""

from portal.shell.navigation import Place
from tenants.accounts.visitor import Visitor


def greeting(display_name: str, hour: int) -> str:
    """Return «Добрый день, Анна Петровна» for «Иванова Анна Петровна»."""
    parts = ((5, "Доброй ночи"), (12, "Доброе утро"), (18, "Добрый день"), (24, "Добрый вечер"))
    part = next(words for until, words in parts if hour < until)
    given = " ".join(display_name.split()[1:]) or display_name
    return f"{part}, {given}"


def landing_url(visitor: Visitor) -> str:
    """Return where one role leads straight, or "" for a person with several places."""
    return ""


def list_places(visitor: Visitor) -> list[Place]:
    """Return the cards of a person's schools and children."""
    return []
