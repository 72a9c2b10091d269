"""A plain OpenID Connect provider: discovery, authorization code with PKCE, nonce, JWKS.

Source: OpenID Connect Core 1.0 §3.1, Discovery 1.0, RFC 7636, RFC 9207 (`iss` of the answer).
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tenants.external.providers.tokens import read_identity_token
from tenants.external.providers.web import get_json, post_form
from tenants.external.rules import (
    AnswerIsForged,
    Claims,
    Departure,
    ProviderIsSilent,
    SignInRefused,
)

KNOWN_SECONDS = 600.0
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class OpenIdProvider:
    """One provider, configured by its issuer; what it publishes is kept for ten minutes."""

    code: str
    title: str
    issuer: str
    client_id: str
    client_secret: str
    scope: str = "openid profile"
    _known: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict, repr=False)

    def depart(self, *, return_url: str, now: datetime) -> Departure:
        """Return the address of the provider's page with a fresh state, nonce and verifier."""
        kept = {
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            "verifier": secrets.token_urlsafe(48),
        }
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": return_url,
            "scope": self.scope,
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": create_s256_code_challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        endpoint = self._discover()["authorization_endpoint"]
        return Departure(add_params_to_uri(endpoint, list(asked.items())), kept)

    def arrive(
        self,
        *,
        kept: Mapping[str, str],
        answer: Mapping[str, str],
        return_url: str,
        now: datetime,
    ) -> Claims:
        """Return who came back with the provider's code."""
        check_answer(kept, answer, issuer=self.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": return_url,
            "code_verifier": kept["verifier"],
        }
        auth = (self.client_id, self.client_secret)
        token = post_form(self._discover()["token_endpoint"], form=form, auth=auth)
        claims = self._read(str(token.get("id_token", "")), kept["nonce"], now)
        return Claims(
            provider=self.code,
            subject=str(claims["sub"]),
            name=str(claims.get("name", "")),
            snils=str(claims.get("snils", "")),
            birth_date=_day(claims.get("birthdate")),
            is_confirmed=bool(claims.get("trusted", False)),
        )

    def _read(self, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        """Read the token; a signature by a key not seen before asks for the keys once more."""
        check: dict[str, Any] = {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "now": now,
            "nonce": nonce,
        }
        try:
            claims = read_identity_token(token=token, keys=self._keys(), **check)
        except AnswerIsForged:
            self._known.pop(self._discover()["jwks_uri"], None)
            claims = read_identity_token(token=token, keys=self._keys(), **check)
        if not claims.get("sub"):
            raise AnswerIsForged
        return claims

    def _discover(self) -> dict[str, Any]:
        found = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer or not all(found.get(one) for one in ENDPOINTS):
            raise ProviderIsSilent
        return found

    def _keys(self) -> KeySet:
        try:
            return KeySet.import_key_set(self._get(self._discover()["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError) as error:
            raise ProviderIsSilent from error

    def _get(self, url: str) -> dict[str, Any]:
        at, found = self._known.get(url, (float("-inf"), {}))
        if time.monotonic() - at > KNOWN_SECONDS:
            found = get_json(url)
            self._known[url] = (time.monotonic(), found)
        return found


def check_answer(kept: Mapping[str, str], answer: Mapping[str, str], *, issuer: str) -> None:
    """Raise `AnswerIsForged` for an answer to somebody else's question, `SignInRefused`."""
    if not secrets.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
        raise AnswerIsForged
    if answer.get("iss", issuer) != issuer:
        raise AnswerIsForged
    if "code" not in answer:
        raise SignInRefused


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
