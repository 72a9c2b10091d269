"""`make run` refuses what it cannot do in one clear sentence, before it starts anything."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.environment import product_environment, without_password
from infra.local.paths import ROOT
from infra.local.progress import seconds, table

Run = Callable[..., tuple[int, str]]

OURS = ("DATABASE_URL", "DATABASE_ADMIN_URL", "BROKER_URL", "PORT", "HOST", "MAKELEVEL")


@pytest.fixture
def run(place: Path) -> Run:
    """Run the launcher in an empty `.local`; return the exit code and what it said."""

    def start(**variables: str) -> tuple[int, str]:
        kept = {key: value for key, value in os.environ.items() if key not in OURS}
        done = subprocess.run(
            [sys.executable, "-m", "infra.local.run"],
            env=kept | {"OKRUG_LOCAL": str(place)} | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    return start


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_an_occupied_port_is_named(run: Run, place: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        answer = run(PORT=str(port))

    assert answer == (
        2,
        f"Порт {port} занят другой программой: "
        f"остановите её или выберите другой, make run PORT={port + 1}.\n",
    )
    assert not (place / "postgres-18").exists()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_an_impossible_port_is_named(run: Run, port: str) -> None:
    assert run(PORT=port) == (2, f"PORT={port}: нужен номер порта от 1 до 65535.\n")


def test_a_database_without_its_admin_address_is_refused(run: Run) -> None:
    assert run(DATABASE_URL="postgresql://web@db/okrug") == (
        2,
        "Задана DATABASE_URL, но не задана DATABASE_ADMIN_URL: "
        "укажите и адрес, под которым создаются школы и выполняются миграции.\n",
    )


def test_an_admin_address_without_the_database_is_refused(run: Run) -> None:
    assert run(DATABASE_ADMIN_URL="postgresql://migrator@db/okrug") == (
        2,
        "Задана DATABASE_ADMIN_URL, но не задана DATABASE_URL: "
        "укажите и адрес, под которым работает сам портал.\n",
    )


def test_a_dead_database_is_named_without_its_password(run: Run, place: Path) -> None:
    url = f"postgresql://web:secret@/okrug?host={place}"

    code, said = run(DATABASE_URL=url, DATABASE_ADMIN_URL=url, PORT=free_port())

    assert code == 2
    assert f"База данных postgresql://web:***@/okrug?host={place} (DATABASE_URL)" in said
    assert "не отвечает" in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_a_dead_broker_is_named(run: Run, place: Path) -> None:
    code, said = run(BROKER_URL=f"redis+socket://{place}/nobody.sock", PORT=free_port())

    assert code == 2
    assert f"Очередь redis+socket://{place}/nobody.sock (BROKER_URL) не отвечает" in said
    assert "Traceback" not in said


def test_the_secret_key_is_made_once_and_kept_private(place: Path) -> None:
    first = product_environment({}, place)
    again = product_environment({}, place)

    assert first["SECRET_KEY"] == again["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) > 50
    assert (place / "secret_key").stat().st_mode & 0o777 == 0o600


def test_given_servers_are_not_replaced(place: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://web@db/okrug",
        "BROKER_URL": "redis://mq/0",
        "SECRET_KEY": "given",
        "ALLOWED_HOSTS": "okrug.test",
    }

    filled = product_environment(given, place)

    assert {key: filled[key] for key in given} == given
    assert "DATABASE_ADMIN_URL" not in filled


def test_our_own_servers_are_addressed_by_socket(place: Path) -> None:
    filled = product_environment({}, place)

    assert filled["DATABASE_URL"] == f"postgresql://okrug_web@/okrug?host={place}/run/db"
    assert filled["DATABASE_ADMIN_URL"] == f"postgresql://okrug_migrator@/okrug?host={place}/run/db"
    assert filled["BROKER_URL"] == f"redis+socket://{place}/run/mq/valkey.sock"
    assert filled["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"


def test_a_password_is_hidden_and_an_address_without_one_unchanged() -> None:
    assert without_password("redis://:secret@mq:6379/0") == "redis://:***@mq:6379/0"
    assert without_password("redis://mq:6379/0") == "redis://mq:6379/0"


@pytest.mark.parametrize(
    ("length", "text"), [(0.04, "0,0 с"), (1.24, "1,2 с"), (59.94, "59,9 с"), (75, "1 мин 15 с")]
)
def test_time_is_written_as_people_write_it(length: float, text: str) -> None:
    assert seconds(length) == text


def test_the_table_has_russian_headings_in_a_fixed_order() -> None:
    rows = [
        {"login": "anna", "role": "Учитель", "password": "1"},
        {"login": "vera", "role": "Мама", "password": "22"},
    ]

    assert table(rows) == [
        "Кто      Логин  Пароль",
        "Учитель  anna   1",
        "Мама     vera   22",
    ]
