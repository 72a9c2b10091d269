"""The supervisor, tried on real processes: nobody is left behind, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import processes
from infra.local.paths import ROOT
from infra.local.supervisor import Child, Supervisor, end_leftovers

SLEEPS = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
CRASHES = "import sys; print('сломалось'); sys.exit(3)"
WITH_WORKER = (
    "import subprocess, sys, time;"
    "w = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(w.pid, flush=True); time.sleep(600)"
)

Make = Callable[..., Supervisor]


def child(place: Path, code: str, name: str = "worker") -> Child:
    return Child(
        name,
        "Исполнитель",
        (sys.executable, "-c", code),
        dict(os.environ),
        cwd=place,
        log=place / f"{name}.log",
    )


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def make(place: Path, said: list[str]) -> Iterator[Make]:
    made: list[Supervisor] = []

    def supervisor(*codes: str, grace: float = 1.0) -> Supervisor:
        children = [child(place, code, f"child{n}") for n, code in enumerate(codes)]
        made.append(Supervisor(children, run=place / "run", say=said.append, grace=grace))
        return made[-1]

    yield supervisor
    for found in made:
        found.stop()


def pid_of(place: Path, name: str) -> int:
    return int((place / "run" / f"{name}.pid").read_text(encoding="ascii").split()[0])


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_stopping_ends_the_polite_and_the_stubborn(make: Make, place: Path) -> None:
    supervisor = make(SLEEPS, STUBBORN)
    supervisor.start()
    pids = [pid_of(place, "child0"), pid_of(place, "child1")]
    time.sleep(0.3)

    supervisor.stop()

    assert [processes.is_running(pid) for pid in pids] == [False, False]
    assert list((place / "run").iterdir()) == []


def test_stopping_ends_the_workers_of_a_child_too(make: Make, place: Path) -> None:
    supervisor = make(WITH_WORKER)
    supervisor.start()
    log = place / "child0.log"
    wait_for(lambda: log.read_text(encoding="utf-8").strip())
    worker = int(log.read_text(encoding="utf-8"))
    assert processes.is_running(worker)

    supervisor.stop()

    wait_for(lambda: not processes.is_running(worker))


def test_an_impatient_person_does_not_wait_for_the_grace(make: Make) -> None:
    supervisor = make(STUBBORN, grace=60)
    supervisor.start()
    time.sleep(0.3)
    began = time.monotonic()

    supervisor.stop(is_impatient=lambda: True)

    assert time.monotonic() - began < 5


def test_a_crashed_child_is_started_again_after_a_growing_pause(
    make: Make, place: Path, said: list[str]
) -> None:
    supervisor = make(CRASHES)
    supervisor.start()

    def crashed_twice() -> bool:
        supervisor.look_after()
        return supervisor.crashes("child0") == 2

    wait_for(crashed_twice)

    heads = [line for line in said if line.startswith("Исполнитель")]
    assert heads == [
        "Исполнитель: процесс завершился (код 3), новый через 1 с.",
        "Исполнитель: процесс завершился (код 3), новый через 2 с.",
    ]
    assert said.count("    сломалось") == 2


def test_killing_the_supervisor_with_nine_ends_its_children(place: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from tests.infra.test_supervisor import *;"
        "p = Path(sys.argv[1]);"
        "s = Supervisor([child(p, SLEEPS)], run=p / 'run', say=print); s.start();"
        "print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "up\n"
        pid = pid_of(place, "worker")
        assert processes.is_running(pid)

        supervisor.kill()

    wait_for(lambda: not processes.is_running(pid))


def leave_behind(place: Path, code: str) -> "subprocess.Popen[str]":
    (place / "run").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=place,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    record = f"{process.pid}\n{processes.started_at(process.pid)}\n"
    (place / "run" / "worker.pid").write_text(record, encoding="ascii")
    return process


def test_the_next_start_ends_what_was_left_behind(place: Path) -> None:
    with leave_behind(place, SLEEPS) as left:
        assert end_leftovers(place / "run", place) == ["worker"]
        assert left.wait(5) is not None

    assert list((place / "run").iterdir()) == []


def test_workers_of_a_dead_leader_are_ended_by_the_next_start(place: Path) -> None:
    with leave_behind(place, WITH_WORKER) as left:
        assert left.stdout is not None
        worker = int(left.stdout.readline())
        left.send_signal(signal.SIGKILL)
        left.wait(5)
        assert processes.is_running(worker)

        assert end_leftovers(place / "run", place) == ["worker"]

    wait_for(lambda: not processes.is_running(worker))


@pytest.mark.parametrize(
    "record",
    [
        pytest.param("{pid}\n1\n", id="the id belongs to a later process"),
        pytest.param("garbage", id="an unreadable record"),
        pytest.param("", id="an empty record"),
    ],
)
def test_a_stranger_is_never_ended(place: Path, record: str) -> None:
    (place / "run").mkdir()
    with subprocess.Popen([sys.executable, "-c", SLEEPS], cwd="/", start_new_session=True) as other:
        text = record.format(pid=other.pid)
        (place / "run" / "worker.pid").write_text(text, encoding="ascii")

        assert end_leftovers(place / "run", place) == []

        assert processes.is_running(other.pid)
        other.kill()
    assert list((place / "run").iterdir()) == []
