"""Where a person lands after sign-in, and the cards of those who have several places."""

from portal.shell.navigation import Place
from tenants.accounts.visitor import Visitor


def greeting(display_name: str, hour: int) -> str:
    """Return «Добрый день, Анна Петровна» for «Иванова Анна Петровна»."""
    part = "Доброе утро" if 5 <= hour < 12 else "Добрый день" if hour < 18 else "Добрый вечер"
    given = " ".join(display_name.split()[1:]) or display_name
    return f"{part}, {given}"


def landing_url(visitor: Visitor) -> str:
    """Return where one role leads straight, or "" for a person with several places."""
    return ""


def list_places(visitor: Visitor) -> list[Place]:
    """Return the cards of a person's schools and children."""
    return []
