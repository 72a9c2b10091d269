"""Reading the letters of the committee: the head's pages, and what goes back."""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.complaints import Party
from kernel.errors import NotFound
from services.cases import complaint_access as access
from services.cases.models import CommitteeLetter


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter with the school's reply."""

    id: int
    kind: str
    kind_title: str
    committee_id: int
    subject: str
    text: str
    sent_by_name: str
    sent_on: date
    due_on: date
    reply: str
    replied_on: date | None
    replied_by_name: str


def list_letters(*, actor: Actor) -> list[LetterCard]:
    """Return the committee's letters, those without a reply first. Raise `NotFound`."""
    if Party.HEAD not in access.parties_of(actor):
        raise NotFound
    rows = CommitteeLetter.objects.order_by("-replied_on", "due_on", "pk")
    return sorted((_card(one) for one in rows), key=lambda one: one.replied_on is not None)


def get_letter(*, actor: Actor, letter_id: int) -> LetterCard:
    """Return a letter of the committee. Raise `NotFound`."""
    is_open = Party.HEAD in access.parties_of(actor) or Party.SYSTEM in access.parties_of(actor)
    row = CommitteeLetter.objects.filter(pk=letter_id).first() if is_open else None
    if row is None:
        raise NotFound
    return _card(row)


def _card(row: CommitteeLetter) -> LetterCard:
    return LetterCard(
        id=row.pk,
        kind=row.kind,
        kind_title=CommitteeLetter.Kind(row.kind).label,
        committee_id=row.committee_id,
        subject=row.subject,
        text=row.text,
        sent_by_name=row.sent_by_name,
        sent_on=row.sent_on,
        due_on=row.due_on,
        reply=row.reply,
        replied_on=row.replied_on,
        replied_by_name=row.replied_by_name,
    )
