"""Digests (отпечатки) of what must be recognised and not be read: cookies, codes, networks.

Long random values take a plain SHA-256; short ones a keyed one, useless without the key.
"""

import hashlib
import hmac

from django.conf import settings


def plain_digest(secret: str) -> str:
    """Return the digest of a long random value."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def keyed_digest(purpose: str, value: str) -> str:
    """Return the digest of a value that could be guessed; one purpose tells nothing of another."""
    key = settings.IDENTITY_KEY.encode()
    text = f"{purpose}\0{value}".encode(errors="replace")
    return hmac.new(key, text, hashlib.sha256).hexdigest()
