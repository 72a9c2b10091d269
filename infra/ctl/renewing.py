"""`okrugctl upgrade`, the new release's part: widen the database, switch, restart by turns.

Expand and contract: the new release only adds to the database, so the old one serves until the
last of its processes is replaced, and serves again if the new one does not come up.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from infra.ctl import configuring, laying
from infra.ctl.errors import CUT_SHORT, Refusal, reason_of
from infra.ctl.place import Place
from infra.ctl.product import READY_SECONDS, wait_until_ready
from infra.ctl.raising import migrate
from infra.ctl.services import Services, services_of
from infra.ctl.units import names_of

KEPT_RELEASES = 3


def run(asked: argparse.Namespace) -> int:
    """Replace the release at work by the one this program belongs to."""
    place, release = Place(asked.root.resolve()), Path(__file__).resolve().parents[3]
    before = place.release()
    assert before is not None  # the bundle's part has looked
    told = configuring.product_environment(place, admin=False)
    services = services_of(place, systemd=told["OKRUG_KEEPER"] == "systemd")
    laying.make_folders(release, place)
    migrate(place, release)
    begun: list[list[str]] = []
    try:
        laying.write_units(release, place)
        laying.switch(place, release)
        for turn in turns(names_of(told)[1]):
            begun.append(turn)
            renew(place, services, turn, patience=asked.patience)
    except CUT_SHORT as trouble:
        _go_back(place, before, services, begun)
        raise Refusal(
            f"{reason_of(trouble)}\n"
            f"Версия {release.name} не включена; снова работает {before.name}."
        ) from trouble
    for forgotten in forget_old_releases(place):
        print(f"Убрана прежняя версия {forgotten}.")
    print(f"Работает версия {release.name}.")
    return 0


def _go_back(place: Place, before: Path, services: Services, begun: Sequence[list[str]]) -> None:
    laying.write_units(before, place)
    laying.switch(place, before)
    for turn in begun:
        renew(place, services, turn, patience=READY_SECONDS)


def turns(names: Sequence[str]) -> list[list[str]]:
    """Return who is restarted together: the ports one by one, nobody waits at the others' doors."""
    ports = [name for name in names if "@" in name]
    return [*([port] for port in ports), [name for name in names if name not in ports]]


def renew(place: Place, services: Services, turn: list[str], *, patience: float) -> None:
    """Restart the processes of a turn and wait until they work: another port serves meanwhile.

    Raises `Refusal` when one does not come up.
    """
    print(f"{', '.join(turn)}…")
    services.restart(turn)
    for name in turn:
        _, is_portal, port = name.partition("@")
        if is_portal:
            wait_until_ready(place, int(port), seconds=patience)
        elif not services.active([name]):
            raise Refusal(f"Служба {name} не работает.")


def forget_old_releases(place: Place) -> list[str]:
    """Remove releases but the newest few and the one at work, and libraries nobody uses."""
    releases = sorted(
        (found for found in place.releases.iterdir() if not found.name.startswith(".")),
        key=lambda found: found.stat().st_mtime,
    )
    forgotten = [old for old in releases[:-KEPT_RELEASES] if old != place.release()]
    for old in forgotten:
        shutil.rmtree(old)
    used = {(found / "venv").resolve() for found in place.releases.iterdir()} | _at_work()
    for libraries in (place.opt / "venvs").iterdir():
        if not any(one == libraries or libraries in one.parents for one in used):
            shutil.rmtree(libraries)
    return [old.name for old in forgotten]


def _at_work() -> set[Path]:
    """Return the programs that run: an embedded server outlives the release that started it."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found.add(Path(os.readlink(folder / "exe")))
        except OSError:
            continue
    return found
