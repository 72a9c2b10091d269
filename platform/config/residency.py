"""No process starts with an address that the residency manifest does not name.

`list_uses` reads from settings and environment every address at which data are kept or sent;
`check_residency` compares them with the manifest. Source: PDP-002, 152-ФЗ ст. 18 ч. 5.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import database
from foundation.residency.addresses import LOCAL, Address, machine_of
from foundation.residency.manifest import TITLES, Kind, Manifest, ManifestIsWrong, read_manifest
from kernel.personal_data import CATEGORIES

MOUNTS = Path("/proc/mounts")
# What the product sends: a manifest that names less tells the auditor an untruth.
CARRIED = {
    **dict.fromkeys((Kind.DATABASE, Kind.REPLICA, Kind.BACKUP), frozenset(CATEGORIES)),
    Kind.FILES: frozenset({"document", "consent"}),
    Kind.MAIL: frozenset({"contact"}),
    Kind.SMS: frozenset({"contact"}),
    Kind.IDENTITY: frozenset({"identity", "name", "birth"}),
}
# Whom the product speaks to through `foundation.transport`.
SPOKEN_TO = (
    Kind.MAIL,
    Kind.SMS,
    Kind.MESSENGER,
    Kind.IDENTITY,
    Kind.ERRORS,
    Kind.EXCHANGE,
)
BROKERS = (
    "CELERY_BROKER_URL",
    "CELERY_BROKER_READ_URL",
    "CELERY_BROKER_WRITE_URL",
    "CELERY_RESULT_BACKEND",
)
IDENTITY = ("OKRUG_OIDC_ISSUER", "OKRUG_ESIA_BASE", "OKRUG_ESIA_SIGNER")
BACKUPS = "OKRUG_BACKUP_"
REMOTE_FOLDER = re.compile(r"(?:[^\s@/]+@)?([^\s@/:]+):/")  # rsync and scp
Environ = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """An address the settings name, what for, and which setting names it."""

    setting: str
    address: Address
    kinds: tuple[Kind, ...]  # any of them will do

    def __str__(self) -> str:
        return f"{self.setting} ({self.address})"


class ResidencyRefused(ImproperlyConfigured):
    """The product may not start like this; the text is one sentence for people."""


def begin() -> None:
    """Let a process start, or end it with one sentence: for the programs' first lines."""
    try:
        check_residency()
    except ImproperlyConfigured as refusal:
        sys.exit(f"Округ не запущен: {refusal}")


def check_residency() -> None:
    """Raise `ResidencyRefused` unless the manifest names everything the settings do."""
    try:
        manifest = read_manifest(settings.RESIDENCY_MANIFEST)
        troubles = list(find_troubles(manifest, list_uses(settings, os.environ)))
    except ManifestIsWrong as error:
        raise ResidencyRefused(f"{error}.") from error
    if troubles:
        raise ResidencyRefused(
            f"{'; '.join(troubles)} (манифест размещения {settings.RESIDENCY_MANIFEST})."
        )


def find_troubles(manifest: Manifest, uses: Iterable[Use]) -> Iterator[str]:
    """Yield what keeps the product from starting."""
    for use in uses:
        if not any(one.kind in use.kinds and one.covers(use.address) for one in manifest.stores):
            wanted = "» или «".join(use.kinds)
            yield f"{use} — этого узла нет среди записей вида «{wanted}»"
    for store in manifest.stores:
        missing = sorted(CARRIED.get(store.kind, frozenset()) - store.data)
        if missing:
            yield (
                f"запись «{TITLES[store.kind]}» обработчика «{store.processor.code}» не называет "
                f"данных, которые туда попадают: {', '.join(missing)}"
            )


def list_uses(given: Any, environ: Environ) -> list[Use]:
    """Return every address that the settings and the environment name."""
    try:
        return [
            *_databases(given, environ),
            *_brokers(given, environ),
            *_folders(given, environ),
            *_spoken_to(given, environ),
            Use("журнал процесса", Address(LOCAL), (Kind.LOGS,)),
        ]
    except ValueError as error:
        raise ManifestIsWrong(f"адрес в настройках не читается: {error}") from error


