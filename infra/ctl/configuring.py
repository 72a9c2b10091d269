"""The variables an installation is given: secrets made here, addresses, the administrator's words.

Whatever stands in a file already is left as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from infra.ctl import envfile
from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.ctl.serve import PASSWORD
from infra.local.bootstrap import BACKUP, DATABASE, MIGRATOR, WEB
from infra.local.postgres import SUPERUSER
from infra.local.valkey import Valkey

HEADING = """# Настройки Округа. Что здесь стоит, okrugctl не меняет; чего не хватает, допишет.
# После изменений: okrugctl restart. Файл читает только root: в нём пароли.
"""
# In the night's window a copy of yesterday is old enough: 20 hours, not 24.
BASE_HOURS = "20"


@dataclass(frozen=True)
class Wishes:
    """What the administrator said at the install; empty means our own."""

    hosts: str
    ports: str
    listen: str
    superuser_url: str
    broker_url: str
    backup_places: str
    systemd: bool


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL as `prepare_database` wants it: the superuser's address, passwords by role."""

    superuser_url: str
    passwords: Mapping[str, str]

    def superuser_dsn(self, dbname: str = "postgres") -> str:
        """Return the superuser's address of a database."""
        return urlsplit(self.superuser_url)._replace(path=f"/{quote(dbname)}").geturl()

    def url(self, user: str, dbname: str) -> str:
        """Return the address of a role with its password."""
        parts = urlsplit(self.superuser_url)
        where = parts.netloc.rpartition("@")[2]
        entry = f"{quote(user)}:{quote(self.passwords[user])}@{where}"
        return parts._replace(netloc=entry, path=f"/{quote(dbname)}").geturl()


def configure(place: Place, wishes: Wishes) -> Cluster | None:
    """Fill the files of /etc/okrug up; return the cluster to prepare, `None` for one prepared.

    Raises `Refusal` when the first install lacks what only the administrator knows.
    """
    there = envfile.read(place.settings)
    if not wishes.hosts and "ALLOWED_HOSTS" not in there:
        raise Refusal("Укажите имя портала: okrugctl install --host journal.example.ru")
    cluster = _cluster(place, wishes, there)
    addresses = {} if cluster is None else _addresses(cluster)
    envfile.add_missing(place.admin, {k: v for k, v in addresses.items() if k != "DATABASE_URL"})
    hosts = wishes.hosts or there["ALLOWED_HOSTS"]
    wanted = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "PYTHONUNBUFFERED": "1",
        "ALLOWED_HOSTS": hosts,
        "OKRUG_URL": f"https://{hosts.split(',')[0]}",
        "OKRUG_LISTEN": wishes.listen,
        "OKRUG_PORTS": wishes.ports,
        "OKRUG_CONCURRENCY": "2",
        "OKRUG_RESIDENCY": str(place.etc / "residency.toml"),
        "OKRUG_FILES": str(place.state / "files"),
        "OKRUG_KEEPER": "systemd" if wishes.systemd else "own",
        "OKRUG_EMBEDDED": " ".join(_embedded(wishes)),
        "BROKER_URL": wishes.broker_url or Valkey(place.state / "valkey", place.run).broker_url,
        "SECRET_KEY": envfile.secret(),
        "OKRUG_IDENTITY_KEY": envfile.secret(),
    }
    if "DATABASE_URL" in addresses:
        wanted["DATABASE_URL"] = addresses["DATABASE_URL"]
    envfile.add_missing(place.settings, wanted, HEADING)
    if wishes.backup_places:
        own = place.database_state / "scratch"
        copies = {
            "OKRUG_BACKUP_PLACES": wishes.backup_places,
            "OKRUG_BACKUP_BASE_HOURS": BASE_HOURS,
            "OKRUG_BACKUP_SCRATCH": str(own if is_embedded(place) else place.scratch),
        }
        envfile.add_missing(place.backup, copies)
    return cluster


def product_environment(place: Place, *, admin: bool) -> dict[str, str]:
    """Return the variables of a process of the product; on demand the migrator's and of copies."""
    told = envfile.read(place.settings)
    return told | envfile.read(place.admin) | envfile.read(place.backup) if admin else told


def is_embedded(place: Place) -> bool:
    """Return whether the database is ours and not the machine's own."""
    return "postgres" in envfile.read(place.settings).get("OKRUG_EMBEDDED", "").split()


def places_of_copies(place: Place) -> list[str]:
    """Return the folders copies go to, none when nobody named them."""
    return list(filter(None, envfile.read(place.backup).get("OKRUG_BACKUP_PLACES", "").split(":")))


def _embedded(wishes: Wishes) -> list[str]:
    given = {"postgres": wishes.superuser_url, "valkey": wishes.broker_url}
    return [name for name, url in given.items() if not url]


def _cluster(place: Place, wishes: Wishes, there: Mapping[str, str]) -> Cluster | None:
    if wishes.superuser_url:
        superuser_url = wishes.superuser_url
    elif "DATABASE_URL" in there and not is_embedded(place):
        return None
    else:
        envfile.add_missing(place.database, {PASSWORD: envfile.secret()})
        return embedded_cluster(place, there)
    return Cluster(superuser_url, _passwords(place, there))


def embedded_cluster(place: Place, there: Mapping[str, str]) -> Cluster:
    """Return our own database, entered as its owner by the password in our file."""
    entry = f"{SUPERUSER}:{quote(envfile.read(place.database)[PASSWORD])}"
    host = quote(str(place.database_socket), safe="/")
    superuser_url = f"postgresql://{entry}@/postgres?host={host}"
    return Cluster(superuser_url, _passwords(place, there))


def _passwords(place: Place, there: Mapping[str, str]) -> dict[str, str]:
    """Return the roles' passwords: those of the addresses that are written, new ones else."""
    known = {**there, **envfile.read(place.admin)}
    return {
        role: urlsplit(known.get(name, "")).password or envfile.secret()
        for role, name in ((WEB, "DATABASE_URL"), *_ADMIN_ADDRESSES)
    }


_ADMIN_ADDRESSES = ((MIGRATOR, "DATABASE_ADMIN_URL"), (BACKUP, "OKRUG_BACKUP_URL"))


def _addresses(cluster: Cluster) -> dict[str, str]:
    return {
        name: cluster.url(role, DATABASE)
        for role, name in ((WEB, "DATABASE_URL"), *_ADMIN_ADDRESSES)
    }


def manifest_of(place: Place, given: Path | None) -> None:
    """Put the residency manifest into /etc/okrug unless one is there.

    Raises `Refusal` after leaving the template to be filled in.
    """
    manifest = place.etc / "residency.toml"
    template = Path(__file__).resolve().parents[1] / "residency" / "template.toml"
    if not manifest.exists():
        manifest.write_text((given or template).read_text(encoding="utf-8"), encoding="utf-8")
        manifest.chmod(0o644)
    if manifest.read_text(encoding="utf-8") == template.read_text(encoding="utf-8"):
        raise Refusal(
            f"Заполните манифест размещения {manifest}: где лежат данные школ, кто отвечает. "
            "Потом повторите ту же команду okrugctl install: сделанное не пропадёт."
        )
