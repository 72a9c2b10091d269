"""A plain OpenID Connect provider, against a real one on loopback."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import LazySettings
from oidc_provider_mock import User, run_server_in_thread

from foundation.transport.hosts import WayOutIsClosed
from tenants.external.providers.oidc import OpenIdProvider
from tenants.external.rules import AnswerIsForged, ProviderIsSilent

# The provider mock itself uses a part of authlib that is on its way out.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

BACK = "http://testserver/sign-in/with/oidc/return/"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    claims = {"name": "Орлова Вера Павловна", "birthdate": "1988-03-05"}
    person = User(sub="vera", claims=claims)
    with run_server_in_thread(user_claims=[person], require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _listed(issuer: str, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS_OUT = [issuer, "http://127.0.0.1:9"]


@pytest.fixture
def provider(issuer: str) -> OpenIdProvider:
    return OpenIdProvider("oidc", "Региональный вход", issuer, "okrug", "secret")


def agree(url: str, who: str = "vera") -> dict[str, str]:
    """Act as the browser: press the button of the provider's page, return the answer's query."""
    answer = httpx.post(url, data={"sub": who}, follow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def test_person_comes_back_with_a_checked_token(provider: OpenIdProvider) -> None:
    now = datetime.now(UTC)
    departure = provider.depart(return_url=BACK, now=now)

    claims = provider.arrive(
        kept=departure.kept, answer=agree(departure.url), return_url=BACK, now=now
    )

    assert (claims.provider, claims.subject) == ("oidc", "vera")
    assert claims.birth_date in (None, date(1988, 3, 5))
    assert claims.is_confirmed is False


def test_request_carries_state_nonce_and_a_challenge(provider: OpenIdProvider) -> None:
    departure = provider.depart(return_url=BACK, now=datetime.now(UTC))

    asked = parse_qs(urlsplit(departure.url).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert departure.kept["verifier"] not in departure.url
    assert asked["state"] == [departure.kept["state"]]
    assert asked["nonce"] == [departure.kept["nonce"]]


@pytest.mark.parametrize("kept", [{"state": "another"}, {"nonce": "another"}])
def test_answer_to_another_question_is_refused(
    provider: OpenIdProvider, kept: dict[str, str]
) -> None:
    now = datetime.now(UTC)
    departure = provider.depart(return_url=BACK, now=now)

    with pytest.raises(AnswerIsForged):
        provider.arrive(
            kept={**departure.kept, **kept},
            answer=agree(departure.url),
            return_url=BACK,
            now=now,
        )


def test_token_of_yesterday_is_forged(provider: OpenIdProvider) -> None:
    departure = provider.depart(return_url=BACK, now=datetime.now(UTC))

    with pytest.raises(AnswerIsForged):
        provider.arrive(
            kept=departure.kept,
            answer=agree(departure.url),
            return_url=BACK,
            now=datetime(2036, 1, 1, tzinfo=UTC),
        )


def test_answer_of_another_issuer_is_forged(provider: OpenIdProvider) -> None:
    now = datetime.now(UTC)
    departure = provider.depart(return_url=BACK, now=now)
    answer = agree(departure.url) | {"iss": "http://evil.example"}

    with pytest.raises(AnswerIsForged):
        provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=now)


def test_silent_provider_is_told() -> None:
    dead = OpenIdProvider("oidc", "Региональный вход", "http://127.0.0.1:9", "okrug", "secret")

    with pytest.raises(ProviderIsSilent):
        dead.depart(return_url=BACK, now=datetime.now(UTC))


def test_operator_is_told_why_a_provider_is_silent(
    provider: OpenIdProvider, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    """The person reads «не отвечает»; that the host is not listed only the log can say."""
    settings.ALLOWED_HOSTS_OUT = []

    with pytest.raises(ProviderIsSilent):
        provider.depart(return_url=BACK, now=datetime.now(UTC))

    [record] = [one for one in caplog.records if one.message == "identity.provider_silent"]
    assert record.exc_info is not None
    assert record.exc_info[0] is WayOutIsClosed
