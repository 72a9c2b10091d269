"""The only ways from an actor to a complaint of the school.

Who is complained of sees nothing of it and moves nothing; a complaint about the head is not seen
by the management at all; an applicant sees his own.
"""

from collections.abc import Iterable

from foundation.complaints.desk import Hand, is_about_hand
from kernel.actor import Actor
from kernel.complaints import Body, Party, Procedure, is_addressed_to
from kernel.errors import NotFound
from kernel.rights import Right
from kernel.roles import STAFF_ROLES, Role
from services.cases.models import Complaint
from services.regulation import access as rights


def parties_of(actor: Actor) -> frozenset[Party]:
    """Return what the actor is at the desk: empty for a stranger."""
    if actor.has(Role.SYSTEM):
        return frozenset({Party.SYSTEM})
    parties = set()
    if rights.may(actor=actor, right=Right.COMPLAINTS_READ):
        parties.add(Party.CLERK)
    if rights.may(actor=actor, right=Right.COMPLAINTS_DECIDE):
        parties |= {Party.CLERK, Party.HEAD}
    return frozenset(parties)


def hand_of(actor: Actor) -> Hand:
    """Return the actor as somebody at the desk, with the cards by which he may be complained of."""
    cards = {actor.person(role) for role in STAFF_ROLES} - {None}
    return Hand(
        account_id=actor.account_id,
        name=actor.name,
        parties=parties_of(actor),
        own_ids=frozenset(card for card in cards if card is not None),
    )


def check_may_work(actor: Actor) -> Hand:
    """Return the actor's hand; raise `NotFound` unless he works on complaints at all."""
    hand = hand_of(actor)
    if not hand.parties:
        raise NotFound
    return hand


def may_see(complaint: Complaint, hand: Hand, procedure: Procedure) -> bool:
    """Return whether somebody at the desk may see a complaint."""
    if Party.SYSTEM in hand.parties:
        return True
    if not hand.parties or is_about_hand(complaint, hand):
        return False
    is_ours = is_addressed_to(complaint.aims_at, Body.SCHOOL, procedure)
    return is_ours or Party.HEAD not in hand.parties


def keep_seen(complaints: Iterable[Complaint], hand: Hand, procedure: Procedure) -> list[Complaint]:
    """Return the complaints somebody at the desk may see."""
    return [one for one in complaints if may_see(one, hand, procedure)]


def get_complaint(*, actor: Actor, complaint_id: int, procedure: Procedure) -> Complaint:
    """Return a complaint for somebody at the desk. Raise `NotFound`."""
    hand = check_may_work(actor)
    complaint = Complaint.objects.filter(pk=complaint_id).first()
    if complaint is None or not may_see(complaint, hand, procedure):
        raise NotFound
    return complaint


def get_own_complaint(*, actor: Actor, complaint_id: int) -> Complaint:
    """Return the complaint of the applicant himself. Raise `NotFound`."""
    if actor.account_id is None:
        raise NotFound
    own = Complaint.objects.filter(pk=complaint_id, account_id=actor.account_id).first()
    if own is None:
        raise NotFound
    return own
