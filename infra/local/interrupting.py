"""Ctrl-C, a lost terminal and a polite kill end a program alike: what was begun is put back."""

import signal
import subprocess
from collections.abc import Sequence
from types import FrameType
from typing import Any

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130  # the exit code, as a shell's


def end_alike() -> None:
    """Let each of them raise `KeyboardInterrupt`, once: putting back is not interrupted again."""
    for number in ENDINGS:
        is_nohup = number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
        if not is_nohup:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def run_to_end(command: Sequence[str], **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end; interrupted, wait until it has put back what it began.

    Until it says `end_alike` a Ctrl-C reaches us alone: a program that loads has nothing to say.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # what the program is born with
    try:
        process = subprocess.Popen(command, text=True, **more)  # noqa: S603 our own programs
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            said, complained = process.communicate()
        except KeyboardInterrupt:
            process.terminate()  # a terminal has told it already, a kill of us alone has not
            process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, said, complained)