def list_ways_out(given: Any, environ: Environ) -> list[Address]:
    """Return the hosts outside this machine that the product speaks to, with their ports."""
    inside = ((Kind.PROXY,), (Kind.METRICS,))
    uses = [one for one in _spoken_to(given, environ) if one.kinds not in inside]
    found = {use.address for use in uses} - {Address(LOCAL)}
    named = {one.host for one in found if one.port is not None}
    bare = {one for one in found if one.port is None}  # a bare host is TLS's, see transport.hosts
    return sorted(
        (found - bare) | {Address(one.host, 443) for one in bare if one.host not in named}, key=str
    )


def _databases(given: Any, environ: Environ) -> Iterator[Use]:
    for alias, one in given.DATABASES.items():
        kind = Kind.DATABASE if alias in {"default", "admin"} else Kind.REPLICA
        yield from _database(f"база данных {alias}", one, kind, environ)


def _database(setting: str, one: Mapping[str, Any], kind: Kind, environ: Environ) -> Iterator[Use]:
    """Yield the servers as libpq finds them: it reads more than the address it is given."""
    options = one.get("OPTIONS", {})
    hosts = one.get("HOST") or options.get("host") or environ.get("PGHOST", "")
    numbers = options.get("hostaddr") or environ.get("PGHOSTADDR", "")
    service = options.get("service") or environ.get("PGSERVICE", "")
    ports = str(one.get("PORT") or environ.get("PGPORT") or 5432).split(",")
    addresses = [*str(hosts).split(","), *(numbers.split(",") if numbers else [])]
    for place, host in enumerate(addresses):
        bare = f"[{host}]" if ":" in host else host
        yield Use(setting, Address.of(bare, int(ports[place % len(ports)])), (kind,))
    if service:  # its address stands in a file that the settings do not show
        yield Use(setting, Address(f"service={service}"), (kind,))


def _brokers(given: Any, environ: Environ) -> Iterator[Use]:
    """Yield the broker's servers; Celery listens to the environment before the settings."""
    for name in BROKERS:
        for text in (getattr(given, name, ""), environ.get(name, "")):
            for url in (text or "").split(";"):
                if url and not url.startswith(("memory:", "redis+socket:", "unix:", "socket:")):
                    yield Use(name, Address.of(url), (Kind.BROKER,))
                elif url:
                    yield Use(name, Address(LOCAL), (Kind.BROKER,))


def _folders(given: Any, environ: Environ) -> Iterator[Use]:
    mounts = MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.exists() else ""

    def place(folder: Path) -> Address:
        return Address(machine_of(folder.resolve(), mounts))

    yield Use("OKRUG_FILES", place(Path(given.FILES_ROOT)), (Kind.FILES,))
    for name in sorted(one for one in environ if one.startswith(BACKUPS)):
        value = environ[name]
        for target in value.split(":") if value.startswith("/") else value.split():
            if target.startswith("/"):
                yield Use(name, place(Path(target)), (Kind.BACKUP,))
            elif target.startswith("postgresql://"):  # the base, as the copier reads it
                yield from _database(name, database(target), Kind.DATABASE, environ)
            elif "://" in target:
                yield Use(name, Address.of(target), (Kind.BACKUP,))
            elif remote := REMOTE_FOLDER.match(target):
                yield Use(name, Address.of(remote[1]), (Kind.BACKUP,))


def _spoken_to(given: Any, environ: Environ) -> Iterator[Use]:
    if given.EMAIL_HOST:
        address = Address.of(given.EMAIL_HOST, given.EMAIL_PORT)
        yield Use("OKRUG_SMTP_HOST", address, (Kind.MAIL,))
    if given.OKRUG_SMS_URL:
        yield Use("OKRUG_SMS_URL", Address.of(given.OKRUG_SMS_URL), (Kind.SMS,))
    if given.SENTRY_DSN:
        yield Use("OKRUG_SENTRY_DSN", Address.of(given.SENTRY_DSN), (Kind.ERRORS,))
    for name in IDENTITY:
        if environ.get(name, "").startswith(("http://", "https://")):
            yield Use(name, Address.of(environ[name]), (Kind.IDENTITY,))
    if given.PROBE_URL:  # the portal itself, as its own visitor reaches it
        yield Use("OKRUG_PROBE_URL", Address.of(given.PROBE_URL), (Kind.METRICS,))
    for entry in given.ALLOWED_HOSTS_OUT:
        if entry != given.PROBE_URL.removeprefix("https://"):
            yield Use("OKRUG_ALLOWED_OUT", Address.of(entry), SPOKEN_TO)
    if given.EGRESS_PROXY:
        yield Use("OKRUG_EGRESS_PROXY", Address.of(given.EGRESS_PROXY), (Kind.PROXY,))
