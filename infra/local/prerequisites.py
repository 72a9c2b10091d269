"""What the tests need beside the locks: Chromium; Firefox, PostgreSQL 15, Squid where apt has them.

As root on Debian or Ubuntu it is installed by apt; elsewhere Chromium comes from playwright, and
the other three are said to be untested. Nothing is skipped silently.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.local.errors import CannotStart
from infra.local.postgres import Postgres15

FONTS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
NO_SERVICES = Path("/usr/sbin/policy-rc.d")
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.d/okrug.conf")


def find_chromium() -> str | None:
    """Return the system's Chromium; `None` means playwright's own is to be used."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    return None


def find_firefox() -> str | None:
    """Return the system's Firefox, the second engine, or `None`."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def main() -> int:
    """Bring one prerequisite; return 0 when it is there or honestly named as absent."""
    needs = {
        "chromium": bring_chromium,
        "firefox": bring_firefox,
        "postgresql15": bring_postgresql15,
        "squid": bring_squid,
    }
    try:
        needs[sys.argv[1]]()
    except CannotStart as refusal:
        print(refusal.sentence)
        return 2
    return 0


def bring_chromium() -> None:
    """Make a browser and Cyrillic fonts available, or raise `CannotStart`."""
    if is_root_on(("debian", "ubuntu")):
        missing = [] if find_chromium() else ["chromium"]
        missing += [] if FONTS.exists() else ["fonts-dejavu-core"]
        if missing:
            _apt_install(*missing)
    if not find_chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not _browser_starts():
        raise CannotStart(
            "Нет браузера для тестов: установите chromium "
            "(apt-get install chromium fonts-dejavu-core) и повторите make test."
        )


def bring_firefox() -> None:
    """Install Firefox where apt works; elsewhere say that the second engine is not tested.

    Ubuntu's package is a snap, which no container can install: there Firefox comes by hand.
    """
    if find_firefox():
        return
    if not is_root_on(("debian",)) or _system().get("ID") == "ubuntu":
        print("Firefox: не проверялось (ставится только на Debian под root).")
        return
    try:
        _apt_install("firefox-esr")
    except CannotStart as refusal:
        print(f"Firefox: не проверялось. {refusal.sentence}")


def bring_postgresql15() -> None:
    """Install PostgreSQL 15 where the system has it; elsewhere say that it is not tested."""
    if Postgres15.is_installed():
        return
    if not is_root_on(("debian",)) or _system().get("VERSION_ID") != "12":
        print("PostgreSQL 15: не проверялось (ставится только на Debian 12 под root).")
        return
    with _no_server_of_the_systems_own():
        _apt_install("postgresql-15")
    if not Postgres15.is_installed():
        raise CannotStart("PostgreSQL 15 не установился: apt-get install postgresql-15.")


def bring_squid() -> None:
    """Install the egress proxy's program where apt works, and keep Debian from starting it."""
    if shutil.which("squid", path="/usr/sbin:/usr/bin"):
        return
    if not is_root_on(("debian",)):
        print("Прокси Squid: не проверялось (ставится только на Debian под root).")
        return
    with _no_services_started():
        _apt_install("squid")
    if shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "-q", "squid"], check=False)  # noqa: S607


@contextlib.contextmanager
def _no_services_started() -> Iterator[None]:
    """Say no to whatever a package would start; a machine that says so already is left alone."""
    if NO_SERVICES.exists():
        yield
        return
    NO_SERVICES.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    NO_SERVICES.chmod(0o755)
    try:
        yield
    finally:
        NO_SERVICES.unlink()


def is_root_on(systems: tuple[str, ...]) -> bool:
    """Return whether we are root on one of the named distributions or its child."""
    names = {_system().get("ID", ""), *_system().get("ID_LIKE", "").split()}
    return os.geteuid() == 0 and bool(names & set(systems)) and bool(shutil.which("apt-get"))


def _system() -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError):
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line)
        return {key: value.strip('"') for key, _, value in pairs}
    return {}


def _apt_install(*packages: str) -> None:
    print(f"Устанавливаю {', '.join(packages)}…", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
    steps = ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages])
    for step in steps:
        done = subprocess.run(  # noqa: S603
            step, check=False, env=environment, stdout=subprocess.DEVNULL
        )
        if done.returncode != 0:
            raise CannotStart(f"Не удалось: {' '.join(step)}.")


@contextlib.contextmanager
def _no_server_of_the_systems_own() -> Iterator[None]:
    """Keep Debian from starting a database server on port 5432 for a package we only test with."""
    CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    CLUSTER_SETTINGS.write_text("create_main_cluster = false\n", encoding="ascii")
    try:
        yield
    finally:
        CLUSTER_SETTINGS.unlink()


def _browser_starts() -> bool:
    script = (
        "from playwright.sync_api import sync_playwright as s\n"
        "from infra.local.prerequisites import find_chromium\n"
        "with s() as p:\n"
        "    p.chromium.launch(executable_path=find_chromium(), args=['--no-sandbox']).close()\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], check=False, stderr=subprocess.DEVNULL, timeout=120
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
