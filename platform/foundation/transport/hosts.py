"""Which hosts the product may speak to: `settings.ALLOWED_HOSTS_OUT`, from OKRUG_ALLOWED_OUT.

An entry is `host` or `host:port`, exact, without wildcards, over TLS; `http://host:port` allows a
plain connection to a neighbour of the same machine or network. Empty: nothing goes out.
"""

from urllib.parse import urlsplit

from django.conf import settings

from kernel.errors import DomainError

PORTS = {"https": 443, "http": 80, "smtp": 25}


class WayOutIsClosed(DomainError):
    """The host is not listed."""

    code = "way-out-is-closed"
    message = "Связь с внешней системой не настроена."


def check_host(*, scheme: str, host: str, port: int | None = None) -> None:
    """Raise `WayOutIsClosed` unless this host may be spoken to in this way."""
    asked = (scheme, host.rstrip(".").lower(), port or PORTS.get(scheme, 0))
    if not host or not any(_fits(entry, *asked) for entry in settings.ALLOWED_HOSTS_OUT):
        raise WayOutIsClosed(scheme=scheme, host=host)


def _fits(entry: str, scheme: str, host: str, port: int) -> bool:
    is_plain = entry.startswith("http://")
    parts = urlsplit(entry if is_plain else f"//{entry}")
    if (parts.hostname or "") != host or is_plain != (scheme == "http"):
        return False
    if parts.port is not None:
        return parts.port == port
    return scheme == "smtp" or port == PORTS[scheme]
