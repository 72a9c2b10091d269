"""How far the opening of accounts and access has come after an import."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.roles import Role
from services.diary import access
from services.diary.models import AccessGrant
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """What the lists of the school ask for and is not there yet."""

    grants: int
    guardian_accounts: int
    pupil_accounts: int
    employee_accounts: int

    @property
    def accounts(self) -> int:
        """Return how many accounts are still to be opened."""
        return self.guardian_accounts + self.pupil_accounts + self.employee_accounts

    @property
    def is_over(self) -> bool:
        """Return whether everything is open."""
        return not (self.grants or self.accounts)


def get_on_the_way(*, actor: Actor, on: date) -> OnTheWay:
    """Return how many grants and accounts are still on their way; raise `NotFound`.

    A grant once taken back is not on its way: the lists do not open it again.
    """
    access.check_may_see_progress(actor, on)
    wanted = people.list_readable_pairs(on=on)
    known = set(AccessGrant.objects.values_list("guardian_id", "pupil_id"))
    guardians = set(AccessGrant.objects.live().values_list("guardian_id", flat=True))
    waiting = people.list_without_account(role=Role.GUARDIAN)
    employees = people.list_without_account(role=Role.TEACHER)
    staff = people.get_staff(employee_ids=employees)
    return OnTheWay(
        grants=len(wanted - known),
        guardian_accounts=len(waiting & (guardians | {g for g, _ in wanted - known})),
        pupil_accounts=len(people.list_without_account(role=Role.PUPIL)),
        employee_accounts=sum(bool(card.roles) for card in staff.values()),
    )


def list_granted_guardians(*, grant_ids: Iterable[int]) -> set[int]:
    """Return the guardians of these grants whose access is still live."""
    rows = AccessGrant.objects.live().filter(pk__in=list(grant_ids))
    return set(rows.values_list("guardian_id", flat=True))


def list_shut_out_guardians(*, grant_ids: Iterable[int]) -> set[int]:
    """Return the guardians of these grants who have no live access to any child."""
    of_grants = AccessGrant.objects.filter(pk__in=list(grant_ids))
    guardian_ids = set(of_grants.values_list("guardian_id", flat=True))
    live = AccessGrant.objects.live().filter(guardian_id__in=guardian_ids)
    return guardian_ids - set(live.values_list("guardian_id", flat=True))
