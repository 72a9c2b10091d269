"""`make bundle`: everything an air-gapped machine needs, in one reproducible tar.

    okrug-<version>/
        okrugctl  VERSION  SHA256SUMS
        app/        the product's own wheel
        wheelhouse/ its libraries, every hash in requirements.txt; pip itself
        tools/      infra: this program, the units, backup, residency
        docs/ru/    the guides

The libraries are wheels for the Python that builds the bundle (the file VERSION names it). What
the lock brings as source is built here, so the bundle has a list of hashes of its own.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from pathlib import Path

from infra.local.paths import LOCAL, ROOT

BUILT_WITH = ROOT / "requirements-build.txt"
WHEELS = LOCAL / "wheelhouse"
PRODUCT = ("platform", "tenants", "services", "api", "pyproject.toml", "README.md")
GUIDES = ("docs/ru", "CHANGELOG.md", "UPGRADING.md")
PIP = re.compile(r"^pip==.*\n(?:    --hash=.*\n)+", re.MULTILINE)
MICRO = re.compile(r" ; python_full_version < '(\d+\.\d+)\.\d+'(?= \\\n)")
VERSION_LINE = re.compile(r'^version = "(.*)"$', re.MULTILINE)


def main() -> int:
    """Build, print where it lies."""
    parser = argparse.ArgumentParser(prog="python -m infra.ctl.packing", description=__doc__)
    parser.add_argument("--version", default=project_version(), help="по умолчанию из pyproject")
    parser.add_argument("--to", type=Path, default=LOCAL / "bundle")
    parser.add_argument("--only-wheels", action="store_true", help="только принести библиотеки")
    asked = parser.parse_args()
    if asked.only_wheels:
        wheelhouse(WHEELS)
        return 0
    bundle = pack(version=asked.version, to=asked.to)
    print(f"{bundle}\nSHA-256 {_digest(bundle)}")
    return 0


def pack(*, version: str, to: Path) -> Path:
    """Return the bundle of the files git knows, as they lie now, under the given version."""
    libraries = wheelhouse(WHEELS)
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to) as work:
        folder = Path(work) / f"okrug-{version}"
        folder.mkdir()
        shutil.copytree(libraries, folder / "wheelhouse")
        (folder / "requirements.txt").write_text(_hash_list(libraries), encoding="ascii")
        _build_product(version, folder / "app", Path(work))
        _copy_known(("infra",), folder / "tools")
        _copy_known(GUIDES, folder)
        shutil.copy(folder / "tools/infra/ctl/okrugctl.sh", folder / "okrugctl")
        (folder / "okrugctl").chmod(0o755)
        words = f"{version}\npython {sysconfig.get_python_version()} {sysconfig.get_platform()}\n"
        (folder / "VERSION").write_text(words, encoding="ascii")
        write_sums(folder)
        return _archive(folder, to / f"okrug-{version}.tar")


def project_version() -> str:
    """Return the version pyproject.toml states."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(stated["project"]["version"])


def wheelhouse(cache: Path) -> Path:
    """Return the folder of wheels of the lock and pip, kept until the lock or Python changes."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pip = PIP.search((ROOT / "requirements-dev.lock").read_text(encoding="utf-8"))
    assert pip is not None
    wanted = f"{for_every_micro(lock, sysconfig.get_python_version())}\n{pip.group()}"
    built_with = BUILT_WITH.read_text(encoding="utf-8")
    key = hashlib.sha256(f"{wanted}{built_with}{sys.version}".encode()).hexdigest()[:16]
    folder = cache / key
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        fresh = Path(work) / "wheels"
        listed = Path(work) / "lock.txt"
        listed.write_text(wanted, encoding="utf-8")
        _pip("download", "--require-hashes", "-r", str(listed), "-d", str(fresh))
        for source in fresh.glob("*.tar.gz"):  # its hash was checked a moment ago
            _pip("wheel", str(source), "-w", str(fresh))
            source.unlink()
        fresh.rename(folder)
    return folder


def for_every_micro(lock: str, python: str) -> str:
    """Return the lock with what some micro version of this Python wants taken without condition.

    The bundle is for 3.11, not for the 3.11.7 that packs it: Debian 12 has 3.11.2.
    """
    return MICRO.sub(lambda found: "" if found[1] == python else found[0], lock)


def _build_product(version: str, to: Path, work: Path) -> None:
    source = work / "source"
    _copy_known(PRODUCT, source)
    project = source / "pyproject.toml"
    stated = project.read_text(encoding="utf-8")
    project.write_text(VERSION_LINE.sub(f'version = "{version}"', stated), encoding="utf-8")
    _pip("wheel", "--no-build-isolation", str(source), "-w", str(to))


def _pip(verb: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", verb, "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-input", *arguments]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(_moment())}
    if "--no-build-isolation" not in arguments:  # what pip has nothing to build in, it refuses
        environment |= {"PIP_CONSTRAINT": str(BUILT_WITH), "PIP_BUILD_CONSTRAINT": str(BUILT_WITH)}
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"pip {verb}: {done.stderr[-2000:]}")


def _copy_known(names: tuple[str, ...], to: Path) -> None:
    """Copy the files of git's index, and nothing a person left beside them."""
    listed = subprocess.run(  # noqa: S603
        ["git", "ls-files", "-z", "--", *names],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)


def _hash_list(wheels: Path) -> str:
    lines = []
    for wheel in sorted(wheels.glob("*.whl")):
        name, version = wheel.name.split("-")[:2]
        if name != "pip":
            lines.append(f"{name}=={version} --hash=sha256:{_digest(wheel)}\n")
    return "".join(lines)


def write_sums(folder: Path) -> None:
    files = sorted(found for found in folder.rglob("*") if found.is_file())
    lines = [f"{_digest(file)}  {file.relative_to(folder)}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _archive(folder: Path, tar: Path) -> Path:
    """Write the folder with sorted names, no owners and one time for all."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = _moment()
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    fresh = tar.with_suffix(".new")
    with tarfile.open(fresh, "w", format=tarfile.PAX_FORMAT) as opened:
        for file in [folder, *sorted(folder.rglob("*"))]:
            name = str(file.relative_to(folder.parent))
            opened.add(file, arcname=name, recursive=False, filter=plain)
    fresh.replace(tar)
    return tar


def _moment() -> int:
    """Return the time of the last commit: the only one a bundle bears."""
    asked = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout)  # noqa: S603


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
