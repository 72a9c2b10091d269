"""`okrugctl install`, the part before the libraries: check, accounts, folders, release."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from infra.ctl.bundle import Bundle, lay_out, open_bundle, refuse_other_python
from infra.ctl.errors import Refusal
from infra.ctl.holding import hold
from infra.ctl.laying import make_accounts, make_folders
from infra.ctl.place import Place

NEEDED_BYTES = 2_000_000_000  # a release with its libraries takes 0.4 GB, and the next one beside


def run(asked: argparse.Namespace) -> int:
    """Lay the release out and go on as the release's own program; do not return."""
    place = Place(asked.root.resolve())
    _refuse_unclear_words(asked)
    _refuse_unfit_machine(place, without_systemd=asked.no_systemd)
    bundle = open_bundle(asked.bundle)
    refuse_other_python(bundle)
    hold(place)
    print(f"Комплект {bundle.version}: все файлы целы.")
    make_accounts(bundle.folder, place)
    make_folders(bundle.folder, place)
    return go_on(bundle, place, "settle-install")


def go_on(bundle: Bundle, place: Place, verb: str) -> int:
    """Lay the release out and become its `okrugctl`, with the same words."""
    print("Библиотеки и программа…")
    release = lay_out(bundle, place)
    words = sys.argv[sys.argv.index(verb.removeprefix("settle-")) + 1 :]
    python = str(release / "bin/python")
    os.execv(python, [python, "-m", "infra.ctl", verb, *words])  # noqa: S606


def _refuse_unclear_words(asked: argparse.Namespace) -> None:
    """What is written into /etc/okrug stays there, so it must be right the first time."""
    ports = asked.ports.split()
    if not ports or not all(one.isdecimal() and 0 < int(one) < 65_536 for one in ports):
        raise Refusal(f"--ports: нужны числа от 1 до 65535 через пробел, а не «{asked.ports}».")
    if len(set(ports)) < len(ports):
        raise Refusal("--ports: нужны разные порты.")
    if asked.residency is not None and not asked.residency.is_file():
        raise Refusal(f"Нет файла {asked.residency}: --residency указывает на манифест размещения.")
    places = [Path(one) for one in asked.backup_places.split(":") if one]
    if places and (len(set(places)) < 2 or not all(one.is_absolute() for one in places)):
        raise Refusal("--backup-places: нужны две папки через двоеточие, каждая от корня «/».")


def _refuse_unfit_machine(place: Place, *, without_systemd: bool) -> None:
    if place.is_real and not without_systemd and not Path("/run/systemd/system").exists():
        raise Refusal("На машине не работает systemd: добавьте --no-systemd или включите его.")
    refuse_without_rights_or_room(place)


def refuse_without_rights_or_room(place: Place) -> None:
    """Raise `Refusal` unless a release can be laid out here."""
    if place.is_real and os.geteuid() != 0:
        raise Refusal("Команда меняет машину: запустите от root (sudo ./okrugctl …).")
    place.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place.root).free
    if free < NEEDED_BYTES:
        raise Refusal(f"На диске свободно {free / 1e9:.1f} ГБ, нужно не меньше 2 ГБ.")
