"""The management commands of a start, in one process: Django is loaded once, not six times.

Talks to `infra.local.run` over standard output: a line that begins with MARK names the next step,
any other line is a command's own word about its progress.
"""

import fcntl
import hashlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from infra.local.progress import MARK


def main() -> None:
    """Run every step; a command nobody has written yet is named and passed over."""
    accounts = Path(sys.argv[1])
    django.setup()
    steps: list[tuple[str, Callable[[], None]]] = [
        ("Таблицы округа", lambda: _call("migrate_public")),
        ("Роли в базе данных", lambda: _call("sync_roles")),
        ("Таблицы школ", lambda: _call("migrate_schools")),
        ("Демонстрационный округ", lambda: _call("load_demo")),
        ("Стили и скрипты", collect_static),
        ("Входы для знакомства", lambda: _write_accounts(accounts)),
    ]
    for title, step in steps:
        print(f"{MARK}{title}", flush=True)
        step()


def _call(name: str) -> None:
    if name not in get_commands():
        print(f"команды {name} ещё нет")
        return
    call_command(name)


def _write_accounts(file: Path) -> None:
    file.unlink(missing_ok=True)
    if "demo_accounts" not in get_commands():
        print("команды demo_accounts ещё нет")
        return
    answer = io.StringIO()
    call_command("demo_accounts", "--json", stdout=answer)
    file.write_text(answer.getvalue(), encoding="utf-8")


def collect_static() -> None:
    """Collect only when a source file changed: compressing all of them takes seconds.

    Who asks meanwhile waits: two at one folder take each other's files away.
    """
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_suffix(".lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        fingerprint = _fingerprint_of_sources()
        if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
        stamp.write_text(fingerprint, encoding="ascii")


def _fingerprint_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
