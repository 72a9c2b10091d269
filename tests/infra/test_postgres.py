"""The launcher of the database, tried on real servers in throwaway folders."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from infra.ctl.configuring import Cluster
from infra.local import processes
from infra.local.bootstrap import prepare_database
from infra.local.errors import CannotStart
from infra.local.paths import ROOT, make_socket_directory
from infra.local.postgres import Postgres, Postgres15, how_to_run

Make = Callable[..., Postgres]


@pytest.fixture
def make(place: Path) -> Iterator[Make]:
    made: list[Postgres] = []

    def launcher(kind: type[Postgres] = Postgres, *, fast: bool = True) -> Postgres:
        made.append(kind(place / "data", place / "run", fast=fast))
        return made[-1]

    yield launcher
    for postgres in made:
        postgres.stop()


def query(dsn: str, text: bytes) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(text)
        row = cursor.fetchone() if cursor.description else None
        return None if row is None else row[0]


def test_committed_rows_survive_kill_nine_of_the_postmaster(make: Make) -> None:
    postgres = make(fast=False)
    postgres.ensure_started()
    query(postgres.superuser_dsn(), b"CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed = postgres.running_pid()
    assert killed is not None

    os.kill(killed, signal.SIGKILL)
    postgres.ensure_started()

    assert query(postgres.superuser_dsn(), b"SELECT count(*) FROM kept") == 1000
    assert postgres.running_pid() != killed


def test_a_stale_pid_that_now_belongs_to_a_stranger_is_no_obstacle(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()
    killed = postgres.running_pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert processes.wait_until_gone(killed, 5)
    for lock in (postgres.data / "postmaster.pid", postgres.socket_dir / ".s.PGSQL.5432.lock"):
        words = lock.read_text(encoding="utf-8").split("\n")
        lock.write_text("\n".join([str(os.getpid()), *words[1:]]), encoding="utf-8")
    assert postgres.running_pid() is None

    postgres.ensure_started()

    assert query(postgres.superuser_dsn(), b"SELECT 1") == 1


def test_the_same_cluster_started_from_two_processes_runs_once(make: Make) -> None:
    postgres = make()
    script = (
        "import sys; from pathlib import Path; from infra.local.postgres import Postgres;"
        "p = Postgres(Path(sys.argv[1]), Path(sys.argv[2]), fast=True);"
        "p.ensure_started(); print(p.running_pid())"
    )
    command = [sys.executable, "-c", script, str(postgres.data), str(postgres.socket_dir)]

    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    answers = [started.communicate(timeout=60)[0] for started in both]

    assert answers == [f"{postgres.running_pid()}\n"] * 2


def test_stopping_twice_and_starting_again_is_quiet(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()

    postgres.stop()
    postgres.stop()

    assert postgres.running_pid() is None
    assert not (postgres.data / "postmaster.pid").exists()
    postgres.ensure_started()
    assert query(postgres.superuser_dsn(), b"SELECT 1") == 1


def test_an_interrupted_creation_is_begun_anew(make: Make) -> None:
    postgres = make()
    half = postgres.data.with_name("data.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18", encoding="ascii")

    postgres.ensure_started()

    assert query(postgres.superuser_dsn(), b"SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_version_are_refused_with_a_sentence(make: Make) -> None:
    postgres = make()
    postgres.data.mkdir()
    (postgres.data / "PG_VERSION").write_text("17\n", encoding="ascii")

    with pytest.raises(CannotStart) as refusal:
        postgres.ensure_started()

    assert refusal.value.sentence == (
        f"В {postgres.data} лежат данные PostgreSQL 17, а нужен 18: "
        "перенесите их или удалите папку (make clean)."
    )


def test_a_broken_configuration_shows_the_servers_own_words(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()
    postgres.stop()
    (postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n", encoding="ascii")

    with pytest.raises(CannotStart, match="no_such_setting"):
        postgres.ensure_started()


@pytest.mark.skipif(
    os.geteuid() != 0 or Path("/proc/self/uid_map").read_text(encoding="ascii").split()[2] == "1",
    reason="only root of more than a namespace of its own changes accounts",
)
def test_without_namespaces_root_runs_the_server_under_another_account(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKRUG_PG_NAMESPACE", "off")
    how_to_run.cache_clear()
    postgres = make()

    try:
        postgres.ensure_started()
    finally:
        how_to_run.cache_clear()

    assert query(postgres.superuser_dsn(), b"SELECT 1") == 1
    assert postgres.data.stat().st_uid != 0

    postgres.stop()
    monkeypatch.delenv("OKRUG_PG_NAMESPACE")
    postgres.ensure_started()  # the other way over the same files

    assert query(postgres.superuser_dsn(), b"SELECT 1") == 1


def test_the_database_is_prepared_once_and_again(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()

    first = prepare_database(postgres)
    again = prepare_database(postgres)

    assert first == again
    assert query(first.admin, b"SELECT current_user::text") == "okrug_migrator"
    assert query(first.web, b"SELECT current_user::text") == "okrug_web"


def test_neither_role_is_a_superuser_and_web_may_create_nothing(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()
    urls = prepare_database(postgres)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(urls.web, b"CREATE TABLE forbidden (n int)")

    supers = b"SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname LIKE 'okrug%'"
    assert query(urls.admin, supers) == 0
    query(urls.admin, b"CREATE ROLE okrug_s1; GRANT okrug_s1 TO okrug_web")
    query(urls.admin, b"ALTER ROLE okrug_web IN DATABASE okrug SET role = 'okrug_s1'")
    assert query(urls.web, b"SELECT current_user::text") == "okrug_s1"


def test_a_database_made_later_has_the_extensions_in_ext(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()
    urls = prepare_database(postgres)

    query(urls.admin, b"CREATE DATABASE later")

    found = query(
        postgres.url("okrug_migrator", "later"),
        b"SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension e"
        b" JOIN pg_namespace n ON n.oid = extnamespace WHERE nspname = 'ext'",
    )
    assert found == "btree_gist pg_trgm"


def test_a_superuser_made_for_the_day_owns_nothing_and_can_be_dropped(make: Make) -> None:
    postgres = make()
    postgres.ensure_started()
    query(postgres.superuser_dsn(), b"CREATE ROLE okrug_setup SUPERUSER LOGIN")
    passwords = dict.fromkeys(("okrug_web", "okrug_migrator", "okrug_backup"), "secret")

    prepare_database(Cluster(postgres.url("okrug_setup", "postgres"), passwords))
    query(postgres.superuser_dsn(), b"DROP ROLE okrug_setup")

    assert query(postgres.superuser_dsn("okrug"), b"SELECT 'ext.gtrgm'::regtype::text") is not None


@pytest.mark.postgresql15
@pytest.mark.skipif(not Postgres15.is_installed(), reason="PostgreSQL 15 is not installed")
def test_debians_fifteen_has_the_same_launcher(make: Make) -> None:
    postgres = make(Postgres15)

    postgres.ensure_started()
    urls = prepare_database(postgres)

    assert query(urls.admin, b"SELECT current_setting('server_version_num')::int / 10000") == 15
    assert query(urls.admin, "SELECT lower('ЁЖ')".encode()) == "ёж"


@pytest.mark.skipif(not Postgres15.is_installed(), reason="PostgreSQL 15 is not installed")
def test_a_locale_that_breaks_cyrillic_is_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Postgres15, "locale", ("--locale=C",))
    postgres = make(Postgres15)
    postgres.ensure_started()

    with pytest.raises(CannotStart) as refusal:
        prepare_database(postgres)

    assert refusal.value.sentence == (
        "Локаль базы данных не знает кириллицы (lc_ctype=C): создайте кластер с C.UTF-8."
    )


def test_sockets_of_a_deep_repository_live_in_a_private_short_folder(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    deep = place / ("глубокая-папка-" * 5) / ".local"

    folder = make_socket_directory("db", deep)

    assert folder.parent == place
    assert folder.stat().st_mode & 0o777 == 0o700
    assert make_socket_directory("db", deep) == folder


def test_a_guessable_socket_folder_that_is_a_link_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    deep = place / ("глубокая-папка-" * 5) / ".local"
    folder = make_socket_directory("db", deep)
    folder.rmdir()
    folder.symlink_to(place)

    with pytest.raises(CannotStart, match="принадлежит другому пользователю"):
        make_socket_directory("db", deep)
