"""Carrying a case over to another school of the district: what leaves, as plain words."""

from dataclasses import dataclass

from services.cases.models import Application
from services.cases.operations.applying import as_typed
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the other school needs; it travels from one open school to the next, never stored."""

    typed: dict[str, str]
    account_id: int | None


def get_leaving(*, case_id: int) -> Leaving:
    """Return what the other school needs of a case that ended with a transfer."""
    case = Application.objects.get(pk=case_id)
    account_id = case.account_id if case.is_account_holder else None
    if case.guardian_id is not None:
        card = people.get_guardians(guardian_ids=[case.guardian_id])[case.guardian_id]
        account_id = card.account_id or account_id
    return Leaving({**as_typed(case), "kind": case.kind}, account_id)
