"""What the servers' processes use, read from /proc: memory in megabytes, processor in seconds."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from infra.local import processes


def resident(pids: Iterable[int]) -> dict[int, float]:
    """Return the resident memory of each living process."""
    return {pid: _field(pid, "VmRSS") for pid in pids if processes.is_running(pid)}


def own(pids: Iterable[int]) -> dict[int, float]:
    """Return what each process holds alone, without what it shares (a backend's buffers)."""
    return {pid: _field(pid, "RssAnon") for pid in pids if processes.is_running(pid)}


def processor(pids: Iterable[int]) -> float:
    """Return the processor time the processes have used: waiting and noise are not in it."""
    used = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            used += sum(map(int, status.rpartition(")")[2].split()[11:13]))
    return used / os.sysconf("SC_CLK_TCK")


def children_of(parent: int) -> list[int]:
    """Return the processes a process has started and not outlived."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                status = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                if status.rpartition(")")[2].split()[1] == str(parent):
                    found.append(int(folder.name))
    return found


def _field(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(next(found, "0")) / 1024
