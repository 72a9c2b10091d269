"""Starting, recognising and ending processes of this machine (Linux, /proc)."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int, parent: int) -> None:
    """Ask the kernel to signal this process when `parent` ends, even when killed with -9."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), signal_number)


def spawn(
    arguments: Sequence[str],
    *,
    log: IO[bytes] | int,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    death_signal: int | None = None,
    user: int | None = None,
    group: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Return a process in a session of its own, writing to `log`.

    With `death_signal` it receives that signal when the calling process ends, so the caller must be
    the main thread.
    """
    preparation: Callable[[], None] | None = None
    if death_signal is not None:
        preparation = _Preparation(death_signal, os.getpid())
    return subprocess.Popen(  # noqa: S603 (arguments are ours)
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=None if environment is None else dict(environment),
        start_new_session=True,
        preexec_fn=preparation,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


class _Preparation:
    """Runs between fork and exec: touches nothing but libc."""

    def __init__(self, signal_number: int, parent: int) -> None:
        self.signal_number = signal_number
        self.parent = parent

    def __call__(self) -> None:
        die_with_parent(self.signal_number, self.parent)


def is_running(pid: int) -> bool:
    """Return whether the process lives; a zombie does not."""
    return state_of(pid) not in (None, "Z", "X")


def state_of(pid: int) -> str | None:
    """Return the one-letter state from /proc, or `None` when there is no such process."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return status.rpartition(")")[2].split()[0]


def started_at(pid: int) -> str | None:
    """Return the kernel's start tick, which tells a process from a later one with the same id."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return status.rpartition(")")[2].split()[19]


def command_line(pid: int) -> str:
    """Return the command line with spaces, empty when the process is gone."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return raw.replace(b"\0", b" ").decode("utf-8", "replace").strip()


def session_members(session: int) -> list[int]:
    """Return the living processes of a session, whether or not its leader still lives."""
    members = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and is_running(int(folder.name)):
            with contextlib.suppress(ProcessLookupError):
                if os.getsid(int(folder.name)) == session:
                    members.append(int(folder.name))
    return members


def working_directory(pid: int) -> Path | None:
    """Return where the process stands, `None` when it is gone or not ours to look at."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return None


def wait_until_gone(pid: int, seconds: float) -> bool:
    """Return whether the process ended (and was reaped, if it is our child) within the time."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if not is_running(pid):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def send(pid: int, signal_number: int) -> None:
    """Signal one process; a process that is gone already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal_number)


def send_to_group(group: int, signal_number: int) -> None:
    """Signal a whole process group; an empty group is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)


def end_group(pid: int, *, grace: float) -> None:
    """End a group's leader by a word, then by force after `grace` seconds, then what it left."""
    send(pid, signal.SIGTERM)
    wait_until_gone(pid, grace)
    send_to_group(pid, signal.SIGKILL)
    wait_until_gone(pid, 5)


def let_go(process: "subprocess.Popen[bytes]") -> None:
    """Forget a child that answers for itself from here on: Popen must neither reap nor warn."""
    process.returncode = 0


def first_number(file: Path) -> int | None:
    """Return the number on a file's first line, `None` when there is no file or no number."""
    try:
        return int(file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def last_lines(log: Path, count: int, since: int = 0) -> list[str]:
    """Return the end of a log file, not reaching before byte `since`; an absent file is empty."""
    try:
        with log.open("rb") as opened:
            opened.seek(0, os.SEEK_END)
            opened.seek(max(since, opened.tell() - 32_768))
            text = opened.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-count:]
