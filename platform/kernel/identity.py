"""Knowing a person again (опознание) by СНИЛС and birth date, neither of which is kept.

Source: law.md §4 (never by name alone); ACC-020 (one login for all children).
"""

import hmac
from datetime import date


def identity_digest(*, key: bytes, snils: str, birth_date: date) -> str:
    """Return the keyed digest by which a person is known again without keeping СНИЛС.

    `snils` is eleven digits; whatever else stands between them is left out.
    """
    digits = "".join(sign for sign in snils if sign.isdecimal())
    return hmac.new(key, f"{digits}|{birth_date.isoformat()}".encode(), "sha256").hexdigest()
