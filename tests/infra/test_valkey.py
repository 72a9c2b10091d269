"""The launcher of the broker, tried on real servers."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from infra.local import processes
from infra.local.valkey import Valkey


@pytest.fixture
def valkey(place: Path) -> Iterator[Valkey]:
    launcher = Valkey(place / "valkey", place / "run")
    yield launcher
    launcher.stop()


def test_it_answers_on_its_socket_and_on_no_port(valkey: Valkey) -> None:
    valkey.ensure_started()

    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        assert client.config_get("port") == {"port": "0"}
    assert valkey.socket.stat().st_mode & 0o777 == 0o700


def test_it_starts_again_after_kill_nine(valkey: Valkey) -> None:
    valkey.ensure_started()
    killed = valkey.running_pid()
    assert killed is not None

    os.kill(killed, signal.SIGKILL)
    assert processes.wait_until_gone(killed, 5)
    valkey.ensure_started()

    assert valkey.running_pid() not in (None, killed)


def test_a_stop_keeps_what_was_queued(valkey: Valkey) -> None:
    valkey.ensure_started()
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        client.set("queued", "1")

    valkey.stop()
    valkey.ensure_started()

    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        assert client.get("queued") == b"1"


def test_an_unreadable_snapshot_is_put_aside(valkey: Valkey) -> None:
    valkey.data.mkdir(parents=True)
    (valkey.data / "dump.rdb").write_bytes(b"not a snapshot")

    valkey.ensure_started()

    assert valkey.running_pid() is not None
    assert (valkey.data / "dump.rdb.unreadable").read_bytes() == b"not a snapshot"
