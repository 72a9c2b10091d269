"""After a school was restored: the public schema is brought to agree with it.

What is decided (docs/ru/backup.md):
- A school's own events that waited at that moment are delivered again; handlers bear it.
- What the committee sent into the school since then is sent again: the school forgot it.
- Codes and letters of accounts are not: they are no part of the school.
- A role whose card is no longer in the school is taken before anybody is let in. Other roles stay
  as they are today: who lost access since then does not get it back.
- Every day of the school is counted anew.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.operations import deliver_again
from kernel.actor import Actor, SchoolRef
from kernel.days import local_day
from kernel.roles import FAMILY_ROLES, Role
from services.monitoring.operations import mark_days_dirty
from services.monitoring.queries import get_first_day
from services.oversight.events import (
    CaseAsked,
    ComplaintEnded,
    ComplaintSentToSchool,
    FindingSent,
    InquirySent,
)
from services.people.queries import get_employees, get_guardians, get_pupils
from tenants.accounts.operations import take_role
from tenants.accounts.queries.members import Card, list_cards
from tenants.registry.events import RegionalDaysChanged

INTO_SCHOOLS = (
    CaseAsked,
    ComplaintEnded,
    ComplaintSentToSchool,
    FindingSent,
    InquirySent,
    RegionalDaysChanged,
)


def settle(school: SchoolRef, *, moment: datetime, today: date) -> dict[str, int]:
    """Bring the public schema to agree with a school restored to a moment; return what was done."""
    lost = _list_lost(school)
    with public_transaction():
        for card in lost:
            take_role(account_id=card.account_id, role=card.role, school_id=school.id)
        again = deliver_again(INTO_SCHOOLS, since=moment)
        since = min(get_first_day(school_id=school.id) or today, local_day(moment, school.timezone))
        mark_days_dirty(school_id=school.id, since=since, until=today + timedelta(days=1))
    return {"roles_taken": len(lost), "sent_again": again, "days": (today - since).days + 1}


def _list_lost(school: SchoolRef) -> list[Card]:
    """Return the roles whose card is not in the school any more."""
    with public_transaction():
        cards = list_cards(school_id=school.id)
    wanted: dict[Role, list[Card]] = defaultdict(list)
    for card in cards:
        wanted[card.role].append(card)
    with school_transaction(Actor.system(school), school.id):
        known = {
            role: _known(role, [card.person_id for card in held]) for role, held in wanted.items()
        }
    return [card for card in cards if card.person_id not in known[card.role]]


def _known(role: Role, ids: Iterable[int]) -> set[int]:
    if role is Role.PUPIL:
        return set(get_pupils(pupil_ids=ids))
    if role in FAMILY_ROLES:
        return set(get_guardians(guardian_ids=ids))
    return set(get_employees(employee_ids=ids))
