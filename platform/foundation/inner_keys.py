"""Keys of requests that one part of the house makes to another, the same each time it is told.

Drawn with the house's secret: who knows how they are named can still neither take such a key before
the house does, and so swallow what was to come, nor open with it what came.
"""

import hmac
from uuid import UUID

from django.conf import settings


def inner_key(name: str) -> UUID:
    """Return the key of a request known by its name inside the house."""
    seed = f"okrug inner key {name}".encode()
    return UUID(bytes=hmac.digest(settings.SECRET_KEY.encode(), seed, "sha256")[:16], version=4)
