"""The only ways from somebody of the committee to what the committee works on.

Who is complained of sees nothing of it; neither does an officer who works in the very school: he
would judge his own colleagues. An applicant sees his own complaint.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from foundation.complaints.desk import Hand, is_about_hand
from kernel.complaints import Party
from kernel.errors import NotFound
from kernel.roles import DISTRICT_ROLES, STAFF_ROLES, Role
from services.oversight.models import Complaint
from tenants.accounts.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the committee; `school_ids` are the schools he works in beside."""

    account_id: int | None
    name: str
    roles: frozenset[Role]
    school_ids: frozenset[int] = frozenset()

    @classmethod
    def of(cls, visitor: Visitor) -> Self:
        """Return the visitor as an officer; without a role of the district he may do nothing."""
        return cls(
            account_id=visitor.account_id,
            name=visitor.display_name,
            roles=visitor.district_roles,
            school_ids=frozenset(
                one.school.id for one in visitor.memberships if one.role in STAFF_ROLES
            ),
        )

    @classmethod
    def system(cls) -> Self:
        """Return the officer of tasks and handlers."""
        return cls(None, "", frozenset({Role.SYSTEM}))

    @property
    def parties(self) -> frozenset[Party]:
        """Return what he is at the desk: empty for a stranger."""
        if Role.SYSTEM in self.roles:
            return frozenset({Party.SYSTEM})
        is_officer = not self.roles.isdisjoint(DISTRICT_ROLES)
        return frozenset({Party.OFFICER}) if is_officer else frozenset()

    @property
    def leads(self) -> bool:
        """Return whether he gives work out and may do what another is assigned to."""
        return Role.DISTRICT_ADMIN in self.roles

    @property
    def hand(self) -> Hand:
        """Return him as somebody at the desk."""
        own = frozenset() if self.account_id is None else frozenset({self.account_id})
        return Hand(self.account_id, self.name, self.parties, own)


def check_may_work(officer: Officer) -> None:
    """Raise `NotFound` for who is not of the committee."""
    if not officer.parties:
        raise NotFound


def may_see(complaint: Complaint, officer: Officer) -> bool:
    """Return whether somebody of the committee may see a complaint."""
    if Party.SYSTEM in officer.parties:
        return True
    if not officer.parties or is_about_hand(complaint, officer.hand):
        return False
    return complaint.school_id not in officer.school_ids


def keep_seen(complaints: Iterable[Complaint], officer: Officer) -> list[Complaint]:
    """Return the complaints he may see."""
    return [one for one in complaints if may_see(one, officer)]


def get_complaint(*, officer: Officer, complaint_id: int) -> Complaint:
    """Return a complaint for somebody of the committee. Raise `NotFound`."""
    check_may_work(officer)
    complaint = Complaint.objects.filter(pk=complaint_id).first()
    if complaint is None or not may_see(complaint, officer):
        raise NotFound
    return complaint


def is_his(complaint: Complaint, officer: Officer) -> bool:
    """Return whether he moves it: nobody else is assigned to it, or he leads."""
    return complaint.assigned_to in (None, officer.account_id) or officer.leads


def get_own_complaint(*, account_id: int, complaint_id: int) -> Complaint:
    """Return the complaint of the applicant himself. Raise `NotFound`."""
    own = Complaint.objects.filter(pk=complaint_id, account_id=account_id).first()
    if own is None:
        raise NotFound
    return own
