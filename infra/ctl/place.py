"""Where everything of an installation lies; a prefix moves all of it, for a try or a test."""

import re
from dataclasses import dataclass
from pathlib import Path

from infra.ctl.errors import Refusal

HOMES = re.compile(r"(?<![\w/])/(?=(?:opt|etc|run|var/lib)/okrug\b)")


@dataclass(frozen=True)
class Place:
    """The folders of an installation under `root` (`/` on a real machine)."""

    root: Path = Path("/")

    @classmethod
    def of_this_release(cls) -> "Place":
        """Return the place whose installed release runs this; raise `Refusal` in any other."""
        folders = Path(__file__).resolve().parents
        if len(folders) < 8 or folders[4].name != "releases":
            raise Refusal("Округ не установлен: сначала okrugctl install из папки комплекта.")
        return cls(folders[7])

    @property
    def is_real(self) -> bool:
        """Whether this is the machine itself: then users are made and systemd is spoken to."""
        return self.root == Path("/")

    @property
    def opt(self) -> Path:
        return self.root / "opt/okrug"

    @property
    def releases(self) -> Path:
        return self.opt / "releases"

    @property
    def current(self) -> Path:
        """The symlink to the release at work."""
        return self.opt / "current"

    @property
    def static(self) -> Path:
        """Static files of every release that was here: the proxy serves them."""
        return self.opt / "static"

    @property
    def etc(self) -> Path:
        return self.root / "etc/okrug"

    @property
    def settings(self) -> Path:
        """What the product's processes are told."""
        return self.etc / "okrug.env"

    @property
    def admin(self) -> Path:
        """The migrator's address: for migrations and opening schools, not for the processes."""
        return self.etc / "admin.env"

    @property
    def backup(self) -> Path:
        """Where copies go and how often, for the copies and for the database's archive."""
        return self.etc / "backup.env"

    @property
    def database(self) -> Path:
        """The superuser's password of the embedded database."""
        return self.etc / "database.env"

    @property
    def state(self) -> Path:
        return self.root / "var/lib/okrug"

    @property
    def database_state(self) -> Path:
        return self.root / "var/lib/okrug-db"

    @property
    def scratch(self) -> Path:
        """Where copies are unfolded when the database is the machine's own."""
        return self.root / "var/lib/okrug-scratch"

    @property
    def run(self) -> Path:
        return self.root / "run/okrug"

    @property
    def database_socket(self) -> Path:
        return self.root / "run/okrug-db"

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    @property
    def logs(self) -> Path:
        """Logs without systemd; with it they are in the journal."""
        return self.state / "log"

    def release(self) -> Path | None:
        """Return the folder of the release at work, by its real name."""
        return self.current.resolve() if self.current.exists() else None

    def moved(self, text: str) -> str:
        """Return a text with the paths of our folders put under the prefix."""
        return text if self.is_real else HOMES.sub(f"{self.root}/", text)
