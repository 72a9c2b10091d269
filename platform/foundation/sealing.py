"""Sealing (шифрование) of what must not be readable in the database or its backup alone.

The key is derived from `IDENTITY_KEY`, one for each purpose; whoever changes that setting must
unseal everything first (docs/adr/0008-sealed-consents.md).
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealIsBroken(Exception):
    """What was sealed was changed, or the key is another one: a defect of the place, of nobody."""


def seal(text: str, *, purpose: str) -> bytes:
    """Return the text sealed; the same text is sealed differently each time."""
    return _box(purpose).encrypt(text.encode())


def unseal(sealed: bytes, *, purpose: str) -> str:
    """Return the text that was sealed for the purpose. Raise `SealIsBroken`."""
    try:
        return _box(purpose).decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise SealIsBroken(purpose) from error


def installation_mark() -> str:
    """Return a short name of the key that does not tell it: equal marks, equal seals."""
    derived = _derive("installation")
    return hashlib.sha256(derived).hexdigest()[:16]


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive(purpose)))


def _derive(purpose: str) -> bytes:
    function = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"okrug {purpose}".encode())
    return function.derive(settings.IDENTITY_KEY.encode())
