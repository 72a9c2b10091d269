"""Where the machine's own files live: everything under `.local/`, sockets where the path is short.

A Unix socket's whole path must fit in 107 bytes, so a repository deep in somebody's home keeps its
sockets in a private folder of the system instead.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from infra.local.errors import CannotStart

ROOT = Path(__file__).resolve().parents[2]
LOCAL = Path(os.environ.get("OKRUG_LOCAL") or ROOT / ".local")

LONGEST_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


def make_socket_directory(name: str, local: Path = LOCAL) -> Path:
    """Return an existing folder for sockets: private to this user, short enough for the kernel."""
    preferred = local / "run" / name
    if _fits(preferred):
        preferred.mkdir(parents=True, exist_ok=True)
        return preferred
    folder = _system_folder() / f"{_fingerprint(local)}-{name}"
    if not _fits(folder):
        raise CannotStart(f"Слишком длинный путь для сокета: {folder}. Задайте TMPDIR покороче.")
    _make_private(folder)
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + LONGEST_SOCKET_NAME < LONGEST_SOCKET_PATH


def _system_folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        return Path(runtime)
    return Path(tempfile.gettempdir())


def _fingerprint(local: Path) -> str:
    digest = hashlib.sha256(os.fsencode(local.resolve())).hexdigest()
    return f"okrug-{os.geteuid()}-{digest[:8]}"


def _make_private(folder: Path) -> None:
    """A guessable name in a shared folder: take it only if it is truly ours."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"Папка {folder} принадлежит другому пользователю: удалите её.")
    folder.chmod(0o700)
