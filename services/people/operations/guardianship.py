"""Who stands for a child: proposed by anybody who may, confirmed, limited and ended by the school.

Source: СК РФ ст. 64, 66 and 145–148 (parents, custody, guardians), ROL-012, house §2 of the family.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.identity import identity_digest
from kernel.names import FullName
from services.people.access import check_may_confirm_family
from services.people.events import GuardianLinkChanged
from services.people.models import Guardian, GuardianLink, Pupil


class LinkIsThere(DomainError):
    """The pair has a link already."""

    code = "link-is-there"
    message = "Этот человек уже указан представителем ребёнка."


class LinkIsOver(DomainError):
    """The link ended."""

    code = "link-is-over"
    message = "Права этого представителя уже прекращены."


class LimitNeedsGround(DomainError):
    """Rights of a parent are limited by an act of a court, and the act is named."""

    code = "limit-needs-ground"
    message = "Укажите судебный акт: суд, дату и номер. Без него права родителя не ограничивают."


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """What a new card of a guardian says; СНИЛС goes in as a keyed digest only."""

    name: FullName
    sex: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    snils: str = ""


def add_guardian(*, actor: Actor, guardian: NewGuardian) -> int:
    """Return the id of a new guardian's card, or of the one that the identity finds.

    Equal names find nobody: two Ivanovas are two people until СНИЛС and birth date say otherwise.
    """
    check_may_confirm_family(actor)
    digest = ""
    if guardian.snils and guardian.birth_date:
        digest = identity_digest(
            key=settings.IDENTITY_KEY.encode(),
            snils=guardian.snils,
            birth_date=guardian.birth_date,
        )
        known = Guardian.objects.filter(identity_digest=digest).first()
        if known is not None:
            return known.pk
    return Guardian.objects.create(
        last_name=guardian.name.last,
        first_name=guardian.name.first,
        middle_name=guardian.name.middle,
        sex=guardian.sex,
        birth_date=guardian.birth_date,
        phone=guardian.phone,
        email=guardian.email,
        identity_digest=digest,
    ).pk


def link_guardian(
    *,
    actor: Actor,
    pupil_id: int,
    guardian_id: int,
    relation: str,
    may_read_diary: bool = True,
    may_see_contacts: bool = True,
    since_on: date,
    confirmed: bool = False,
    now: datetime | None = None,
) -> int:
    """Return the id of a new link between a child and a guardian; raise `LinkIsThere`.

    `confirmed` needs the right to confirm; without it the link waits for the school's word and
    opens nothing. Raise `NotFound` for unknown people.
    """
    check_may_confirm_family(actor)
    if not Pupil.objects.filter(pk=pupil_id).exists():
        raise NotFound
    if not Guardian.objects.filter(pk=guardian_id).exists():
        raise NotFound
    link, is_new = GuardianLink.objects.get_or_create(
        pupil_id=pupil_id,
        guardian_id=guardian_id,
        until=None,
        defaults={
            "relation": GuardianLink.Relation(relation),
            "may_read_diary": may_read_diary,
            "may_see_contacts": may_see_contacts,
            "since_on": since_on,
            "state": GuardianLink.State.CONFIRMED if confirmed else GuardianLink.State.PROPOSED,
            "confirmed_at": now if confirmed else None,
            "confirmed_by": actor.account_id if confirmed else None,
        },
    )
    if not is_new:
        raise LinkIsThere
    record(GuardianLinkChanged(link.pk))
    return link.pk


def confirm_link(*, actor: Actor, link_id: int, now: datetime) -> None:
    """Confirm that a guardian stands for the child; confirmed twice is confirmed once.

    Raise `LinkIsOver`, `NotFound`.
    """
    link = _lock(actor, link_id)
    if link.state == GuardianLink.State.CONFIRMED:
        return
    link.state = GuardianLink.State.CONFIRMED
    link.confirmed_at = now
    link.confirmed_by = actor.account_id
    link.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    record(GuardianLinkChanged(link.pk))


def limit_link(
    *, actor: Actor, link_id: int, may_read_diary: bool, may_see_contacts: bool, ground: str
) -> None:
    """Set what a guardian may; a right is taken on the ground of a court's act only.

    Raise `LimitNeedsGround`, `LinkIsOver`, `NotFound`.
    """
    link = _lock(actor, link_id)
    if not (may_read_diary and may_see_contacts) and not ground.strip():
        raise LimitNeedsGround
    link.may_read_diary = may_read_diary
    link.may_see_contacts = may_see_contacts
    link.limits_ground = ground.strip()
    link.save(update_fields=["may_read_diary", "may_see_contacts", "limits_ground"])
    record(GuardianLinkChanged(link.pk))


def end_link(*, actor: Actor, link_id: int, ground: str, until: date) -> None:
    """End a guardian's rights from a day on, on a ground; the access to the diary ends at once.

    Raise `LinkIsOver`, `NotFound`.
    """
    link = _lock(actor, link_id)
    link.state = GuardianLink.State.ENDED
    link.end_ground = GuardianLink.EndGround(ground)
    link.until = max(until, link.since_on)
    link.save(update_fields=["state", "end_ground", "until"])
    record(GuardianLinkChanged(link.pk))


def _lock(actor: Actor, link_id: int) -> GuardianLink:
    check_may_confirm_family(actor)
    link = GuardianLink.objects.select_for_update(of=("self",)).filter(pk=link_id).first()
    if link is None:
        raise NotFound
    if link.state == GuardianLink.State.ENDED:
        raise LinkIsOver
    return link
