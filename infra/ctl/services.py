"""Whoever keeps the services: systemd on a real machine, our keeper where there is none."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Protocol

from infra.ctl.errors import Refusal
from infra.ctl.keeper import socket_of
from infra.ctl.place import Place

START_SECONDS = 15
ANSWER_SECONDS = 120


class Services(Protocol):
    """Names are of units, without `.service`."""

    def start(self, names: Sequence[str]) -> None: ...
    def restart(self, names: Sequence[str]) -> None: ...
    def stop(self, names: Sequence[str]) -> None: ...
    def active(self, names: Sequence[str]) -> list[str]: ...


class Systemd:
    """The machine's own."""

    def start(self, names: Sequence[str]) -> None:
        """Start now and at every boot."""
        units = [f"{name}.service" for name in names]
        self._ask("daemon-reload")
        self._ask("enable", "okrug.target", "okrug-backup.timer", *units)
        self._ask("start", "okrug.target", "okrug-backup.timer", *units)

    def restart(self, names: Sequence[str]) -> None:
        """Restart, all at once."""
        self._ask("daemon-reload")
        self._ask("restart", *(f"{name}.service" for name in names))

    def stop(self, names: Sequence[str]) -> None:
        """End until the next start or boot."""
        self._ask("daemon-reload")
        self._ask("stop", *(f"{name}.service" for name in reversed(names)))

    def active(self, names: Sequence[str]) -> list[str]:
        """Return those that run."""
        asked = ["systemctl", "is-active", "--quiet"]
        return [
            name
            for name in names
            if subprocess.run([*asked, f"{name}.service"], check=False).returncode == 0  # noqa: S603
        ]

    def _ask(self, *words: str) -> None:
        done = subprocess.run(  # noqa: S603
            ["systemctl", *words],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Refusal(f"systemctl {' '.join(words)}: {done.stderr.strip()}")


class KeeperHasEnded(Refusal):
    """It was asked while it was ending."""


class Kept:
    """Our keeper, started when it is first needed."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def start(self, names: Sequence[str]) -> None:
        """Start, the keeper first; one that is ending, as after a stop cut short, is replaced."""
        if self._is_there():
            with contextlib.suppress(KeeperHasEnded):
                self._ask("start", names)
                return
        self._start_keeper()
        self._ask("start", names)

    def restart(self, names: Sequence[str]) -> None:
        """Restart, all at once."""
        self._ask("restart", names)

    def stop(self, names: Sequence[str]) -> None:
        """End; nothing to do when there is no keeper."""
        if self._is_there():
            self._ask("stop", names)

    def active(self, names: Sequence[str]) -> list[str]:
        """Return those that run and have not just crashed."""
        return [name for name in self._ask("look", []) if name in names] if self._is_there() else []

    def _is_there(self) -> bool:
        with socket.socket(socket.AF_UNIX) as call:
            return call.connect_ex(str(socket_of(self.place))) == 0

    def _start_keeper(self) -> None:
        self.place.logs.mkdir(parents=True, exist_ok=True)
        with (self.place.logs / "keeper.log").open("ab") as log:
            subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "infra.ctl.keeper", str(self.place.root)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_there():
            if time.monotonic() > deadline:
                raise Refusal(f"Сторож процессов не запустился: {self.place.logs}/keeper.log.")
            time.sleep(0.1)

    def _ask(self, verb: str, names: Sequence[str]) -> list[str]:
        with socket.socket(socket.AF_UNIX) as call:
            call.settimeout(ANSWER_SECONDS)
            try:
                call.connect(str(socket_of(self.place)))
                with call.makefile("rw", encoding="utf-8") as line:
                    line.write(json.dumps({"do": verb, "names": list(names)}) + "\n")
                    line.flush()
                    said = line.readline()
            except (ConnectionError, FileNotFoundError):
                said = ""
            except TimeoutError:
                raise Refusal(f"Сторож процессов занят: {self.place.logs}/keeper.log.") from None
        if not said:
            raise KeeperHasEnded(f"Сторож процессов не ответил: {self.place.logs}/keeper.log.")
        answer = json.loads(said)
        if answer["refused"]:
            raise Refusal(answer["refused"])
        return list(answer["active"])


def services_of(place: Place, *, systemd: bool) -> Services:
    """Return who keeps the services of a place."""
    return Systemd() if systemd else Kept(place)
