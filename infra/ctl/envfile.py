"""The files of variables in /etc/okrug: read as systemd reads them, added to, never rewritten."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from infra.ctl.errors import Refusal


def read(file: Path) -> dict[str, str]:
    """Return the variables of a file, empty when it is not there. Raises `Refusal`."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise Refusal(f"Файл {file} закрыт для вас: запустите команду от root.") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file}: сохраните файл в кодировке UTF-8.") from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith(("#", ";")):
            continue
        name, is_pair, value = line.partition("=")
        try:
            words = shlex.split(value)
        except ValueError:
            words = ["", ""]
        if not is_pair or len(words) > 1:
            raise Refusal(f"{file}, строка {number}: нужен вид ИМЯ=значение, пробелы — в кавычках.")
        found[name.strip()] = words[0] if words else ""
    return found


def add_missing(file: Path, wanted: Mapping[str, str], heading: str = "") -> list[str]:
    """Write the variables that are not in the file yet and return their names.

    A value that is there stays as it is: it may be a secret, or the administrator's own choice.
    """
    there = read(file)
    missing = {name: value for name, value in wanted.items() if name not in there}
    if not missing:
        return []
    kept = file.read_text(encoding="utf-8") if file.exists() else heading
    added = "".join(f"{name}={quoted(value)}\n" for name, value in missing.items())
    fresh = file.with_name(f"{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(kept + ("" if kept.endswith("\n") or not kept else "\n") + added)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)  # half a file never stays
    return list(missing)


def secret() -> str:
    """Return a new secret of 256 bits."""
    return secrets.token_urlsafe(32)


def quoted(value: str) -> str:
    """Return a value as both systemd and a shell read it."""
    return f'"{value}"' if any(letter in value for letter in " #;'") else value
