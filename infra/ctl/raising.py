"""Bringing an installation up: roles and database, tables of the release, services, the portal."""

import time
from pathlib import Path

import psycopg

from infra.ctl import configuring, laying, product
from infra.ctl.configuring import Cluster
from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.ctl.services import Services
from infra.ctl.units import names_of
from infra.local.bootstrap import prepare_database
from infra.local.errors import CannotStart

DATABASE_SECONDS = 60
MANIFEST = "staticfiles.json"  # written last: with it the release's static files are whole


def bring_up(
    place: Place, release: Path, services: Services, cluster: Cluster | None, *, patience: float
) -> list[str]:
    """Prepare the database that has been started, start the portal; return what its ports say."""
    if cluster is not None:
        _prepare(cluster)
    migrate(place, release)
    print("Службы…")
    told = configuring.product_environment(place, admin=False)
    services.start(names_of(told)[1])
    ports = told["OKRUG_PORTS"].split()
    return [product.wait_until_ready(place, int(port), seconds=patience) for port in ports]


def migrate(place: Place, release: Path) -> None:
    """Bring the database and the static files to a release; safe while another one serves."""
    print("Таблицы округа и школ…")
    collect = [] if (release / "static" / MANIFEST).exists() else ["--static"]
    account = ["--account", product.ACCOUNT] if place.is_real else []
    product.run(place, release, "-m", "infra.ctl.migrating", *collect, *account, as_root=True)
    laying.publish_static(release, place)


def _prepare(cluster: Cluster) -> None:
    print("База данных…")
    _wait_for(cluster.superuser_dsn())
    try:
        prepare_database(cluster)
    except CannotStart as refusal:
        raise Refusal(refusal.sentence) from refusal
    except psycopg.Error as error:
        raise Refusal(f"База данных не подготовлена: {' '.join(str(error).split())}") from error


def _wait_for(dsn: str) -> None:
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                words = " ".join(str(error).split())
                raise Refusal(f"База данных не отвечает {DATABASE_SECONDS} с: {words}") from error
            time.sleep(0.2)
        else:
            return
