"""Who outside becomes whom inside: by a code bound to a child, or by a confirmed identity."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation import clock
from kernel.actor import SchoolRef
from tenants.accounts.events import AccountFrozen
from tenants.accounts.models import Account
from tenants.accounts.operations import freeze_account
from tenants.external import operations
from tenants.external.handlers import on_account_frozen
from tenants.external.models import ExternalIdentity, Invitation
from tenants.external.queries import list_linked
from tenants.external.rules import (
    AnotherPerson,
    Claims,
    IdentityIsTaken,
    InvitationIsWrong,
    OutsidePerson,
    PersonIsUnknown,
    person_of,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = b"a key"
VERA = Claims("esia", "1000299654", "Орлова Вера", "11223344595", date(1988, 3, 5), True)
GLEB_ID = 17


def digest_of(claims: Claims) -> str:
    return person_of(claims, key=KEY).identity_digest


@pytest.fixture
def account(schools: dict[str, SchoolRef]) -> Account:
    """Vera's account, opened by a school's list with her СНИЛС and birth date."""
    return Account.objects.create(
        login="orlova.vera", display_name="Орлова Вера Павловна", identity_digest=digest_of(VERA)
    )


@pytest.fixture
def namesake(schools: dict[str, SchoolRef]) -> Account:
    """A woman of the same name, whose СНИЛС no school knows."""
    return Account.objects.create(login="orlova.vera2", display_name="Орлова Вера Павловна")


def invite(account: Account, school: SchoolRef, now: datetime = NOW) -> str:
    return operations.issue_invitation(
        account_id=account.pk, school_id=school.id, pupil_id=GLEB_ID, issued_by=None, now=now
    )


@pytest.mark.requirement("ACC-020", part=True)
def test_confirmed_identity_finds_the_account_of_the_school_list(account: Account) -> None:
    found = operations.recognise(person=person_of(VERA, key=KEY))

    assert found == account.pk
    assert [one.provider for one in list_linked(account_id=account.pk)] == ["esia"]


def test_person_once_linked_is_known_without_identity(account: Account) -> None:
    operations.recognise(person=person_of(VERA, key=KEY))

    again = operations.recognise(person=OutsidePerson("esia", VERA.subject))

    assert again == account.pk


def test_nobody_is_known_by_name_alone(account: Account, namesake: Account) -> None:
    stranger = Claims("esia", "1000000001", "Орлова Вера Павловна", "", None, True)

    with pytest.raises(PersonIsUnknown):
        operations.recognise(person=person_of(stranger, key=KEY))

    assert not ExternalIdentity.objects.exists()


def test_identity_nobody_checked_finds_nobody(account: Account) -> None:
    typed = Claims("oidc", "1", VERA.name, VERA.snils, VERA.birth_date, is_confirmed=False)

    with pytest.raises(PersonIsUnknown):
        operations.recognise(person=person_of(typed, key=KEY))


def test_blocked_account_is_not_opened_from_outside(account: Account) -> None:
    operations.recognise(person=person_of(VERA, key=KEY))
    Account.objects.filter(pk=account.pk).update(is_active=False)

    with pytest.raises(PersonIsUnknown):
        operations.recognise(person=person_of(VERA, key=KEY))


def test_invitation_links_once(namesake: Account, school: SchoolRef) -> None:
    code = invite(namesake, school)
    person = OutsidePerson("esia", "1000000001")

    assert operations.accept_invitation(person=person, code=code, now=NOW) == namesake.pk
    with pytest.raises(InvitationIsWrong):
        operations.accept_invitation(person=OutsidePerson("esia", "2"), code=code, now=NOW)


def test_code_is_read_in_small_letters_and_with_spaces(
    namesake: Account, school: SchoolRef
) -> None:
    code = invite(namesake, school).lower().replace("-", " ")

    found = operations.accept_invitation(person=OutsidePerson("esia", "1"), code=code, now=NOW)

    assert found == namesake.pk


def test_code_is_kept_as_a_digest_only(namesake: Account, school: SchoolRef) -> None:
    code = invite(namesake, school).replace("-", "")

    row = Invitation.objects.get()

    assert len(code) * 5 >= 112
    assert code not in str(vars(row).values())


@pytest.mark.parametrize("late", [timedelta(days=30), timedelta(days=300)])
def test_old_code_is_refused(namesake: Account, school: SchoolRef, late: timedelta) -> None:
    code = invite(namesake, school)

    with pytest.raises(InvitationIsWrong):
        operations.accept_invitation(person=OutsidePerson("esia", "1"), code=code, now=NOW + late)


def test_new_code_ends_the_former(namesake: Account, school: SchoolRef) -> None:
    former = invite(namesake, school)
    invite(namesake, school)

    with pytest.raises(InvitationIsWrong):
        operations.accept_invitation(person=OutsidePerson("esia", "1"), code=former, now=NOW)


def test_code_of_another_confirmed_person_is_refused_and_stays(
    account: Account, school: SchoolRef
) -> None:
    code = invite(account, school)
    thief = Claims("esia", "9", "", "00000000000", date(1970, 1, 1), True)

    with pytest.raises(AnotherPerson):
        operations.accept_invitation(person=person_of(thief, key=KEY), code=code, now=NOW)

    assert operations.accept_invitation(person=person_of(VERA, key=KEY), code=code, now=NOW)


def test_person_linked_already_does_not_take_a_second_account(
    account: Account, namesake: Account, school: SchoolRef
) -> None:
    operations.recognise(person=person_of(VERA, key=KEY))
    code = invite(namesake, school)

    with pytest.raises(IdentityIsTaken):
        operations.accept_invitation(person=OutsidePerson("esia", VERA.subject), code=code, now=NOW)


def test_account_has_one_subject_of_a_provider(namesake: Account) -> None:
    operations.link(account_id=namesake.pk, person=OutsidePerson("esia", "1"))

    with pytest.raises(IdentityIsTaken):
        operations.link(account_id=namesake.pk, person=OutsidePerson("esia", "2"))


def test_unlinked_sign_in_is_unknown_again(namesake: Account) -> None:
    person = OutsidePerson("esia", "1")
    operations.link(account_id=namesake.pk, person=person)

    operations.unlink(account_id=namesake.pk, provider="esia")

    with pytest.raises(PersonIsUnknown):
        operations.recognise(person=person)


def test_sign_in_joined_by_a_thief_ends_when_the_account_is_frozen(account: Account) -> None:
    """Else the thief comes back from outside as soon as the owner has a new password."""
    operations.link(account_id=account.pk, person=OutsidePerson("other", "honest"))
    noticed_at = clock.now()
    operations.link(account_id=account.pk, person=OutsidePerson("stub", "thief"))
    operations.issue_invitation(
        account_id=account.pk, school_id=1, pupil_id=1, issued_by=account.pk, now=clock.now()
    )
    case = freeze_account(
        account_id=account.pk,
        noticed_at=noticed_at,
        reported_by=None,
        now=clock.now(),
        due_on=noticed_at.date(),
    )

    on_account_frozen(None, AccountFrozen(account.pk, case))
    on_account_frozen(None, AccountFrozen(account.pk, case))

    assert list(ExternalIdentity.objects.values_list("subject", flat=True)) == ["honest"]
    assert not Invitation.objects.exists()
