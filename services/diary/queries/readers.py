"""Who may read which diary, as accounts: for counting how many use the service (SRV-023)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from services.diary.models import AccessGrant
from services.people import queries as people

Readers = Mapping[int, frozenset[int]]


def list_readers(*, on: date) -> tuple[Readers, Readers]:
    """Return the accounts that open the diary of each pupil, and those of each guardian.

    The pupils are those of the day's classes, the guardians those who stand for one of them; who
    has no account, or no live grant, has an empty set.
    """
    pupils = people.list_pupil_accounts(on=on)
    standing = {pair for pair in people.list_readable_pairs(on=on) if pair[1] in pupils}
    accounts = people.list_guardian_accounts()
    granted = set(AccessGrant.objects.live().values_list("guardian_id", "pupil_id"))
    of_pupil: dict[int, set[int]] = defaultdict(set)
    of_guardian: dict[int, set[int]] = {guardian: set() for guardian, _ in standing}
    for pupil, own in pupils.items():
        of_pupil[pupil] = set() if own is None else {own}
    for guardian, pupil in standing & granted:
        account = accounts.get(guardian)
        if account is not None:
            of_pupil[pupil].add(account)
            of_guardian[guardian].add(account)
    return (
        {pk: frozenset(found) for pk, found in of_pupil.items()},
        {pk: frozenset(found) for pk, found in of_guardian.items()},
    )
