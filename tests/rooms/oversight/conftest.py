"""The committee and the school «Альфа»: officers, the head, what passes between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Channel, Target
from kernel.roles import Role
from services.oversight import operations
from services.oversight.access import Officer
from tenants.accounts.models import Account, Membership
from tests.factories.complaints import FRIDAY_MORNING, key, make_draft
from tests.factories.school import SmallSchool, make_small_school

OFFICER = frozenset({Role.DISTRICT_OFFICER})
LEADER = frozenset({Role.DISTRICT_ADMIN})


@dataclass
class Committee:
    """The committee's people and the school they look at."""

    school: SchoolRef
    small: SmallSchool
    oleg: Officer
    olga: Officer
    leader: Officer
    boris: Actor
    now: datetime = FRIDAY_MORNING
    made: list[int] = field(default_factory=list)

    def complain(self, *, account_id: int | None = 11, **changes: object) -> int:
        """Let Vera complain about the head; return the complaint's id."""
        with public_transaction():
            accepted = operations.submit_complaint(
                account_id=account_id,
                name="Глебова Вера",
                school=self.school,
                draft=make_draft(**{"target": Target.DIRECTOR, "against": "директор", **changes}),
                channel=Channel.PORTAL if account_id else Channel.ANONYMOUS,
                request_key=key(),
                now=self.now,
            )
        return accepted.id

    def register(self, **changes: Any) -> int:
        """Let Vera complain and Oleg register it."""
        complaint_id = self.complain(**changes)
        with public_transaction():
            operations.register_complaint(
                officer=self.oleg, complaint_id=complaint_id, now=self.now
            )
        return complaint_id

    def deliver(self) -> None:
        """Deliver what waits on both sides until nothing does."""
        while deliver_waiting(None, self.now) + deliver_waiting(self.school, self.now):
            self.now += timedelta(seconds=1)

    def redeliver(self) -> None:
        """Deliver again everything that was ever told."""
        with public_transaction():
            OutboxEvent.objects.update(delivered_at=None, retry_at=None)
        with school_transaction(Actor.system(self.school), self.school.id):
            OutboxEvent.objects.update(delivered_at=None, retry_at=None)
        self.deliver()


def open_officer(name: str, role: Role) -> Officer:
    """Open an account of the district."""
    account = Account.objects.create(login=name.lower().replace(" ", "."), display_name=name)
    Membership.objects.create(account=account, role=role)
    return Officer(account.pk, name, frozenset({role}))


@pytest.fixture
def committee(schools: dict[str, SchoolRef]) -> Committee:
    """Oleg and Olga of the committee, Nina who leads it, Boris who heads the school."""
    school = schools["alpha"]
    system = Actor.system(school)
    with school_transaction(system, school.id):
        small = make_small_school(system)
    boris = Account.objects.create(login="borin", display_name="Борин Борис")
    Membership.objects.create(
        account=boris, school_id=school.id, role=Role.MANAGEMENT, person_id=small.boris
    )
    return Committee(
        school=school,
        small=small,
        oleg=open_officer("Олегов Олег", Role.DISTRICT_OFFICER),
        olga=open_officer("Ольгина Ольга", Role.DISTRICT_OFFICER),
        leader=open_officer("Нинина Нина", Role.DISTRICT_ADMIN),
        boris=Actor(
            boris.pk,
            school,
            frozenset({Role.MANAGEMENT}),
            {Role.MANAGEMENT: small.boris},
            "Борин Борис",
        ),
    )


@pytest.fixture
def inside(committee: Committee) -> Callable[..., object]:
    """Ask something inside the school, as its head or as somebody else."""

    def ask(question: Callable[[Actor], object], actor: Actor | None = None) -> object:
        who = actor or committee.boris
        with school_transaction(who, committee.school.id):
            return question(who)

    return ask
