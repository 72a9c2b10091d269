"""What an applicant keeps: a reference and a secret code, by which the status is asked.

Both are drawn from the key of the request, so that a form sent twice shows the same pair; only the
code's digest is kept.
"""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from kernel.codes import draw_code, group, read_code

REFERENCE_SIGNS = 8
CODE_SIGNS = 16  # 80 bits: nobody guesses it


def reference_of(key: UUID) -> str:
    """Return «4F7K-2M9D»: what the applicant names the complaint by before it has a number."""
    return _draw(key, "complaint reference", REFERENCE_SIGNS)


def code_of(key: UUID) -> str:
    """Return the secret code, in groups of four; shown once."""
    return _draw(key, "complaint code", CODE_SIGNS)


def digest_of(code: str) -> str:
    """Return the digest that is kept of a code, however it was typed."""
    return hashlib.sha256(read_code(code).encode()).hexdigest()


def clean_reference(typed: str) -> str:
    """Return a reference as it is kept."""
    return group(read_code(typed))


def fits(code: str, digest: str) -> bool:
    """Return whether a typed code is the one whose digest is kept."""
    return hmac.compare_digest(digest_of(code), digest)


def _draw(key: UUID, purpose: str, length: int) -> str:
    seed = f"{purpose} {key}".encode()
    return draw_code(hmac.digest(settings.SECRET_KEY.encode(), seed, "sha256"), length)
