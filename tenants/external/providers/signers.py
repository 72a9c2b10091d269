"""Signing a request to ЕСИА: a detached CMS over the text, by whatever holds the key.

ЕСИА accepts ГОСТ Р 34.10-2012 only, and certified means of signing stand outside Python: a
command (openssl with a ГОСТ engine, cryptcp) or a signing service beside us. The RSA signer is for
tests and for gateways that accept it. Source: law.md §4.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import Certificate

from foundation.transport.hosts import WayOutIsClosed
from foundation.transport.http import HTTPError, client
from tenants.external.rules import ProviderIsSilent

SECONDS = 10


class RequestSigner(Protocol):
    """Whatever holds the key of our information system."""

    def sign(self, text: bytes) -> bytes:
        """Return a detached CMS signature in DER. Raise `ProviderIsSilent`."""


@dataclass(frozen=True)
class CommandSigner:
    """A command that reads the text from its input and writes DER to its output."""

    command: Sequence[str]

    def sign(self, text: bytes) -> bytes:
        """Return what the command signed."""
        try:
            done = subprocess.run(  # noqa: S603 (the command stands in the operator's settings)
                list(self.command), input=text, capture_output=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ProviderIsSilent from error
        return done.stdout


@dataclass(frozen=True)
class SidecarSigner:
    """A signing service in our own network: posts the text, gets DER."""

    url: str

    def sign(self, text: bytes) -> bytes:
        """Return what the service signed."""
        try:
            with client("signer") as web:
                answer = web.post(self.url, content=text)
            answer.raise_for_status()
        except (WayOutIsClosed, HTTPError) as error:
            raise ProviderIsSilent from error
        return answer.content


@dataclass(frozen=True)
class RsaSigner:
    """A key in memory."""

    key: RSAPrivateKey
    certificate: Certificate

    def sign(self, text: bytes) -> bytes:
        """Return a detached CMS over the very bytes of the text."""
        options = [
            pkcs7.PKCS7Options.DetachedSignature,
            pkcs7.PKCS7Options.Binary,
            pkcs7.PKCS7Options.NoAttributes,
        ]
        builder = pkcs7.PKCS7SignatureBuilder().set_data(text)
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        return builder.sign(Encoding.DER, options)
