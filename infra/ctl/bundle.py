"""An unpacked bundle: checked against its sums, laid out as a release beside the others.

Standard library only: nothing of the release is there yet.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra.ctl.errors import Refusal
from infra.ctl.place import Place

SUMS = "SHA256SUMS"
# Resolves its own folder, so a process started before an upgrade never loads a line of the next.
LAUNCHER = """#!/bin/sh
here=$(cd -P "$(dirname "$0")/.." && pwd)
export PYTHONPATH="$here/app:$here/tools" PYTHONSAFEPATH=1 OKRUG_STATIC="$here/static"
exec "$here/venv/bin/python" "$@"
"""


@dataclass(frozen=True)
class Bundle:
    """A folder whose every file is the one that was packed."""

    folder: Path
    version: str
    python: str  # «3.11 linux-x86_64», as the wheels want it


def open_bundle(folder: Path) -> Bundle:
    """Return the bundle of a folder; raise `Refusal` when a file is missing, foreign or altered."""
    if not (folder / SUMS).exists():
        raise Refusal(f"В {folder} нет {SUMS}: распакуйте комплект целиком и запустите из него.")
    listed = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and file.name != SUMS
    }
    wrong = sorted(found ^ listed.keys()) or sorted(
        name for name, digest in listed.items() if _digest(folder / name) != digest
    )
    if wrong:
        raise Refusal(
            f"Комплект повреждён или изменён: {', '.join(wrong[:5])}. "
            "Скачайте его заново и сверьте SHA-256. Ничего не установлено."
        )
    version, built_for = (folder / "VERSION").read_text(encoding="ascii").splitlines()
    return Bundle(folder, version, built_for.removeprefix("python "))


def refuse_other_python(bundle: Bundle) -> None:
    """Raise `Refusal` unless the wheels are for the Python that runs this."""
    here = f"{sysconfig.get_python_version()} {sysconfig.get_platform()}"
    if here != bundle.python:
        wanted = bundle.python.split()[0]
        raise Refusal(
            f"Комплект собран для Python {bundle.python}, а этот — {here}. Установите "
            f"python{wanted} и повторите: PYTHON=python{wanted} ./okrugctl …"
        )


def lay_out(bundle: Bundle, place: Place) -> Path:
    """Return the release's folder, whole or not there at all; one that is there is left alone."""
    release = place.releases / bundle.version
    if release.exists():
        if (release / SUMS).read_bytes() != (bundle.folder / SUMS).read_bytes():
            raise Refusal(
                f"Версия {bundle.version} уже установлена, но из другого комплекта: "
                "новому комплекту нужен новый номер версии."
            )
        return release
    fresh = place.releases / f".{bundle.version}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "bin").mkdir(parents=True)
    for name in (SUMS, "VERSION", "requirements.txt", "okrugctl"):
        shutil.copy(bundle.folder / name, fresh / name)
    for name in ("tools", "docs"):
        shutil.copytree(bundle.folder / name, fresh / name)
    [wheel] = (bundle.folder / "app").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(fresh / "app")
    libraries = _lay_libraries(bundle, place)
    (fresh / "venv").symlink_to(os.path.relpath(libraries, fresh))
    launcher = fresh / "bin/python"
    launcher.write_text(LAUNCHER, encoding="ascii")
    launcher.chmod(0o755)
    fresh.rename(release)
    _compile(libraries, release / "app", release / "tools")
    return release


def _lay_libraries(bundle: Bundle, place: Place) -> Path:
    """Return the virtual environment of these very libraries: releases with equal ones share it."""
    wanted = (bundle.folder / "requirements.txt").read_bytes()
    key = hashlib.sha256(wanted + sys.version.encode()).hexdigest()[:16]
    libraries = place.opt / "venvs" / key
    if libraries.exists():
        return libraries
    fresh = libraries.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    # pip comes in the bundle: Debian's Python has none to give to a new environment.
    _run(sys.executable, "-m", "venv", "--without-pip", str(fresh))
    wheels = bundle.folder / "wheelhouse"
    [pip] = wheels.glob("pip-*.whl")
    python = fresh / "bin/python"
    _run(
        *(str(python), str(pip / "pip"), "install", "--isolated", "--quiet", "--no-compile"),
        *("--no-index", "--find-links", str(wheels), "--no-deps", "--require-hashes"),
        *("--disable-pip-version-check", "-r", str(bundle.folder / "requirements.txt")),
    )
    fresh.rename(libraries)
    _compile(libraries, libraries / "lib")
    return libraries


def _compile(libraries: Path, *folders: Path) -> None:
    """Compile: the portal's account may not write there. A template that is no Python is passed."""
    command = [libraries / "bin/python", "-m", "compileall", "-qq", "-j", "0", *folders]
    subprocess.run([*map(str, command)], check=False, stdout=subprocess.DEVNULL)  # noqa: S603


def _run(*command: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603
        command,
        env=environment | {"PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal(f"Библиотеки не установились:\n{done.stderr.strip()[-1500:]}")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
