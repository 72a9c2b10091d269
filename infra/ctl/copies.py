"""`okrugctl backup`: the programs of `infra.backup`, as whoever keeps the copies.

What is run is the line of the unit okrug-backup, so the nightly timer and a hand do the same.
"""

import argparse
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.ctl.configuring import places_of_copies
from infra.ctl.place import Place
from infra.ctl.units import read_unit
from infra.local.interrupting import run_to_end

UNIT = "okrug-backup"


def run(asked: argparse.Namespace) -> int:
    """Make copies; without a word all kinds of them, now."""
    place = Place.of_this_release()
    if asked.words[:1] == ["init"]:
        hand_over_places(place, places_of_copies(place))
    return copy(place, *(asked.words or ["now"]))


def hand_over_places(place: Place, folders: Sequence[str]) -> list[Path]:
    """Give new folders of copies to the account that writes there; return those that were new.

    A folder that is there already is somebody's decision, or a disk: it is left as it is.
    """
    new = [Path(folder) for folder in folders if not Path(folder).exists()]
    for folder in new:
        folder.mkdir(parents=True)
        if place.is_real:
            account = read_unit(place.units, UNIT).user
            shutil.chown(folder, account, account)
    return new


def take_over_places(place: Place, folders: Sequence[str]) -> None:
    """Give the copies of a lost server to the account of this one: its number may be another."""
    if not place.is_real:
        return
    account = read_unit(place.units, UNIT).user
    for folder in map(Path, folders):
        if folder.exists() and folder.stat().st_uid != pwd.getpwnam(account).pw_uid:
            for found in (folder, *folder.rglob("*")):
                shutil.chown(found, account, account)


def copy(place: Place, *words: str, as_root: bool = False) -> int:
    """Run a verb of `infra.backup`; return its code."""
    return _run(place, words, quietly=False, as_root=as_root).returncode


def ask(place: Place, *words: str) -> tuple[int, str]:
    """Run a verb of `infra.backup`; return its code and all it said."""
    done = _run(place, words, quietly=True)
    return done.returncode, f"{done.stdout}{done.stderr}"


def _run(
    place: Place, words: Sequence[str], *, quietly: bool, as_root: bool = False
) -> "subprocess.CompletedProcess[str]":
    """Run with the unit's program, variables, account and one capability: to read every file."""
    unit = read_unit(place.units, UNIT)
    only = "=-all,+dac_read_search"
    become = [
        *("setpriv", f"--reuid={unit.user}", f"--regid={unit.user}", "--groups=okrug"),
        *(f"--inh-caps{only}", f"--ambient-caps{only}", f"--bounding-set{only}"),
    ]
    heard = subprocess.PIPE if quietly else None
    return run_to_end(
        [*(become if place.is_real and not as_root else []), *unit.command[:-1], *words],
        stdout=heard,
        stderr=heard,
        cwd=unit.folder,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", **unit.environment},
    )
