"""Services kept without systemd: the same unit files, the supervisor of `make run`, one socket.

For a trial, for CI and for a container: `okrugctl install --no-systemd` starts it and speaks to it.
It knows nothing of timers; copies are then made by whoever's schedule there is.
"""

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from infra.ctl.errors import Refusal
from infra.ctl.place import Place
from infra.ctl.units import SERVERS, read_unit
from infra.local.supervisor import Child, Supervisor, end_leftovers

TURN_SECONDS = 0.1
GRACE_SECONDS = 40.0  # as TimeoutStopSec of the portal


class Keeper:
    """Keeps what it was told to start, in that order; ends it in the opposite one."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.kept: dict[str, Supervisor] = {}
        self.is_stopping = False

    def run(self) -> None:
        """Obey until asked to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        end_leftovers(self.place.run, self.place.root)
        address = socket_of(self.place)
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(address))
            address.chmod(0o600)
            door.listen()
            door.settimeout(TURN_SECONDS)
            while not self.is_stopping:
                with contextlib.suppress(TimeoutError):
                    self._answer(door.accept()[0])
                for supervisor in self.kept.values():
                    supervisor.look_after()
        address.unlink(missing_ok=True)
        self.stop(list(self.kept))

    def start(self, names: Sequence[str]) -> None:
        """Start the services that are not kept yet."""
        for name in names:
            if name not in self.kept:
                self.kept[name] = self._supervisor(name)
                self.kept[name].start()

    def stop(self, names: Sequence[str]) -> None:
        """End services as systemd does: the processes all at once, then the servers they need."""
        going = [one for one in self.kept if one in names]
        for group in (set(going) - set(SERVERS), set(going) & set(SERVERS)):
            with ThreadPoolExecutor() as pool:
                list(pool.map(Supervisor.stop, [self.kept.pop(name) for name in sorted(group)]))

    def part(self, names: Sequence[str]) -> None:
        """End services for good; a keeper with nothing left to keep ends too."""
        self.stop(names)
        self.is_stopping = not self.kept

    def restart(self, names: Sequence[str]) -> None:
        """End and start, each by its unit file as it is now."""
        self.stop(names)
        self.start(names)

    def _supervisor(self, name: str) -> Supervisor:
        unit = read_unit(self.place.units, name)
        become = ("setpriv", f"--reuid={unit.user}", f"--regid={unit.user}", "--init-groups")
        child = Child(
            unit.name,
            unit.title,
            (*become, *unit.command) if self.place.is_real else unit.command,
            {"PATH": os.defpath, **unit.environment},
            cwd=unit.folder,
            log=self.place.logs / f"{name}.log",
            stop_signal=unit.stop_signal,
        )
        return Supervisor([child], run=self.place.run, say=_say, grace=GRACE_SECONDS)

    def _answer(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rw", encoding="utf-8") as line:
            words = line.readline()
            if not words:  # somebody only looked whether we are here
                return
            asked = json.loads(words)
            answer: dict[str, object] = {"refused": ""}
            try:
                self._obey(asked["do"], asked["names"])
            except (Refusal, OSError) as refusal:
                answer["refused"] = str(refusal)
            answer["active"] = [name for name, one in self.kept.items() if one.crashes(name) == 0]
            line.write(json.dumps(answer) + "\n")
            line.flush()

    def _obey(self, verb: str, names: Sequence[str]) -> None:
        verbs = {"start": self.start, "stop": self.part, "restart": self.restart}
        if verb in verbs:
            verbs[verb](names)

    def _ask_to_stop(self, signal_number: int, frame: FrameType | None) -> None:
        self.is_stopping = True


def socket_of(place: Place) -> Path:
    """Return where the keeper of a place listens."""
    return place.run / "keeper.sock"


def _say(words: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), words, flush=True)


if __name__ == "__main__":
    Keeper(Place(Path(sys.argv[1]))).run()
