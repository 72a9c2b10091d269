"""Asking the product: its own commands, started as everything of it is (`python -m config manage`).

The journal of the portal is a copy of the places' journals: what it lacks is written at the next
occasion, so a database that is down loses no line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from infra.backup.configuration import Configuration
from infra.backup.places import JOURNAL, BackupRefused, read_journal

TRACEBACK = "Traceback (most recent call last):"
ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, given: str = "") -> str:
    """Run a management command and return what it prints; raise `BackupRefused`."""
    # In an installed release the product lies elsewhere, and the path says where.
    roots = [str(ROOT / "platform"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", "config", "manage", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
    )
    if done.returncode:
        raise BackupRefused(last_words(done.stderr))
    return done.stdout


def last_words(complaint: str) -> str:
    """Return what a command says in the end: of a traceback the last words, without the type."""
    lines = complaint.strip().splitlines()
    if TRACEBACK not in lines:
        return complaint.strip()[-1500:]
    start = max(place for place, line in enumerate(lines) if line[:1].strip())
    words = " ".join(line.strip() for line in lines[start:])
    return words.partition(": ")[2] or words


def ask(*arguments: str) -> Any:
    """Run a management command whose last line is JSON, and return that."""
    return json.loads(manage(*arguments).splitlines()[-1])


def write_journal(places: Sequence[Path]) -> str:
    """Write every line of the places' journals into the portal's; return what there is to say."""
    lines = [
        asdict(line)
        for place in places
        if (place / JOURNAL).exists()
        for line in read_journal(place)
    ]
    return manage("backup_journal", given=json.dumps(lines, ensure_ascii=False)).strip()


def has_product(told: Configuration) -> bool:
    """Return whether there is a portal to tell."""
    return bool(told.admin_url)
