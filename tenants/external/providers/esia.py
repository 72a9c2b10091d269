"""ЕСИА («Госуслуги»), a dialect of OpenID Connect of its own.

No discovery, no PKCE, no userinfo; `client_secret` is a signature of scope + timestamp + client_id
+ state, new for each request; the subject stands in `urn:esia:sbj`; a person's data are asked from
`/rs/prns/<oid>`. Source: law.md §4 with the methodical recommendations it names.
"""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from joserfc.jwk import KeySet

from tenants.external.providers.oidc import check_answer
from tenants.external.providers.signers import RequestSigner
from tenants.external.providers.tokens import read_identity_token
from tenants.external.providers.web import get_json, post_form
from tenants.external.rules import AnswerIsForged, Claims, Departure

SCOPE = "openid fullname birthdate snils"
SUBJECT, OID = "urn:esia:sbj", "urn:esia:sbj:oid"


@dataclass(frozen=True)
class EsiaProvider:
    """ЕСИА, the real one, its test contour, or a fake: `base` says which."""

    base: str
    client_id: str
    signer: RequestSigner
    keys: KeySet  # ЕСИА's own, given by its support
    issuer: str = "http://esia.gosuslugi.ru/"
    code: str = "esia"
    title: str = "Госуслуги"

    def depart(self, *, return_url: str, now: datetime) -> Departure:
        """Return the address of ЕСИА's page, signed for this moment."""
        kept = {"state": str(uuid.uuid4())}
        asked = self._signed(kept["state"], now) | {
            "redirect_uri": return_url,
            "response_type": "code",
            "access_type": "online",
        }
        return Departure(add_params_to_uri(f"{self.base}/aas/oauth2/ac", list(asked.items())), kept)

    def arrive(
        self,
        *,
        kept: Mapping[str, str],
        answer: Mapping[str, str],
        return_url: str,
        now: datetime,
    ) -> Claims:
        """Return who came back, with what ЕСИА keeps of them."""
        check_answer(kept, answer, issuer=self.issuer)
        form = self._signed(str(uuid.uuid4()), now) | {
            "code": answer["code"],
            "grant_type": "authorization_code",
            "redirect_uri": return_url,
            "token_type": "Bearer",
        }
        token = post_form(f"{self.base}/aas/oauth2/te", form=form, auth=None)
        claims = read_identity_token(
            token=str(token.get("id_token", "")),
            keys=self.keys,
            issuer=self.issuer,
            client_id=self.client_id,
            now=now,
            nonce=None,
        )
        oid = _oid_of(claims)
        person = get_json(f"{self.base}/rs/prns/{oid}", bearer=str(token.get("access_token", "")))
        names = (person.get(one) for one in ("lastName", "firstName", "middleName"))
        return Claims(
            provider=self.code,
            subject=oid,
            name=" ".join(str(one) for one in names if one),
            snils="".join(sign for sign in str(person.get("snils", "")) if sign.isdecimal()),
            birth_date=_day(person.get("birthDate")),
            is_confirmed=person.get("trusted") is True,
        )

    def _signed(self, state: str, now: datetime) -> dict[str, str]:
        """Return what both requests carry, under a signature of this moment."""
        timestamp = now.strftime("%Y.%m.%d %H:%M:%S %z")
        signature = self.signer.sign(f"{SCOPE}{timestamp}{self.client_id}{state}".encode())
        return {
            "client_id": self.client_id,
            "client_secret": base64.urlsafe_b64encode(signature).decode(),
            "scope": SCOPE,
            "timestamp": timestamp,
            "state": state,
        }


def _oid_of(claims: Mapping[str, Any]) -> str:
    subject = claims.get(SUBJECT)
    oid = str(subject.get(OID, "")) if isinstance(subject, dict) else ""
    if not (oid.isascii() and oid.isdigit()):
        raise AnswerIsForged
    return oid


def _day(text: object) -> date | None:
    try:
        day, month, year = (int(part) for part in str(text).split("."))
        return date(year, month, day)
    except ValueError:
        return None
