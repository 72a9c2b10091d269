"""Many at once: the district's mix in a closed loop, and at a steady rate as goals promise it."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from django.db import connections

from tests.performance.actions import Action, Troupe, UnexpectedAnswer, reading
from tests.performance.clients import Client
from tests.performance.goals import MIX
from tests.performance.measures import Ground

LATE = "не дошла очередь"
TEACHERS_A_THREAD, PARENTS_A_THREAD = 4, 6


@dataclass(slots=True)
class Traffic:
    """What many clients saw: milliseconds of the good answers, words of the others."""

    seconds: float = 0.0
    samples: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return good answers a second."""
        return len(self.samples) / self.seconds if self.seconds else 0.0


Pick = Callable[[], tuple[str, Action]]


def reference_pick(ground: Ground) -> Pick:
    """Return a client of the bare reference."""
    read = reading(Client(ground.reference), "/bare/")
    return lambda: ("reference", read)


def mixed_pick(ground: Ground, names: Sequence[str], thread: int, threads: int) -> Pick:
    """Return a client of the district's mix; no two threads share a teacher or a parent.

    Sessions are opened and pages read before it is returned: only the mix is measured.
    """
    dice = Random(thread)
    troupe = Troupe(lambda cookies: Client(ground.product, cookies), ground.cast)
    teachers = list(ground.cast.teachers[thread::threads])
    parents = list(ground.cast.parents[thread::threads])
    dice.shuffle(teachers)
    dice.shuffle(parents)
    teachers, parents = teachers[:TEACHERS_A_THREAD], parents[:PARENTS_A_THREAD]
    for teacher in teachers:
        troupe.pen_of(teacher).open_page()
    for parent in parents:
        troupe.browser_of(parent.account_id)
    troupe.browser_of(ground.cast.officer)
    connections.close_all()  # only the sessions were opened in this process
    weights = [MIX[name] for name in names]

    def pick() -> tuple[str, Action]:
        name = dice.choices(names, weights)[0]
        return name, troupe.action(name, dice.choice(teachers), dice.choice(parents))

    return pick


def press(picks: Sequence[Pick], seconds: float) -> Traffic:
    """Let each client send its next request as soon as the last is answered."""
    seen = Traffic()
    until = time.perf_counter() + seconds

    def work(pick: Pick) -> None:
        while time.perf_counter() < until:
            _ask(seen, pick, time.perf_counter())

    return _together(seen, [partial(work, pick) for pick in picks])


def flow(picks: Sequence[Pick], rate: float, seconds: float) -> Traffic:
    """Send requests at a steady rate; one that had to wait for a client counts its waiting.

    What is not even begun in twice the time is given up, each an error.
    """
    seen = Traffic()
    turns = count()
    began = time.perf_counter() + 0.1

    def work(pick: Pick) -> None:
        for turn in turns:
            due = began + turn / rate
            if due > began + seconds:
                return
            if time.perf_counter() > began + 2 * seconds:
                seen.errors.append(LATE)
                continue
            time.sleep(max(0.0, due - time.perf_counter()))
            _ask(seen, pick, due)

    return _together(seen, [partial(work, pick) for pick in picks])


def _ask(seen: Traffic, pick: Pick, since: float) -> None:
    name, action = pick()
    try:
        action()
    except (UnexpectedAnswer, OSError) as error:
        seen.errors.append(f"{name}: {error}"[:200])
        return
    lasted = (time.perf_counter() - since) * 1000
    seen.samples.append(lasted)
    if name.startswith("save"):
        seen.saves.append(lasted)


def _together(seen: Traffic, works: Sequence[Callable[[], None]]) -> Traffic:
    threads = [threading.Thread(target=work) for work in works]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - began
    return seen
