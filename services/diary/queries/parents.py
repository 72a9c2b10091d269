"""Which parents read an adult pupil's diary: for the pupil, and for nobody else."""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.roles import Role
from services.diary.models import AccessGrant, AdultAgreement
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class ParentAccess:
    """A parent of an adult pupil, and whether the diary is open to this parent."""

    guardian_id: int
    name: FullName
    relation_title: str
    is_open: bool


def list_parent_access(*, actor: Actor, on: date) -> list[ParentAccess]:
    """Return the actor's parents with their access; raise `NotFound` for who is no adult pupil."""
    pupil_id = actor.person(Role.PUPIL)
    if pupil_id is None or not people.is_of_age(pupil_id=pupil_id, on=on):
        raise NotFound
    rows = AccessGrant.objects.live().filter(pupil_id=pupil_id)
    open_to = set(rows.values_list("guardian_id", flat=True))
    return [
        ParentAccess(one.guardian_id, one.name, one.relation_title, one.guardian_id in open_to)
        for one in people.list_parents_of(pupil_id=pupil_id, on=on)
    ]


def is_adult_pupil(*, actor: Actor, on: date) -> bool:
    """Return whether the actor is a pupil of age."""
    pupil_id = actor.person(Role.PUPIL)
    return pupil_id is not None and people.is_of_age(pupil_id=pupil_id, on=on)


def list_agreed() -> set[tuple[int, int]]:
    """Return (guardian, pupil) whom an adult pupil lets read the diary."""
    rows = AdultAgreement.objects.filter(withdrawn_at=None)
    return set(rows.values_list("guardian_id", "pupil_id"))
