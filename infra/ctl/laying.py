"""The machine around a release: accounts, folders, unit files, static files, the `current` link."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.ctl.errors import Refusal
from infra.ctl.place import Place

SOURCE = Path("tools/infra/systemd")
WRITERS_OF_COPIES = ("okrug-backup", "okrug-postgres")
MACHINES_SERVER = "postgres"  # the account of PostgreSQL in every distribution we know
MACHINES_ACCOUNT = """[Service]
User={account}
Group={account}
SupplementaryGroups=okrug
WorkingDirectory=/
ReadWritePaths=-{scratch}
"""


def make_accounts(bundle: Path, place: Place) -> None:
    """Make the two system accounts; under a prefix everything belongs to whoever installs."""
    if not place.is_real:
        return
    kept = Path("/etc/sysusers.d/okrug.conf")
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(bundle / SOURCE / "sysusers.conf", kept)
    if shutil.which("systemd-sysusers"):
        _run("systemd-sysusers", str(kept))
        return
    for account in ("okrug", "okrug-db"):
        try:
            pwd.getpwnam(account)
        except KeyError:
            _run("useradd", "--system", "--home-dir", f"/var/lib/{account}", account)
    _run("usermod", "--append", "--groups", "okrug", "okrug-db")


def make_folders(bundle: Path, place: Place) -> None:
    """Make the folders of tmpfiles.conf as systemd-tmpfiles would at boot."""
    for line in (bundle / SOURCE / "tmpfiles.conf").read_text(encoding="utf-8").splitlines():
        _, name, mode, owner, group, _ = line.split()
        folder = Path(place.moved(name))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(int(mode, 8))
        if place.is_real:
            shutil.chown(folder, owner, group)


def write_units(release: Path, place: Place) -> None:
    """Put the release's unit files in place, the paths inside moved under the prefix."""
    source = release / SOURCE
    targets = {
        **{file: place.units / file.name for file in source.glob("okrug*.service")},
        **{file: place.units / file.name for file in source.glob("okrug*.timer")},
        source / "okrug.target": place.units / "okrug.target",
        source / "tmpfiles.conf": place.root / "etc/tmpfiles.d/okrug.conf",
        source / "journald@okrug.conf": place.root / "etc/systemd/journald@okrug.conf",
    }
    for file in source.glob("okrug*.service.d/*.conf"):
        targets[file] = place.units / file.parent.name / file.name
    for file, target in targets.items():
        text = place.moved(file.read_text(encoding="utf-8"))
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(target)  # on a full disk no half of a unit stays


def let_copies_out(place: Place, places: Sequence[str], *, embedded: bool) -> None:
    """Open the folders of copies to the two services that write there, and to no other.

    Beside the machine's own database the copies are made by that server's account.
    """
    paths = " ".join(f"-{folder}" for folder in places)
    for name in WRITERS_OF_COPIES:
        target = place.units / f"{name}.service.d" / "20-places.conf"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"[Service]\nReadWritePaths={paths}\n", encoding="utf-8")
    if embedded:
        return
    account = MACHINES_ACCOUNT.format(account=MACHINES_SERVER, scratch=place.scratch)
    (place.units / "okrug-backup.service.d" / "30-account.conf").write_text(
        account, encoding="utf-8"
    )
    place.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.is_real:
        _refuse_without_account()
        shutil.chown(place.scratch, MACHINES_SERVER, MACHINES_SERVER)


def _refuse_without_account() -> None:
    try:
        pwd.getpwnam(MACHINES_SERVER)
    except KeyError:
        raise Refusal(
            f"На машине нет пользователя {MACHINES_SERVER}: копии делают там, где работает "
            "PostgreSQL. Уберите --backup-places и копируйте на той машине (docs/ru/backup.md)."
        ) from None


def publish_static(release: Path, place: Place) -> None:
    """Add the release's static files to those of all releases, which the proxy serves.

    Names change with content, so a page of the old release finds its files after the switch, and
    a page of the new one before it.
    """
    shutil.copytree(release / "static", place.static, dirs_exist_ok=True)


def switch(place: Place, release: Path) -> None:
    """Point `current` at a release, in one step."""
    fresh = place.opt / ".current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(release, place.opt))
    fresh.replace(place.current)
    program = place.root / "usr/local/bin/okrugctl"
    if not program.is_symlink():
        program.parent.mkdir(parents=True, exist_ok=True)
        program.symlink_to(place.current / "okrugctl")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Refusal(f"{command[0]}: {done.stderr.strip()}")
