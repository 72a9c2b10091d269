"""ЕСИА's dialect, against a fake that refuses what the real one refuses (law.md §4)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from joserfc.jwk import KeySet, RSAKey

from tenants.external.providers.esia import EsiaProvider
from tenants.external.providers.signers import CommandSigner, RsaSigner
from tenants.external.rules import AnswerIsForged, Claims, ProviderIsSilent, SignInRefused
from tests.support.fake_esia import FakeEsia, make_certificate, serving

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BACK = "http://testserver/sign-in/with/esia/return/"
VERA = {
    "lastName": "Орлова",
    "firstName": "Вера",
    "middleName": "Павловна",
    "birthDate": "05.03.1988",
    "snils": "112-233-445 95",
    "trusted": True,
}


@pytest.fixture(scope="module")
def our_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def esia(our_key: rsa.RSAPrivateKey, settings: LazySettings) -> Iterator[FakeEsia]:
    with serving(FakeEsia(our_key.public_key(), NOW, dict(VERA))) as fake:
        settings.ALLOWED_HOSTS_OUT = [fake.base, "http://127.0.0.1:9"]
        yield fake


@pytest.fixture
def provider(esia: FakeEsia, our_key: rsa.RSAPrivateKey) -> EsiaProvider:
    signer = RsaSigner(our_key, make_certificate(our_key))
    return EsiaProvider(esia.base, "OKRUG", signer, KeySet([esia.key]))


def come_back(provider: EsiaProvider, esia: FakeEsia, *, now: datetime = NOW) -> Claims:
    departure = provider.depart(return_url=BACK, now=now)
    answer = esia.authorize(departure.url)
    return provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=now)


@pytest.mark.requirement("ACC-020", part=True)
def test_person_of_esia_is_known_by_number_snils_and_birth_date(
    provider: EsiaProvider, esia: FakeEsia
) -> None:
    claims = come_back(provider, esia)

    assert claims == Claims(
        provider="esia",
        subject="1000299654",
        name="Орлова Вера Павловна",
        snils="11223344595",
        birth_date=date(1988, 3, 5),
        is_confirmed=True,
    )
    assert esia.troubles == []


def test_each_request_is_signed_anew(provider: EsiaProvider) -> None:
    urls = {provider.depart(return_url=BACK, now=NOW).url for _ in range(3)}

    assert len(urls) == 3


def test_signature_of_another_key_is_refused_by_esia(esia: FakeEsia) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signer = RsaSigner(stranger, make_certificate(stranger))
    forged = EsiaProvider(esia.base, "OKRUG", signer, KeySet([esia.key]))

    with pytest.raises(SignInRefused):
        come_back(forged, esia)

    assert esia.troubles == ["bad signature"]


def test_stale_timestamp_is_refused_by_esia(provider: EsiaProvider, esia: FakeEsia) -> None:
    with pytest.raises(SignInRefused):
        come_back(provider, esia, now=NOW - timedelta(minutes=6))

    assert esia.troubles == ["stale timestamp"]


def test_replayed_state_is_refused_by_esia(provider: EsiaProvider, esia: FakeEsia) -> None:
    departure = provider.depart(return_url=BACK, now=NOW)
    esia.authorize(departure.url)

    answer = esia.authorize(departure.url)

    assert "code" not in answer
    assert esia.troubles == ["replayed state"]


def test_code_works_once(provider: EsiaProvider, esia: FakeEsia) -> None:
    departure = provider.depart(return_url=BACK, now=NOW)
    answer = esia.authorize(departure.url)
    provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=NOW)

    with pytest.raises(SignInRefused):
        provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=NOW)

    assert esia.troubles == ["unknown code"]


def test_answer_to_somebody_elses_state_is_forged(provider: EsiaProvider, esia: FakeEsia) -> None:
    departure = provider.depart(return_url=BACK, now=NOW)
    answer = esia.authorize(departure.url) | {"state": "another"}

    with pytest.raises(AnswerIsForged):
        provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=NOW)


def test_token_signed_by_another_key_is_forged(provider: EsiaProvider, esia: FakeEsia) -> None:
    esia.key = RSAKey.generate_key(2048)

    with pytest.raises(AnswerIsForged):
        come_back(provider, esia)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("issuer", "http://evil.example/", id="another issuer"),
        pytest.param("audience", "ANOTHER", id="made for another system"),
        pytest.param("oid", "../rs/orgs", id="a path for a number"),
    ],
)
def test_token_of_another_make_is_forged(
    provider: EsiaProvider, esia: FakeEsia, field: str, value: str
) -> None:
    setattr(esia, field, value)

    with pytest.raises(AnswerIsForged):
        come_back(provider, esia)


def test_expired_token_is_forged(provider: EsiaProvider, esia: FakeEsia) -> None:
    esia.lifetime = timedelta(minutes=-2)

    with pytest.raises(AnswerIsForged):
        come_back(provider, esia)


def test_person_without_checked_documents_is_not_confirmed(
    provider: EsiaProvider, esia: FakeEsia
) -> None:
    esia.person["trusted"] = False

    assert come_back(provider, esia).is_confirmed is False


def test_refusal_of_the_person_is_told(provider: EsiaProvider, esia: FakeEsia) -> None:
    esia.refuses = True

    with pytest.raises(SignInRefused):
        come_back(provider, esia)


def test_silent_provider_is_told(provider: EsiaProvider, esia: FakeEsia) -> None:
    departure = provider.depart(return_url=BACK, now=NOW)
    answer = esia.authorize(departure.url)
    dead = replace(provider, base="http://127.0.0.1:9")

    with pytest.raises(ProviderIsSilent):
        dead.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=NOW)


def test_provider_that_is_not_listed_is_not_asked(
    provider: EsiaProvider, esia: FakeEsia, settings: LazySettings
) -> None:
    departure = provider.depart(return_url=BACK, now=NOW)
    answer = esia.authorize(departure.url)
    settings.ALLOWED_HOSTS_OUT = []

    with pytest.raises(ProviderIsSilent):
        provider.arrive(kept=departure.kept, answer=answer, return_url=BACK, now=NOW)

    assert esia.tokens == set()


def test_command_signs_what_comes_to_its_input(tmp_path: Path) -> None:
    signer = CommandSigner(["sh", "-c", "printf 'signed:'; cat"])

    assert signer.sign(b"text") == b"signed:text"


@pytest.mark.parametrize("command", [["false"], ["/no/such/signer"]])
def test_broken_signer_is_a_silent_provider(command: list[str]) -> None:
    with pytest.raises(ProviderIsSilent):
        CommandSigner(command).sign(b"text")
