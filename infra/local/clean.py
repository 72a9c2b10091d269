"""`make clean`: stop the servers of this folder before their files are removed."""

import contextlib
import fcntl
import sys

from infra.local.environment import embedded_postgres, embedded_valkey
from infra.local.errors import CannotStart
from infra.local.paths import LOCAL, ROOT, make_socket_directory
from infra.local.postgres import Postgres, Postgres15
from infra.local.supervisor import Server, end_leftovers


def main() -> int:
    """Stop everything, or refuse while `make run` is at work."""
    run = LOCAL / "run"
    run.mkdir(parents=True, exist_ok=True)
    with (run / "okrug.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Округ из этой папки работает: сначала остановите его.")
            return 2
        end_leftovers(run, ROOT)
        with contextlib.suppress(CannotStart):
            servers: list[Server] = [embedded_postgres(), embedded_valkey(), *_test_servers()]
            for server in servers:
                server.stop()
    return 0


def _test_servers() -> list[Postgres]:
    return [
        kind(LOCAL / name / "data", make_socket_directory(name), fast=True)
        for kind, name in ((Postgres, "test-pg18"), (Postgres15, "test-pg15"))
        if (LOCAL / name / "data").exists()
    ]


if __name__ == "__main__":
    sys.exit(main())
