"""Is the broker there: a connection that is opened and closed, with short patience."""

import socket
from urllib.parse import urlsplit

PATIENCE_SECONDS = 0.3


def look_at_broker(url: str) -> str:
    """Return «ok», «down», or «off» when the broker is no server of its own."""
    parts = urlsplit(url)
    if parts.scheme in {"", "memory"}:
        return "off"
    try:
        if parts.scheme.endswith("+socket"):
            with socket.socket(socket.AF_UNIX) as there:
                there.settimeout(PATIENCE_SECONDS)
                there.connect(parts.path)
        else:
            place = (parts.hostname or "localhost", parts.port or 6379)
            socket.create_connection(place, PATIENCE_SECONDS).close()
    except OSError:
        return "down"
    return "ok"
