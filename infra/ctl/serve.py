"""`python -m infra.ctl.serve postgres|valkey`: become the embedded server; what its unit starts.

Unlike the database of `make run` this one asks for a password: the portal's account can open the
socket, but not enter as the superuser.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.backup import wal
from infra.backup.places import BackupRefused, list_copies, read_places
from infra.backup.wal import archive_settings
from infra.ctl.place import Place
from infra.local.errors import CannotStart
from infra.local.postgres import Postgres
from infra.local.valkey import Valkey

PASSWORD = "OKRUG_DB_PASSWORD"  # noqa: S105 the variable's name


class GuardedPostgres(Postgres):
    """A cluster behind a socket open to the machine's accounts, entered by password."""

    def authentication(self) -> tuple[str, ...]:
        """Let everybody be asked for a password, the superuser's being in our file."""
        return ("--auth=scram-sha-256", f"--pwfile={self._password_file}")

    @property
    def _password_file(self) -> Path:
        return self.data.with_name(f"{self.data.name}.password")

    def _initialise_if_absent(self) -> None:
        """Make a cluster, but never an empty one in the place of one that was lost."""
        copies = find_copies(self.data, os.environ.get("OKRUG_BACKUP_PLACES", "").split(":"))
        if copies:
            raise CannotStart(
                f"Папки базы {self.data} нет, а в {copies} лежат её копии: okrugctl restore all."
            )
        password = os.environ.get(PASSWORD, "")
        if not password:
            raise CannotStart(f"Не задан пароль базы данных {PASSWORD} (/etc/okrug/database.env).")
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(password, encoding="ascii")
        try:
            super()._initialise_if_absent()
        finally:
            self._password_file.unlink()


def find_copies(data: Path, places: Sequence[str]) -> Path | None:
    """Return the newest copy of a base when there is no cluster in `data`, `None` otherwise."""
    if (data / "PG_VERSION").exists():
        return None
    found = []
    for place in filter(None, places):
        with contextlib.suppress(BackupRefused):
            found += list_copies(Path(place), "base")
    return max(found, key=lambda copy: copy.name, default=None)


def settings_of_unit() -> dict[str, str]:
    """Return what the unit's server is told: every account may come to the door, WAL is archived.

    Archived once there are places for it. Raises `BackupRefused` for places that are none.
    """
    told = {"unix_socket_permissions": "0777"}
    places = os.environ.get("OKRUG_BACKUP_PLACES", "")
    if not places:
        return told
    # Not this release's own path: the server outlives the release that started it.
    python = Place.of_this_release().current / "bin/python"
    archive = archive_settings(read_places(places))
    return told | archive | {"archive_command": f"{python} -m {wal.MODULE} put %p %f"}


def main(arguments: Sequence[str]) -> int:
    """Become the server; return 2 when that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m infra.ctl.serve", description=__doc__)
    parser.add_argument("server", choices=("postgres", "valkey"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True, help="папка сокета")
    asked = parser.parse_args(arguments)
    try:
        if asked.server == "postgres":
            GuardedPostgres(asked.data, asked.socket, settings=settings_of_unit()).become()
        Valkey(asked.data, asked.socket).become()
    except (CannotStart, BackupRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
