"""Making copies: the whole cluster, every school by itself, the folder of files.

Each is made in the first place, checked, carried to the others, checked there by sums.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from infra.backup.configuration import Configuration
from infra.backup.places import (
    BackupRefused,
    Line,
    copy_folder,
    digest_of,
    finish,
    list_copies,
    note,
    now,
    put_bytes,
    put_folder,
    require,
    size_of,
    stamp,
)
from infra.backup.tools import connect, find_binaries, run, server_major

SUMS = "SHA256SUMS"
SCHEMA = re.compile(r"s(\d+)")
LIST_SCHOOLS = r"SELECT nspname FROM pg_namespace WHERE nspname ~ '^s\d+$' ORDER BY oid"
Maker = Callable[[Configuration, Path], None]


def copy_base(told: Configuration) -> list[Line]:
    """Copy the whole cluster (pg_basebackup) and check every copy (pg_verifybackup)."""
    return _make(told, "base", _make_base)


def copy_schools(told: Configuration) -> list[Line]:
    """Dump every school and the public schema (pg_dump) in the custom format."""
    return _make(told, "schools", _make_dumps)


def copy_files(told: Configuration) -> list[Line]:
    """Copy the folder of files; what did not change is a hard link to the last copy's."""
    began = now()
    name = f"files/{stamp(began)}"
    lines = []
    for place in told.places:
        try:
            _make_files(told.files, require(place), place / name)
        except (BackupRefused, OSError) as error:
            lines.append(_fail(told, place, name, began, error))
            continue
        lines += _finish(told, place, name, began)
    return lines


def _make(told: Configuration, kind: str, maker: Maker) -> list[Line]:
    began = now()
    name = f"{kind}/{stamp(began)}"
    first, *others = told.places
    making = first / kind / f".{stamp(began)}.making"
    try:
        require(first)
        maker(told, making)
        put_folder(making, first / name)
    except (BackupRefused, OSError) as error:
        return [_fail(told, first, name, began, error)]
    finally:
        shutil.rmtree(making, ignore_errors=True)
    lines = _finish(told, first, name, began)
    for place in others:
        try:
            copy_folder(first / name, require(place) / name)
            check_copy(place / name, kind)
        except (BackupRefused, OSError) as error:
            lines.append(_fail(told, place, name, began, error))
            continue
        lines += _finish(told, place, name, began)
    return lines


def _make_base(told: Configuration, making: Path) -> None:
    url = told.require_url()
    run(
        find_binaries(server_major(url)),
        "pg_basebackup",
        f"--pgdata={making}",
        f"--dbname={url}",
        "--checkpoint=fast",
        "--wal-method=stream",
        "--manifest-checksums=SHA256",
        "--no-sync",  # the finished folder is synced at once
        f"--label=okrug {making.name}",
    )
    check_copy(making, "base")


def _make_dumps(told: Configuration, making: Path) -> None:
    url = told.require_admin_url()
    binaries = find_binaries(server_major(url))
    making.mkdir(mode=0o700)
    with connect(url) as connection:
        schemas = [row[0] for row in connection.execute(LIST_SCHOOLS).fetchall()]
    for schema in ["public", *schemas]:
        target = making / f"{schema}.dump"
        run(
            binaries,
            "pg_dump",
            f"--dbname={url}",
            f"--schema={schema}",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--no-sync",
            f"--file={target}",
        )
        run(binaries, "pg_restore", "--list", str(target))
    put_sums(making, ((file.name, digest_of(file)) for file in making.glob("*.dump")))


def _make_files(source: Path, place: Path, target: Path) -> None:
    """Files are written once and never changed: the same size and moment is the same file."""
    if not source.is_dir():
        raise BackupRefused(f"OKRUG_FILES: папки {source} нет.")
    making = target.with_name(f".{target.name}.making")
    last = next(reversed(list_copies(place, "files")), None)
    known = read_sums(last) if last else {}
    sums = {}
    try:
        making.mkdir(mode=0o700)
        for file in sorted(found for found in source.rglob("*") if found.is_file()):
            name = file.relative_to(source).as_posix()
            copy = making / "files" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            held = last / "files" / name if last else None
            if held and f"files/{name}" in known and _is_same(file, held):
                os.link(held, copy)
                sums[f"files/{name}"] = known[f"files/{name}"]
            else:
                shutil.copy2(file, copy)
                sums[f"files/{name}"] = digest_of(copy)
        put_sums(making, sums.items())
        put_folder(making, target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _is_same(file: Path, held: Path) -> bool:
    if not held.exists():
        return False
    one, other = file.stat(), held.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def put_sums(folder: Path, sums: Iterable[tuple[str, str]]) -> None:
    """Write the sums as `sha256sum --check` reads them."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums))
    put_bytes(folder / SUMS, text.encode())


def read_sums(copy: Path) -> dict[str, str]:
    """Return the sums of a copy by the file's name."""
    lines = (copy / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def check_copy(copy: Path, kind: str) -> None:
    """Read a copy whole; raise `BackupRefused` when a byte is not what was written."""
    if kind == "base":
        major = int((copy / "PG_VERSION").read_text(encoding="ascii"))
        run(find_binaries(major), "pg_verifybackup", "--exit-on-error", "--quiet", str(copy))
        return
    for name, digest in read_sums(copy).items():
        if not (copy / name).exists() or digest_of(copy / name) != digest:
            raise BackupRefused(f"{copy / name}: контрольная сумма не сходится.")


def _finish(told: Configuration, place: Path, name: str, began: datetime) -> list[Line]:
    """Mark a copy as whole; a dump of a school has a line of its own."""
    copy, kind = place / name, name.partition("/")[0]

    def line(kind: str, of: Path, school_id: int | None = None) -> Line:
        file = of if of.is_file() else of / ("backup_manifest" if kind == "base" else SUMS)
        return Line(
            kind=kind,
            place=str(place),
            name=name if of is copy else f"{name}/{of.name}",
            started_at=began.isoformat(),
            finished_at=now().isoformat(),
            made_by=told.made_by,
            school_id=school_id,
            size=size_of(of) if of is copy else of.stat().st_size,
            digest=digest_of(file),
        )

    if kind != "schools":
        lines = [line(kind, copy)]
    else:
        lines = [line("public", copy / "public.dump")]
        for dump in sorted(copy.glob("s*.dump")):
            if found := SCHEMA.fullmatch(dump.stem):
                lines.append(line("school", dump, int(found[1])))
    finish(place, name, lines)
    return lines


def _fail(
    told: Configuration, place: Path, name: str, began: datetime, error: BaseException
) -> Line:
    kind = name.partition("/")[0]
    line = Line(
        kind={"schools": "public"}.get(kind, kind),
        place=str(place),
        name=name,
        started_at=began.isoformat(),
        finished_at=now().isoformat(),
        made_by=told.made_by,
        is_good=False,
        note=str(error),
    )
    if place.is_dir():
        note(place, line)
    return line
