"""What a provider says of a person, and the errors of a sign-in from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kernel.errors import DomainError
from kernel.identity import identity_digest


@dataclass(frozen=True, slots=True)
class Claims:
    """A person as a provider knows them; `snils` is eleven digits or "".

    `is_confirmed` says that the provider saw the person's documents: only then may СНИЛС and birth
    date find an account.
    """

    provider: str
    subject: str
    name: str = ""
    snils: str = ""
    birth_date: date | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class OutsidePerson:
    """What we keep of the claims until the person is known: no name, no СНИЛС, no birth date."""

    provider: str
    subject: str
    identity_digest: str = ""


def person_of(claims: Claims, *, key: bytes) -> OutsidePerson:
    """Return the person; the digest is there only when the provider saw the documents."""
    digest = ""
    if claims.is_confirmed and claims.snils and claims.birth_date:
        digest = identity_digest(key=key, snils=claims.snils, birth_date=claims.birth_date)
    return OutsidePerson(claims.provider, claims.subject, digest)


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what the session keeps until it is back."""

    url: str
    kept: dict[str, str]


class IdentityProvider(Protocol):
    """A door to sign-in outside: both ends of the trip."""

    code: str
    title: str

    def depart(self, *, return_url: str, now: datetime) -> Departure:
        """Return where to send the browser. Raise `ProviderIsSilent`."""

    def arrive(
        self,
        *,
        kept: Mapping[str, str],
        answer: Mapping[str, str],
        return_url: str,
        now: datetime,
    ) -> Claims:
        """Return who came back. Raise `ProviderIsSilent`, `SignInRefused`, `AnswerIsForged`."""


class ProviderIsSilent(DomainError):
    """The provider does not answer, or answers with what cannot be read."""

    code = "provider-is-silent"
    message = "Служба входа сейчас не отвечает. Войдите по логину и паролю или попробуйте позже."


class SignInRefused(DomainError):
    """The person, or the provider, said no."""

    code = "outside-sign-in-refused"
    message = "Вход не состоялся: вы отказались или служба входа его не разрешила."


class AnswerIsForged(DomainError):
    """The answer is not to our question: another state, nonce, signature, audience or time."""

    code = "outside-answer-is-forged"
    message = "Ответ службы входа не подошёл к вашему запросу. Начните вход сначала."


class PersonIsUnknown(DomainError):
    """Nobody here is known by this person's СНИЛС and birth date."""

    code = "person-is-unknown"
    message = (
        "Вы подтвердили личность, но школы округа ещё не знают вас. "
        "Введите код приглашения, который дал классный руководитель."
    )


class InvitationIsWrong(DomainError):
    """The code is unknown, used, or too old; which of these nobody is told."""

    code = "invitation-is-wrong"
    message = "Код не подходит. Проверьте его или попросите у классного руководителя новый."


class IdentityIsTaken(DomainError):
    """This person of the provider signs in as somebody else already, or the account has another."""

    code = "identity-is-taken"
    message = (
        "Этот вход уже связан с другой учётной записью. Обратитесь к администратору вашей школы."
    )


class AnotherPerson(DomainError):
    """The code was given to a person with another СНИЛС or birth date."""

    code = "another-person"
    message = "Этот код выдан другому человеку. Попросите у классного руководителя свой код."
