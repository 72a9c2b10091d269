"""Is this container's process at work: `alive.py web`, or `alive.py FILE SECONDS` by a file's age.

Needs Python alone and ends with 0 or 1. The portal is asked as it would be by its proxy: under the
first of its names. Worker, beat and dispatcher touch a file as long as they work.
"""

import http.client
import os
import sys
import time
from pathlib import Path

PORT = 8000


def answers() -> bool:
    """Return whether the portal of this container answers."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", "/health/live", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_fresh(file: Path, seconds: float) -> bool:
    """Return whether the file was touched within so many seconds."""
    try:
        return time.time() - file.stat().st_mtime < seconds
    except FileNotFoundError:
        return False


def main(arguments: list[str]) -> int:
    """Return 0 when the process is at work."""
    if arguments == ["web"]:
        return 0 if answers() else 1
    file, seconds = arguments
    return 0 if is_fresh(Path(file), float(seconds)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
