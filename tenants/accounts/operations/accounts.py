"""Opening accounts and giving roles; each call is safe to repeat."""

import re
from typing import Any

import iuliia
from django.db import IntegrityError, transaction

from kernel.roles import Role
from tenants.accounts.models import Account, Membership

NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def login_base(name: str) -> str:
    """Return the login a name suggests: «Иванова Анна Петровна» → `ivanova.anna`."""
    words = iuliia.MOSMETRO.translate(name.lower()).split()
    return ".".join(NOT_A_LETTER.sub("", word) for word in words[:2])[:56] or "user"


def open_account(*, name: str, identity_digest: str | None = None) -> int:
    """Return the id of a person's account, made without a password when there is none yet.

    Only an identity digest (СНИЛС and birth date) finds an existing account: equal names do not.
    """
    if identity_digest:
        found = Account.objects.filter(identity_digest=identity_digest).first()
        if found:
            return found.pk
    base = login_base(name)
    taken = set(Account.objects.filter(login__startswith=base).values_list("login", flat=True))
    number = 1
    while True:
        login = base if number == 1 else f"{base}{number}"
        number += 1
        if login in taken:
            continue
        account = Account(login=login, display_name=name, identity_digest=identity_digest)
        account.set_unusable_password()
        try:
            with transaction.atomic():
                account.save()
        except IntegrityError:  # somebody else took the login or the identity just now
            if identity_digest:
                found = Account.objects.filter(identity_digest=identity_digest).first()
                if found:
                    return found.pk
            continue
        return account.pk


def give_role(
    *, account_id: int, role: Role, school_id: int | None = None, person_id: int | None = None
) -> None:
    """Give a role in a school, or in the district when `school_id` is None."""
    Membership.objects.update_or_create(
        **_place(account_id, role, school_id), defaults={"person_id": person_id}
    )


def _place(account_id: int, role: Role, school_id: int | None) -> dict[str, Any]:
    return {"account_id": account_id, "school_id": school_id, "role": role}


def take_role(*, account_id: int, role: Role, school_id: int | None = None) -> None:
    """Take a role away; the account stays, for authorship in the journal of actions."""
    Membership.objects.filter(**_place(account_id, role, school_id)).delete()


def keep_appearance(*, account_id: int, appearance: str) -> None:
    """Keep how a person wants pages to look, for their other devices."""
    Account.objects.filter(pk=account_id).update(appearance=appearance)
