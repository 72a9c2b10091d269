"""Giving guardians access to a child's diary and taking it back; each call is safe to repeat."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from django.db.models import QuerySet

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.diary import access
from services.diary.events import AccessGranted, AccessRevoked
from services.diary.models import AccessGrant, AdultAgreement
from services.diary.queries.parents import list_agreed
from services.people import queries as people

LARGEST_EVENT = 200


class NotAGuardian(DomainError):
    """The person does not stand for the child, or may not read the diary."""

    code = "not-a-guardian"
    message = "Этот человек не представитель ребёнка или не может читать его дневник."


class PupilIsOfAge(DomainError):
    """An adult pupil opens the diary to a parent alone."""

    code = "pupil-is-of-age"
    message = "Обучающийся совершеннолетний: доступ родителю открывает он сам, в своём дневнике."


def grant_access(
    *, actor: Actor, pupil_id: int, guardian_id: int, ground: str, now: datetime
) -> int:
    """Give a guardian access to a child and return the live grant's id.

    A live grant stays as it is. Raise `NotFound` for who may not give it, `NotAGuardian`.
    """
    access.check_may_open_access(actor)
    on = local_day(now, actor.school.timezone)
    links = people.list_children_of_guardian(guardian_id=guardian_id, on=on)
    if not any(link.pupil_id == pupil_id and link.may_read_diary for link in links):
        raise NotAGuardian
    if people.is_of_age(pupil_id=pupil_id, on=on) and not _has_agreed(pupil_id, guardian_id):
        raise PupilIsOfAge
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
        if link.may_read_diary and link.is_confirmed
    }
    grants = AccessGrant.objects.filter(
        guardian_id__in={guardian for guardian, _ in wanted},
        pupil_id__in={pupil for _, pupil in wanted},
    )
    missing = wanted - _pairs(grants).keys()
    on = local_day(now, actor.school.timezone)
    adults = people.list_of_age(on=on, pupil_ids={pupil for _, pupil in missing})
    missing = {pair for pair in missing if pair[1] not in adults}
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


def revoke_if_open(*, actor: Actor, pupil_id: int, guardian_id: int, now: datetime) -> None:
    """End the access of a guardian whose rights ended or were limited; none is no error."""
    access.check_may_open_access(actor)
    rows = AccessGrant.objects.live().filter(pupil_id=pupil_id, guardian_id=guardian_id)
    if rows.exists():
        revoke_access(
            actor=actor,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            ground=AccessGrant.EndGround.RIGHTS,
            now=now,
        )


def reopen_after_theft(*, actor: Actor, pupil_id: int, guardian_id: int, now: datetime) -> None:
    """Give back the access that ended with the guardian's rights, when those stand again.

    One that ended on another ground stays so; a link that opens nothing opens nothing here.
    """
    access.check_may_open_access(actor)
    grants = AccessGrant.objects.filter(pupil_id=pupil_id, guardian_id=guardian_id)
    newest = grants.order_by("-pk").first()
    if newest is None or newest.revoked_ground != AccessGrant.EndGround.RIGHTS:
        return
    with suppress(NotAGuardian, PupilIsOfAge):
        grant_access(
            actor=actor,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            ground=newest.ground,
            now=now,
        )


def agree_to_parent(*, actor: Actor, guardian_id: int, now: datetime) -> None:
    """Let a parent read the actor's own diary: an adult pupil's word, safe to repeat.

    Raise `NotFound` for who is no adult pupil and for a stranger.
    """
    pupil_id, on = _adult(actor, now)
    parents = people.list_parents_of(pupil_id=pupil_id, on=on)
    if guardian_id not in {parent.guardian_id for parent in parents}:
        raise NotFound
    AdultAgreement.objects.get_or_create(
        pupil_id=pupil_id,
        guardian_id=guardian_id,
        withdrawn_at=None,
        defaults={"given_at": now},
    )
    grant_access(
        actor=Actor.system(actor.school, actor.request_id),
        pupil_id=pupil_id,
        guardian_id=guardian_id,
        ground=AccessGrant.Ground.AGREEMENT,
        now=now,
    )


def take_agreement_back(*, actor: Actor, guardian_id: int, now: datetime) -> None:
    """Close the actor's own diary to a parent at once; raise `NotFound` as above."""
    pupil_id, _ = _adult(actor, now)
    rows = AdultAgreement.objects.filter(pupil_id=pupil_id, guardian_id=guardian_id)
    if not rows.exists():
        raise NotFound
    rows.filter(withdrawn_at=None).update(withdrawn_at=now)
    revoke_access(
        actor=Actor.system(actor.school, actor.request_id),
        pupil_id=pupil_id,
        guardian_id=guardian_id,
        ground=AccessGrant.EndGround.PUPIL,
        now=now,
    )


def close_to_parents_of_adults(*, actor: Actor, on: date, now: datetime) -> int:
    """End the access of parents whose children are of age and have not agreed; return how many."""
    access.check_may_open_access(actor)
    live = _pairs(AccessGrant.objects.live())
    adults = people.list_of_age(on=on, pupil_ids={pupil for _, pupil in live})
    agreed = list_agreed()
    ended = sorted(pair for pair in live if pair[1] in adults and pair not in agreed)
    for guardian_id, pupil_id in ended:
        revoke_access(
            actor=actor,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            ground=AccessGrant.EndGround.OF_AGE,
            now=now,
        )
    return len(ended)


def close_to_family(*, actor: Actor, pupil_id: int, now: datetime) -> None:
    """End every access to the diary of a pupil who has left the school."""
    access.check_may_open_access(actor)
    rows = AccessGrant.objects.live().filter(pupil_id=pupil_id).order_by("pk")
    for guardian_id in list(rows.values_list("guardian_id", flat=True)):
        revoke_access(
            actor=actor,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            ground=AccessGrant.EndGround.LEFT,
            now=now,
        )


def _adult(actor: Actor, now: datetime) -> tuple[int, date]:
    """Return the adult pupil the actor is, and the day; raise `NotFound` for anybody else."""
    pupil_id = actor.person(Role.PUPIL)
    on = local_day(now, actor.school.timezone)
    if pupil_id is None or not people.is_of_age(pupil_id=pupil_id, on=on):
        raise NotFound
    return pupil_id, on


def _has_agreed(pupil_id: int, guardian_id: int) -> bool:
    rows = AdultAgreement.objects.filter(pupil_id=pupil_id, guardian_id=guardian_id)
    return rows.filter(withdrawn_at=None).exists()


def _pairs(grants: QuerySet[AccessGrant]) -> dict[tuple[int, int], int]:
    return {
        (guardian_id, pupil_id): pk
        for guardian_id, pupil_id, pk in grants.values_list("guardian_id", "pupil_id", "pk")
    }
