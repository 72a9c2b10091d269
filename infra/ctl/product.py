"""The product as `okrugctl` meets it: its management commands, its word on being ready."""

import contextlib
import http.client
import json
import os
import pwd
import time
from pathlib import Path

from infra.ctl.configuring import product_environment
from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.local.interrupting import run_to_end

ACCOUNT = "okrug"
READY_SECONDS = 90


def run(place: Place, release: Path, *arguments: str, as_root: bool = False) -> None:
    """Run a program of a release to its end; raise `Refusal` when it fails."""
    if call(place, release, *arguments, as_root=as_root) != 0:
        raise Refusal("Не получилось, причина — в строках выше. Работает то, что работало.")


def call(place: Place, release: Path, *arguments: str, as_root: bool = False) -> int:
    """Run a program of a release as the portal's account, with the migrator's address."""
    account = None if as_root or not place.is_real else pwd.getpwnam(ACCOUNT)
    return run_to_end(
        [str(release / "bin/python"), *arguments],
        cwd=place.state,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", **product_environment(place, admin=True)},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    ).returncode


def wait_until_ready(place: Place, port: int, *, seconds: float = READY_SECONDS) -> str:
    """Return the status the portal on this port gives: "ok", or "empty" without a single school.

    Raises `Refusal` with its last words when neither comes in time.
    """
    deadline = time.monotonic() + seconds
    words = "нет ответа"
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            code, words = ask(place, port, "/health/ready")
            status = str(json.loads(words).get("status", ""))
            if code == 200 or status == "empty":
                return status
        time.sleep(0.2)
    raise Refusal(f"Портал на порту {port} не готов за {seconds:.0f} с. /health/ready: {words}")


def ask(place: Place, port: int, path: str) -> tuple[int, str]:
    """Return the code and the body of an answer, asked as the proxy asks."""
    told = product_environment(place, admin=False)
    host = told["OKRUG_LISTEN"]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    headers = {"Host": told["ALLOWED_HOSTS"].split(",")[0], "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
