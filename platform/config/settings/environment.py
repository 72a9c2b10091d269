"""What the environment may say, read in one place; a missing variable gets one clear sentence."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """Return the variable, or raise `ImproperlyConfigured` with a sentence for people."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Не задана переменная окружения {name}.")
    return value


def database(url: str, **options: Any) -> dict[str, Any]:
    """Return Django's database settings from `postgresql://user:password@host:port/name?host=`.

    A `host` in the query is the folder of a Unix socket and wins over the one in the address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:
        raise ImproperlyConfigured("Адрес базы данных должен иметь вид postgresql://…/имя_базы.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "foundation.db.backend",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**query, **options.pop("OPTIONS", {})},
        **options,
    }
