"""Factories of providers that read the operator's environment."""

import os
import shlex
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey

from tenants.external.providers.esia import EsiaProvider
from tenants.external.providers.oidc import OpenIdProvider
from tenants.external.providers.signers import CommandSigner, RequestSigner, SidecarSigner


def openid() -> OpenIdProvider:
    """Return the provider of OKRUG_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _TITLE."""
    return OpenIdProvider(
        code="oidc",
        title=os.environ.get("OKRUG_OIDC_TITLE", "Региональный вход"),
        issuer=os.environ["OKRUG_OIDC_ISSUER"],
        client_id=os.environ["OKRUG_OIDC_CLIENT_ID"],
        client_secret=os.environ["OKRUG_OIDC_CLIENT_SECRET"],
    )


def esia() -> EsiaProvider:
    """Return ЕСИА of OKRUG_ESIA_BASE, _CLIENT_ID, _KEY (its PEM file), _SIGNER."""
    key = RSAKey.import_key(Path(os.environ["OKRUG_ESIA_KEY"]).read_bytes())
    return EsiaProvider(
        base=os.environ["OKRUG_ESIA_BASE"].rstrip("/"),
        client_id=os.environ["OKRUG_ESIA_CLIENT_ID"],
        signer=_signer(os.environ["OKRUG_ESIA_SIGNER"]),
        keys=KeySet([key]),
    )


def _signer(how: str) -> RequestSigner:
    """Return a service for an address, a command for anything else."""
    is_address = how.startswith(("http://", "https://"))
    return SidecarSigner(how) if is_address else CommandSigner(shlex.split(how))
