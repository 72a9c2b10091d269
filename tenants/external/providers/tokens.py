"""Reading a provider's identity token: signature, issuer, audience, times, nonce."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tenants.external.rules import AnswerIsForged

# Keys of a pair only: with «HS256» anybody who knows the public key could sign.
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 60


def read_identity_token(
    *, token: str, keys: KeySet, issuer: str, client_id: str, now: datetime, nonce: str | None
) -> Mapping[str, Any]:
    """Return the claims of a token that was made for us, now; raise `AnswerIsForged`."""
    wanted: dict[str, jwt.ClaimsOption] = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        "exp": {"essential": True},
    }
    if nonce is not None:
        wanted["nonce"] = {"essential": True, "value": nonce}
    clock = int(now.timestamp())
    registry = jwt.JWTClaimsRegistry(now=clock, leeway=LEEWAY_SECONDS, **wanted)
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        registry.validate(decoded.claims)
    except (JoseError, ValueError) as error:
        raise AnswerIsForged from error
    azp = decoded.claims.get("azp")
    if azp is not None and azp != client_id:
        raise AnswerIsForged
    return decoded.claims
