"""A bare machine for the tests of `okrugctl`: a bundle, an installation under a prefix, visitors.

Nothing of this repository is in the environment of an okrugctl that is run here.
"""

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from infra.ctl import envfile
from infra.ctl.packing import pack, write_sums
from infra.ctl.place import Place
from infra.local.paths import ROOT
from tests.browser.stack import free_port

HOST = "okrug.test"
NEEDED_BYTES = 4_000_000_000
PATIENCE_SECONDS = 420  # of one command, on a machine that does six other things
SCHEMAS = {"sosh-1": "s1", "sosh-2": "s2"}  # the order they are opened in
ADD_CLASS = """
INSERT INTO people_schoolclass (start_year, level, letter, shift) VALUES (2026, 7, %s, 1)
"""
LIST_CLASSES = "SELECT letter FROM people_schoolclass ORDER BY letter"


@dataclass
class Site:
    """An installation under a prefix, and the folders of two bundles."""

    home: Path
    ports: tuple[int, int]
    root: Path = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.home / "r"

    @property
    def place(self) -> Place:
        return Place(self.root)

    @property
    def copies(self) -> tuple[Path, Path]:
        return self.home / "copies-a", self.home / "copies-b"

    @property
    def paper(self) -> Path:
        """A file of the first school, as the portal keeps it."""
        return self.place.state / "files" / "s1" / "paper.pdf"

    def bundle(self, version: str) -> Path:
        return self.home / f"okrug-{version}"

    def say(self, program: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an okrugctl; nothing of this repository is in its environment."""
        return subprocess.run(
            [str(program), *words],
            env={"PATH": os.environ["PATH"], "PYTHON": sys.executable, "LANG": "C.UTF-8"},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def install(self, *more: str, version: str = "0.1.0") -> subprocess.CompletedProcess[str]:
        return self.say(
            self.bundle(version) / "okrugctl",
            *("install", "--root", str(self.root), "--no-systemd", "--host", HOST),
            *("--ports", " ".join(map(str, self.ports))),
            *("--residency", str(ROOT / "infra/residency/local.toml")),
            *("--backup-places", ":".join(map(str, self.copies))),
            *more,
        )

    def ctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the installed okrugctl."""
        return self.say(self.place.current / "okrugctl", *words)

    def open_schools(self, *slugs: str) -> None:
        for slug in slugs:
            opened = self.ctl(
                *("manage", "open_school", slug, "--name", f"Школа {slug}"),
                *("--short-name", slug, "--administrator", "Орлова Вера Павловна"),
            )
            assert opened.returncode == 0, opened.stdout + opened.stderr

    def add_class(self, slug: str, letter: str) -> None:
        """Write what is recognised again, as the portal's role inside the school."""
        with self._school(slug) as connection:
            connection.execute(ADD_CLASS, [letter])

    def classes(self, slug: str) -> str:
        """Return the letters of the classes of a school."""
        with self._school(slug) as connection:
            return "".join(letter for (letter,) in connection.execute(LIST_CLASSES).fetchall())

    @contextlib.contextmanager
    def _school(self, slug: str) -> Iterator[psycopg.Connection]:
        url = envfile.read(self.place.settings)["DATABASE_URL"]
        with psycopg.connect(url) as connection:
            connection.execute(f"SET LOCAL ROLE okrug_{SCHEMAS[slug]}".encode())
            connection.execute(f"SET LOCAL search_path = {SCHEMAS[slug]}, ext".encode())
            yield connection

    def write_and_return(self) -> subprocess.CompletedProcess[str]:
        """Let both schools write, then bring the first back to before its last class."""
        self.add_class("sosh-1", "А")
        time.sleep(0.2)
        moment = datetime.now(UTC).isoformat()
        time.sleep(0.2)
        self.add_class("sosh-1", "Б")
        self.add_class("sosh-2", "Б")
        return self.ctl("restore", "school", "sosh-1", "--to", moment)

    def pids(self) -> dict[str, str]:
        """Return who runs, by unit."""
        return {
            file.stem: file.read_text(encoding="ascii").split()[0]
            for file in self.place.run.glob("*.pid")
        }


@dataclass
class Traffic:
    """Visitors behind a proxy that knows two ports: what nginx/okrug.conf does, and no more."""

    ports: tuple[int, int]
    answers: list[tuple[str, int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    turned: int = 0

    @contextlib.contextmanager
    def flowing(self) -> Iterator[None]:
        """Ask without pause until the block ends."""
        end = threading.Event()
        visitor = threading.Thread(target=self._flow, args=(end,))
        visitor.start()
        try:
            yield
        finally:
            end.set()
            visitor.join(60)

    def _flow(self, end: threading.Event) -> None:
        paths = ("/sign-in/", "/health/ready", "/health/live")
        turn = 0
        while not end.is_set():
            turn += 1
            path = paths[turn % len(paths)]
            try:
                self.answers.append((path, self.ask(path, turn % 2)))
            except (OSError, http.client.HTTPException) as failure:
                self.failures.append(f"{path}: {failure!r}")
            time.sleep(0.05)

    def ask(self, path: str, first: int) -> int:
        """Return the answer's code; the other port is asked only if nobody listens at the first."""
        try:
            return fetch(self.ports[first], path)[0]
        except ConnectionRefusedError:
            self.turned += 1
            return fetch(self.ports[1 - first], path)[0]


def fetch(port: int, path: str) -> tuple[int, str]:
    """Return the code and the body as a proxy with TLS would get them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


@contextlib.contextmanager
def unpacked_site() -> Iterator[Site]:
    """Yield a place for an installation and the bundle of this tree; leave nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="okrug-", dir=memory()))
    home.chmod(0o711)
    site = Site(home, (free_port(), free_port()))
    try:
        with tarfile.open(pack(version="0.1.0", to=home / "packed")) as tar:
            tar.extractall(home, filter="data")
        yield site
    finally:
        if site.pids():
            site.ctl("stop")
        shutil.rmtree(home, ignore_errors=True)


def memory() -> Path | None:
    """Return a disk in memory with room for two bundles and their installation, if there is one."""
    shared = Path("/dev/shm")
    has_room = shared.is_dir() and shutil.disk_usage(shared).free > NEEDED_BYTES
    return shared if has_room and os.access(shared, os.W_OK) else None


def derive(site: Site, version: str, changes: dict[str, bytes]) -> Path:
    """Return the first bundle under another version, with other files in the product's wheel."""
    derived = site.bundle(version)
    shutil.copytree(site.bundle("0.1.0"), derived, copy_function=os.link)
    [wheel] = (derived / "app").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    words = (derived / "VERSION").read_text(encoding="ascii").replace("0.1.0", version, 1)
    for file in (wheel, derived / "VERSION", derived / "SHA256SUMS"):
        file.unlink()  # a link: writing through it would change the first bundle
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, content in (files | changes).items():
            opened.writestr(name, content)
    (derived / "VERSION").write_text(words, encoding="ascii")
    write_sums(derived)
    return derived
