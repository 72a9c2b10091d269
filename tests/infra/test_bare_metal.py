"""A bare machine, for real: a bundle without network, an installation, an upgrade under traffic.

Everything happens under a prefix, with the embedded database and our keeper in the place of
systemd; the keeper starts the very command lines of the unit files.
"""

import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.ctl.restoring import data_of
from infra.ctl.units import names_of, read_unit
from infra.local import processes
from tests.infra.bare import HOST, Site, Traffic, derive, fetch, unpacked_site

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A bundle of this tree, installed, with two schools; the next version beside it."""
    with unpacked_site() as site:
        derive(site, "0.1.1", {})
        done = site.install()
        assert done.returncode == 0, done.stdout + done.stderr
        site.open_schools("sosh-1", "sosh-2")
        yield site
        assert site.ctl("stop").returncode == 0
        assert site.pids() == {}


@pytest.mark.requirement("NFR-014", part=True)
def test_the_portal_works_from_the_bundle_alone(site: Site) -> None:
    codes = [fetch(port, "/health/ready")[0] for port in site.ports]
    code, page = fetch(site.ports[0], "/sign-in/")
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))

    assert codes == [200, 200]
    assert code == 200
    assert len(named) > 2
    assert [name for name in named if not (site.place.opt / name.strip("/")).exists()] == []


def test_what_runs_is_what_the_units_say(site: Site) -> None:
    told = (site.place.settings).read_text(encoding="utf-8")
    servers, wanted = names_of(
        {"OKRUG_EMBEDDED": "postgres valkey", "OKRUG_PORTS": " ".join(map(str, site.ports))}
    )

    running = {name: processes.command_line(int(pid)).split() for name, pid in site.pids().items()}

    assert running.keys() == {*servers, *wanted}
    assert f'OKRUG_PORTS="{site.ports[0]} {site.ports[1]}"' in told
    outbox = read_unit(site.place.units, "okrug-outbox")
    release = site.place.release()
    assert running["okrug-outbox"] == [f"{release}/venv/bin/python", *outbox.command[1:]]


@pytest.mark.requirement("ARC-016", part=True)
def test_after_the_first_copies_the_doctor_finds_nothing_broken(site: Site) -> None:
    site.paper.parent.mkdir()
    site.paper.write_bytes(b"%PDF signed")
    before = site.ctl("backup", "status")
    copied = site.ctl("backup")
    after = site.ctl("doctor")

    assert before.returncode == 1
    assert "копия «base» старше срока или её нет" in before.stdout
    assert copied.returncode == 0, copied.stdout + copied.stderr
    assert [line for line in after.stdout.splitlines() if line.startswith("!")] == []
    assert after.returncode == 0, after.stdout + after.stderr
    for words in (
        "+ Все адреса названы в манифесте размещения",
        "+ Таблицы округа и школ — этой версии",
        "+ Резервные копии свежие и целые",
    ):
        assert words in after.stdout


@pytest.mark.requirement("ARC-016", part=True)
@pytest.mark.requirement("PDP-011", part=True)
def test_one_school_goes_back_to_a_moment_and_the_other_keeps_its_work(site: Site) -> None:
    done = site.write_and_return()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "people_schoolclass INSERT: 1" in done.stdout
    assert site.classes("sosh-1") == "А"
    assert site.classes("sosh-2") == "Б"
    assert [fetch(port, "/health/ready")[0] for port in site.ports] == [200, 200]


@pytest.mark.requirement("ARC-016", part=True)
@pytest.mark.requirement("PDP-011", part=True)
def test_a_district_whose_data_are_lost_comes_back_from_the_copies(site: Site) -> None:
    data = data_of(site.place)
    processes.send(int(site.pids()["okrug-postgres"]), signal.SIGKILL)
    shutil.rmtree(data)
    shutil.rmtree(site.paper.parent)

    lost = site.ctl("doctor")
    done = site.ctl("restore", "all")
    found = site.ctl("doctor")

    # No empty database begins in the place of the lost one.
    assert f"! Папки базы {data} нет\n" in lost.stdout
    assert "okrugctl restore all вернёт округ из копий" in lost.stdout
    assert "! Портал не загружается: база данных не отвечает" in lost.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert [fetch(port, "/health/ready")[0] for port in site.ports] == [200, 200]
    assert (site.classes("sosh-1"), site.classes("sosh-2")) == ("А", "Б")
    assert site.paper.read_bytes() == b"%PDF signed"
    assert [line for line in found.stdout.splitlines() if line.startswith("!")] == []
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_second_install_changes_nothing_and_loses_no_secret(site: Site) -> None:
    def everything() -> dict[str, tuple[int, str]]:
        files = [*site.place.etc.iterdir(), *site.place.units.rglob("okrug*")]
        return {
            str(file): (file.stat().st_mtime_ns, file.read_text(encoding="utf-8"))
            for file in files
            if file.is_file()
        }

    before, ran = everything(), site.pids()

    done = site.install()

    assert done.returncode == 0, done.stdout + done.stderr
    assert everything() == before
    assert site.pids() == ran
    modes = {file.name: file.stat().st_mode & 0o777 for file in site.place.etc.glob("*.env")}
    assert modes == dict.fromkeys(["okrug.env", "admin.env", "backup.env", "database.env"], 0o600)


def test_an_altered_bundle_is_refused_and_nothing_is_touched(site: Site, tmp_path: Path) -> None:
    altered = site.bundle("0.1.1") / "tools/infra/ctl/place.py"
    kept = altered.read_bytes()
    altered.write_bytes(kept + b"\n# one byte more\n")

    done = site.say(
        *(site.bundle("0.1.1") / "okrugctl", "install", "--root", str(tmp_path / "new")),
        *("--no-systemd", "--host", HOST),
    )
    altered.write_bytes(kept)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "Комплект повреждён или изменён: tools/infra/ctl/place.py. Скачайте его заново"
    )
    assert list((tmp_path / "new").iterdir()) == []


def test_a_release_that_does_not_come_up_is_taken_back(site: Site) -> None:
    broken = derive(site, "0.1.2", {"config/wsgi.py": b"raise SystemExit(1)"})
    before, now = site.place.release(), site.pids()
    traffic = Traffic(site.ports)

    with traffic.flowing():
        done = site.say(broken / "okrugctl", "upgrade", "--root", str(site.root), "--patience", "3")

    assert done.returncode == 2, done.stdout
    assert f"Версия 0.1.2 не включена; снова работает {before and before.name}." in done.stderr
    assert site.place.release() == before
    assert traffic.failures == []
    assert {code for _, code in traffic.answers} == {200}
    other = f"okrug-web@{site.ports[1]}"
    assert site.pids()[other] == now[other]  # the second port was never touched


@pytest.mark.requirement("NFR-006", part=True)
def test_an_upgrade_under_traffic_fails_no_request(site: Site) -> None:
    before = site.pids()
    traffic = Traffic(site.ports)

    with traffic.flowing():
        done = site.say(site.bundle("0.1.1") / "okrugctl", "upgrade", "--root", str(site.root))

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "Работает версия 0.1.1."
    assert traffic.failures == []
    assert {code for _, code in traffic.answers} == {200}
    assert len(traffic.answers) > 50
    assert traffic.turned > 0  # somebody did meet a port that was being replaced
    after = site.pids()
    servers = {"okrug-postgres", "okrug-valkey"}
    assert {name for name in after if after[name] == before[name]} == servers
    line = processes.command_line(int(after["okrug-outbox"]))
    assert line.startswith(str(site.place.releases / "0.1.1"))


@pytest.mark.requirement("ARC-016", part=True)
@pytest.mark.requirement("PDP-011", part=True)
def test_a_lost_server_comes_back_on_a_bare_machine(site: Site) -> None:
    """What is left: the copies, /etc/okrug kept apart, a bundle; the libraries, to be quick."""
    site.add_class("sosh-2", "В")
    assert site.ctl("stop").returncode == 0
    for lost in ("var", "run", "usr", "etc/systemd", "opt/okrug/releases", "opt/okrug/static"):
        shutil.rmtree(site.root / lost)
    site.place.current.unlink()
    program = site.bundle("0.1.1") / "okrugctl"
    words = ("install", "--root", str(site.root), "--no-systemd")

    refused = site.say(program, *words)
    ran = site.pids()
    done = site.say(program, *words, "--from-copies")

    assert refused.returncode == 2
    assert "лежат копии прежней базы. Вернуть её: okrugctl install --from-copies." in refused.stderr
    assert ran == {}
    assert done.returncode == 0, done.stdout + done.stderr
    assert [fetch(port, "/health/ready")[0] for port in site.ports] == [200, 200]
    assert (site.classes("sosh-1"), site.classes("sosh-2")) == ("А", "БВ")
    assert site.paper.read_bytes() == b"%PDF signed"
