"""Becoming one of ours from outside; each call expects an open public transaction."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from kernel.codes import make_code, read_code
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account
from tenants.external.models import ExternalIdentity, Invitation
from tenants.external.rules import (
    AnotherPerson,
    IdentityIsTaken,
    InvitationIsWrong,
    OutsidePerson,
    PersonIsUnknown,
)

LIFE = timedelta(days=30)


def recognise(*, person: OutsidePerson) -> int:
    """Return the account of a person from outside; raise `PersonIsUnknown`.

    One known before is found by the provider's number. A new one is found by СНИЛС and birth date,
    when the provider saw the documents and a school has confirmed both; never by name.
    """
    known = ExternalIdentity.objects.filter(
        provider=person.provider, subject=person.subject, account__is_active=True
    ).first()
    if known is not None:
        return known.account_id
    account = None
    if person.identity_digest:
        known_by = Account.objects.filter(identity_digest=person.identity_digest, is_active=True)
        account = known_by.first()
    if account is None:
        raise PersonIsUnknown
    return _link(account.pk, person, ExternalIdentity.Ground.IDENTITY)


def link(*, account_id: int, person: OutsidePerson) -> None:
    """Let a signed-in person also sign in from outside.

    Raise `IdentityIsTaken`, `AnotherPerson`.
    """
    _check_same_person(Account.objects.get(pk=account_id), person)
    _link(account_id, person, ExternalIdentity.Ground.OWNER)


def unlink(*, account_id: int, provider: str) -> None:
    """End an outside sign-in of an account; one that is not there stays so."""
    ExternalIdentity.objects.filter(account_id=account_id, provider=provider).delete()


def forget_since(*, account_id: int, since: datetime) -> None:
    """End what an account joined, or invited others to, since a moment: a thief had it then."""
    ExternalIdentity.objects.filter(account_id=account_id, linked_at__gte=since).delete()
    given = Invitation.objects.filter(Q(account_id=account_id) | Q(issued_by=account_id))
    given.filter(issued_at__gte=since, used_at=None).delete()


def issue_invitation(
    *, account_id: int, school_id: int, pupil_id: int, issued_by: int | None, now: datetime
) -> str:
    """Return a code for one guardian of one child, shown this once; earlier ones of both die."""
    code = make_code()
    Invitation.objects.filter(account_id=account_id, pupil_id=pupil_id, school_id=school_id).filter(
        used_at=None
    ).delete()
    Invitation.objects.create(
        account_id=account_id,
        school_id=school_id,
        pupil_id=pupil_id,
        digest=_digest(code),
        issued_by=issued_by,
        issued_at=now,
        expires_at=now + LIFE,
    )
    return code


def accept_invitation(*, person: OutsidePerson, code: str, now: datetime) -> int:
    """Return the account that the person from outside now signs in as.

    Raise `InvitationIsWrong`, `AnotherPerson`, `IdentityIsTaken`. The code works once.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(digest=_digest(code), used_at=None, expires_at__gt=now)
        .filter(account__is_active=True)
        .first()
    )
    if invitation is None:
        raise InvitationIsWrong
    _check_same_person(invitation.account, person)
    account_id = _link(invitation.account_id, person, ExternalIdentity.Ground.INVITATION)
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    return account_id


def _link(account_id: int, person: OutsidePerson, ground: str) -> int:
    """Join the two; joined already they stay so, joined to others is `IdentityIsTaken`."""
    try:
        with transaction.atomic():
            row, _ = ExternalIdentity.objects.get_or_create(
                provider=person.provider,
                subject=person.subject,
                defaults={"account_id": account_id, "ground": ground},
            )
    except IntegrityError as error:  # the account signs in as somebody else of this provider
        raise IdentityIsTaken from error
    if row.account_id != account_id:
        raise IdentityIsTaken
    return account_id


def _check_same_person(account: Account, person: OutsidePerson) -> None:
    """Raise `AnotherPerson` when a school confirmed one identity and the provider says another."""
    theirs, ours = person.identity_digest, account.identity_digest
    if theirs and ours and theirs != ours:
        raise AnotherPerson


def _digest(code: str) -> str:
    """Return what is kept of a code, however it was typed."""
    return plain_digest(read_code(code))
