"""An installation beside the machine's own PostgreSQL: Debian's 15, set up as the guide says.

`okrugctl` owns nothing of that server: its lines, its restarts and its folder of data are the
administrator's, who does here word by word what docs/ru/install-bare-metal.md tells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from infra.local.paths import ROOT
from infra.local.postgres import Postgres15
from tests.browser.stack import free_port
from tests.infra.bare import Site, fetch, unpacked_site

GUIDE = (ROOT / "docs/ru/install-bare-metal.md").read_text(encoding="utf-8")
DOORS = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""
PASSWORD = "на-один-день"

pytestmark = [pytest.mark.only15, pytest.mark.timeout(900)]


class MachinesServer(Postgres15):
    """As Debian lays it: its configuration apart from the data, asked over the network."""

    def __init__(self, home: Path) -> None:
        self.etc = home / "etc"
        self.etc.mkdir(parents=True)
        self.port = free_port()
        super().__init__(home / "main", home / "run", log=home / "postgresql.log")
        self.settings = {
            "config_file": str(self.etc / "postgresql.conf"),
            "hba_file": str(self.etc / "pg_hba.conf"),
        }

    def url(self, user: str, dbname: str) -> str:
        return f"{super().url(user, dbname)}&port={self.port}"

    def tell(self, *lines: str) -> None:
        """Let these lines be the configuration from the next start on."""
        own = f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
        (self.etc / "postgresql.conf").write_text(own + "\n".join(lines), encoding="utf-8")
        (self.etc / "pg_hba.conf").write_text(DOORS, encoding="ascii")

    def restart(self) -> None:
        self.stop()
        self.ensure_started()

    def _initialise_if_absent(self) -> None:
        super()._initialise_if_absent()
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            (self.data / name).unlink(missing_ok=True)


@dataclass
class Machine:
    """The server and the installation beside it."""

    server: MachinesServer
    site: Site

    def ask(self, query: str) -> None:
        """Do as the administrator: `sudo -u postgres psql -c`."""
        with psycopg.connect(self.server.superuser_dsn(), autocommit=True) as connection:
            connection.execute(query.encode())

    def lines(self) -> str:
        """Return the guide's lines for the server, its folders being this machine's."""
        [block] = re.findall(r"```ini\n(.*?)```", GUIDE, re.DOTALL)
        for there, here in (
            ("/mnt/copies-a/okrug", str(self.site.copies[0])),
            ("/mnt/copies-b/okrug", str(self.site.copies[1])),
            ("/opt/okrug", str(self.site.place.opt)),
        ):
            assert there in block
            block = block.replace(there, here)
        return str(block)


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """The server whose archive nobody has switched on yet; an installation with two schools."""
    with unpacked_site() as site:
        machine = Machine(MachinesServer(site.home / "pg"), site)
        machine.server.tell("max_connections = 200", "max_locks_per_transaction = 256")
        machine.server.ensure_started()
        try:
            make, drop = re.findall(r'sudo -u postgres psql -c "(.*?)"', GUIDE)
            machine.ask(make.replace("…", PASSWORD))
            where = f"127.0.0.1:{machine.server.port}/postgres"
            done = site.install(
                "--database-admin-url", f"postgresql://okrug_setup:{PASSWORD}@{where}"
            )
            assert done.returncode == 0, done.stdout + done.stderr
            machine.ask(drop)  # refused if anything belonged to it
            site.open_schools("sosh-1", "sosh-2")
            yield machine
        finally:
            site.ctl("stop")
            machine.server.stop()


def test_the_portal_is_ready_and_the_doctor_names_the_archive_that_is_off(machine: Machine) -> None:
    site = machine.site

    found = site.ctl("doctor")
    refused = site.ctl("restore", "school", "sosh-1", "--to", "2026-11-20T10:15")

    assert [fetch(port, "/health/ready")[0] for port in site.ports] == [200, 200]
    assert "okrug-postgres" not in site.pids()
    assert "+ PostgreSQL 15\n" in found.stdout
    [trouble] = [line for line in found.stdout.splitlines() if line.startswith("!")]
    words = "архив журнала PostgreSQL выключен (archive_mode = off)"
    assert trouble.startswith("! Резервные копии: ")
    assert f"{words}: что внесено после последней копии, не вернуть" in trouble
    assert "Добавьте в postgresql.conf строки из docs/ru/install-bare-metal.md" in found.stdout
    assert refused.returncode == 2
    assert f"Школу не вернуть: {words}" in refused.stderr


@pytest.mark.requirement("ARC-016", part=True)
def test_copies_are_made_by_the_servers_own_programs(machine: Machine) -> None:
    site = machine.site
    machine.server.tell(machine.lines())
    machine.server.restart()
    site.paper.parent.mkdir()
    site.paper.write_bytes(b"%PDF signed")

    copied = site.ctl("backup")
    found = site.ctl("doctor")

    assert copied.returncode == 0, copied.stdout + copied.stderr
    for place in site.copies:
        [base] = [one for one in (place / "base").iterdir() if one.is_dir()]
        assert (base / "PG_VERSION").read_text(encoding="ascii") == "15\n"
    assert [line for line in found.stdout.splitlines() if line.startswith("!")] == []
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.requirement("ARC-016", part=True)
def test_a_school_goes_back_beside_the_machines_server(machine: Machine) -> None:
    done = machine.site.write_and_return()

    assert done.returncode == 0, done.stdout + done.stderr
    assert (machine.site.classes("sosh-1"), machine.site.classes("sosh-2")) == ("А", "Б")


def test_the_servers_own_folder_is_left_to_its_administrator(machine: Machine) -> None:
    ran = machine.site.pids()

    done = machine.site.ctl("restore", "all")

    assert done.returncode == 2
    assert done.stderr.startswith("База — PostgreSQL машины, её папку меняет администратор базы.")
    steps = [line.removeprefix("sudo ") for line in GUIDE.splitlines() if line.startswith("sudo ")]
    told = [line.strip() for line in done.stderr.splitlines()[1:]]
    assert len(told) == 6
    assert [line for line in told if line not in steps] == []
    assert machine.site.pids() == ran  # nothing was stopped


@pytest.mark.requirement("ARC-016", part=True)
@pytest.mark.requirement("PDP-011", part=True)
def test_the_lost_server_comes_back_as_the_guide_tells(machine: Machine) -> None:
    site, server = machine.site, machine.server
    server.stop()
    server.data.rename(server.data.with_name("main.before"))
    site.paper.unlink()

    done = site.ctl("restore", "all", "--data", str(server.data))
    server.ensure_started()
    started = site.ctl("start")
    copied = site.ctl("backup")

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"База лежит в {server.data}, остановлена." in done.stdout
    assert started.returncode == 0, started.stdout + started.stderr
    assert copied.returncode == 0, copied.stdout + copied.stderr
    assert (site.classes("sosh-1"), site.classes("sosh-2")) == ("А", "Б")
    assert site.paper.read_bytes() == b"%PDF signed"
    found = site.ctl("doctor")
    assert [line for line in found.stdout.splitlines() if line.startswith("!")] == []
