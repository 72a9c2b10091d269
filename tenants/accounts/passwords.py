"""The common passwords of this country, read once, and the check that uses them."""

from functools import cache
from pathlib import Path

from tenants.accounts.rules.passwords import check_password
from tenants.registry.queries import get_district

LIST = Path(__file__).parent / "data" / "common_passwords.txt"
PLACE = ("okrug", "округ", "дневник", "журнал", "школа", "dnevnik", "shkola", "zhurnal")


@cache
def common_passwords() -> frozenset[str]:
    """Return the list, folded; three thousand lines."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def check_password_of(password: str, *, login: str, name: str) -> None:
    """Raise `UnsuitablePassword` unless the person may take this password."""
    words = (*PLACE, *get_district().name.split())
    check_password(password, login=login, name=name, common=common_passwords(), words=words)
