"""`okrugctl install`, the part that needs the libraries: settings, database, services.

Every step leaves alone what it finds done, so a second install changes nothing, and one that was
refused goes on where it stopped.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from infra.ctl import configuring, laying, restoring
from infra.ctl.configuring import Wishes, configure, manifest_of
from infra.ctl.copies import copy, hand_over_places, take_over_places
from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.ctl.raising import bring_up
from infra.ctl.services import services_of
from infra.ctl.units import names_of


def run(asked: argparse.Namespace) -> int:
    """Settle the release this program belongs to."""
    place, release = Place(asked.root.resolve()), Path(__file__).resolve().parents[3]
    _refuse_another_release(place, release)
    if asked.from_copies:
        restoring.refuse_without_settings(place)
    cluster = configure(
        place,
        Wishes(
            hosts=asked.host,
            ports=asked.ports,
            listen=asked.listen,
            superuser_url=asked.database_admin_url,
            broker_url=asked.broker_url,
            backup_places=asked.backup_places,
            systemd=place.is_real and not asked.no_systemd,
        ),
    )
    manifest_of(place, asked.residency)
    laying.write_units(release, place)
    laying.switch(place, release)
    told = configuring.product_environment(place, admin=False)
    copies = configuring.places_of_copies(place)
    if copies:
        laying.let_copies_out(place, copies, embedded=configuring.is_embedded(place))
    if asked.from_copies:
        take_over_places(place, copies)
        return restoring.restore_district(place, release)
    prepare_places(place, copies)
    restoring.refuse_beginning_anew(place)
    services = services_of(place, systemd=told["OKRUG_KEEPER"] == "systemd")
    services.start(names_of(told)[0])
    statuses = bring_up(place, release, services, cluster, patience=asked.patience)
    _welcome(told["OKRUG_URL"], told["OKRUG_PORTS"].split(), statuses)
    return 0


def prepare_places(place: Place, folders: Sequence[str]) -> None:
    """Make and prepare the folders of copies that are not there yet.

    Raises `Refusal`, the new folders removed: a second install would take them for somebody's.
    """
    new = hand_over_places(place, folders)
    if new and copy(place, "init") != 0:
        for folder in new:
            shutil.rmtree(folder, ignore_errors=True)
        raise Refusal("Места копий не готовы: причина — в строках выше.")


def _refuse_another_release(place: Place, release: Path) -> None:
    now = place.release()
    if now is not None and now != release:
        raise Refusal(f"Уже работает версия {now.name}: для новой версии есть okrugctl upgrade.")


def _welcome(url: str, ports: Sequence[str], statuses: Sequence[str]) -> None:
    print(f"\nПортал работает за прокси: порты {', '.join(ports)}; адрес для людей — {url}/")
    if "empty" in statuses:
        print(
            "Школ пока нет. Дальше: okrugctl manage name_district … и okrugctl manage open_school "
            "… (docs/ru/install-bare-metal.md, шаг 5)."
        )
    print("Проверить сервер: okrugctl doctor.")
