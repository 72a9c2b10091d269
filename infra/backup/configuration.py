"""What the environment says of backups: places, addresses, schedule, how long copies are kept."""

import getpass
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from infra.backup.places import BackupRefused, read_places


@dataclass(frozen=True, slots=True)
class Configuration:
    """The variables OKRUG_BACKUP_*; what is not said has the value of the regulations.

    `url` is of the role `okrug_backup`, `admin_url` of the migrator; both empty on a machine where
    nothing runs yet.
    """

    places: tuple[Path, ...]
    url: str
    admin_url: str
    files: Path
    scratch: Path
    base_every: timedelta
    schools_every: timedelta
    keep: timedelta
    aside: timedelta
    made_by: str

    def require_url(self) -> str:
        """Return the address of the backup role; raise `BackupRefused`."""
        if not self.url:
            raise BackupRefused("Не задана OKRUG_BACKUP_URL: адрес базы под ролью okrug_backup.")
        return self.url

    def require_admin_url(self) -> str:
        """Return the migrator's address; raise `BackupRefused`."""
        if not self.admin_url:
            raise BackupRefused("Не задана DATABASE_ADMIN_URL: адрес базы под ролью миграций.")
        return self.admin_url


def read_configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Return the configuration; raise `BackupRefused` with one sentence."""
    given = environment.get
    return Configuration(
        places=tuple(read_places(given("OKRUG_BACKUP_PLACES", ""))),
        url=given("OKRUG_BACKUP_URL", ""),
        admin_url=given("DATABASE_ADMIN_URL", ""),
        files=Path(given("OKRUG_FILES", "")),
        scratch=Path(given("OKRUG_BACKUP_SCRATCH") or tempfile.gettempdir()),
        base_every=timedelta(hours=_number(environment, "OKRUG_BACKUP_BASE_HOURS", 24)),
        # Twice a week (ARC-015), a day earlier than the week's half.
        schools_every=timedelta(hours=_number(environment, "OKRUG_BACKUP_SCHOOLS_HOURS", 60)),
        keep=timedelta(days=_number(environment, "OKRUG_BACKUP_KEEP_DAYS", 35)),
        aside=timedelta(days=_number(environment, "OKRUG_BACKUP_ASIDE_DAYS", 30)),
        made_by=given("OKRUG_BACKUP_BY") or getpass.getuser(),
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or not 1 <= int(value) <= 10_000:
        raise BackupRefused(f"{name}={value}: нужно целое число от 1 до 10000.")
    return int(value)
