"""Memory of the servers' processes, read from /proc, in megabytes."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from infra.local import processes


def resident(pids: Iterable[int]) -> dict[int, float]:
    """Return the resident memory of each living process."""
    return {pid: _field(pid, "VmRSS") for pid in pids if processes.is_running(pid)}


def own(pids: Iterable[int]) -> dict[int, float]:
    """Return what each process holds alone, without what it shares (a backend's buffers)."""
    return {pid: _field(pid, "RssAnon") for pid in pids if processes.is_running(pid)}


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
