"""Giving guardians access to a child's diary and taking it back; each call is safe to repeat."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from services.diary import access
from services.diary.events import AccessGranted, AccessRevoked
from services.diary.models import AccessGrant
from services.people import queries as people

LARGEST_EVENT = 200


class NotAGuardian(DomainError):
    """The person does not stand for the child, or may not read the diary."""

    code = "not-a-guardian"
    message = "Этот человек не представитель ребёнка или не может читать его дневник."


def grant_access(
    *, actor: Actor, pupil_id: int, guardian_id: int, ground: str, now: datetime
) -> int:
    """Give a guardian access to a child and return the live grant's id.

    A live grant stays as it is. Raise `NotFound` for who may not give it, `NotAGuardian`.
    """
    access.check_may_open_access(actor)
    on = now.astimezone(ZoneInfo(actor.school.timezone)).date()
    links = people.list_children_of_guardian(guardian_id=guardian_id, on=on)
    if not any(link.pupil_id == pupil_id and link.may_read_diary for link in links):
        raise NotAGuardian
    grant, is_new = AccessGrant.objects.get_or_create(
        guardian_id=guardian_id,
        pupil_id=pupil_id,
        revoked_at=None,
        defaults={"granted_at": now, "ground": ground},
    )
    if is_new:
        record(AccessGranted([grant.pk]))
    return grant.pk


def grant_by_lists(*, actor: Actor, link_ids: Iterable[int], now: datetime) -> list[int]:
    """Give access to the guardians of links that the school's lists brought; return new grants.

    A pair that ever had a grant is left alone: what somebody took back, no list opens again.
    """
    access.check_may_open_access(actor)
    wanted = {
        (link.guardian_id, link.pupil_id)
        for link in people.get_links(link_ids=link_ids)
        if link.may_read_diary
    }
    grants = AccessGrant.objects.filter(
        guardian_id__in={guardian for guardian, _ in wanted},
        pupil_id__in={pupil for _, pupil in wanted},
    )
    missing = wanted - _pairs(grants).keys()
    AccessGrant.objects.bulk_create(
        [
            AccessGrant(
                guardian_id=guardian_id,
                pupil_id=pupil_id,
                granted_at=now,
                ground=AccessGrant.Ground.IMPORT,
            )
            for guardian_id, pupil_id in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    made = sorted(pk for pair, pk in _pairs(grants.all()).items() if pair in missing)
    for start in range(0, len(made), LARGEST_EVENT):
        record(AccessGranted(made[start : start + LARGEST_EVENT]))
    return made


def revoke_access(
    *, actor: Actor, pupil_id: int, guardian_id: int, ground: str, now: datetime
) -> None:
    """Take a guardian's access to a child back; one that is over stays as it is.

    Raise `NotFound` for who may not take it, and for a pair that never had access.
    """
    access.check_may_open_access(actor)
    grants = AccessGrant.objects.filter(guardian_id=guardian_id, pupil_id=pupil_id)
    live = grants.live().select_for_update(of=("self",)).first()
    if live is None:
        if not grants.exists():
            raise NotFound
        return
    live.revoked_at = now
    live.revoked_ground = ground
    live.save(update_fields=["revoked_at", "revoked_ground"])
    record(AccessRevoked([live.pk]))


def _pairs(grants: QuerySet[AccessGrant]) -> dict[tuple[int, int], int]:
    return {
        (guardian_id, pupil_id): pk
        for guardian_id, pupil_id, pk in grants.values_list("guardian_id", "pupil_id", "pk")
    }
