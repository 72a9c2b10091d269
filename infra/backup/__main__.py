"""`python -m infra.backup`: copies made, checked, removed, given back; each leaves a journal line.

Exit codes: 0, 1 when a copy or a check failed, 2 when something outside is in the way, 130 when
interrupted: a school that stood still works again, half a copy is gone.
"""

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from infra.backup import wal
from infra.backup.checks import as_json, find_archive_trouble, is_due, look, verify
from infra.backup.configuration import Configuration, read_configuration
from infra.backup.copies import copy_base, copy_files, copy_schools
from infra.backup.places import BackupRefused, Line, prepare_place
from infra.backup.product import has_product, write_journal
from infra.backup.pruning import prune
from infra.backup.restoring import put_files, restore_all, restore_school
from infra.local.errors import CannotStart, sentence_of
from infra.local.interrupting import INTERRUPTED, end_alike

LOOKS = ("init", "status")
Work = Callable[[Configuration], list[Line]]


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; return the exit code."""
    asked = _parser().parse_args(arguments)
    if asked.verb == "wal":
        return wal.main(["put", asked.path, asked.name])
    try:
        told = read_configuration()
        with contextlib.nullcontext() if asked.verb in LOOKS else _alone(told.places):
            return int(asked.do(told, asked))
    except OthersAreAtIt as refused:
        print(str(refused), file=sys.stderr)
        return 0 if asked.verb == "due" else 2  # the timer comes again in an hour
    except (BackupRefused, CannotStart) as refused:
        print(str(refused), file=sys.stderr)
    except OSError as trouble:
        print(sentence_of(trouble), file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 2


class OthersAreAtIt(BackupRefused):
    """Copies are being made, removed or given back already."""


@contextlib.contextmanager
def _alone(places: Sequence[Path]) -> Iterator[None]:
    """Work in the places while nobody else does: what one prunes another may be reading."""
    with contextlib.ExitStack() as kept:
        for place in filter(Path.is_dir, places):
            handle = os.open(place, os.O_RDONLY)
            kept.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                words = "Уже идёт копирование или возврат: дождитесь конца."
                raise OthersAreAtIt(words) from None
            except OSError:  # a share of another machine that knows no such locks
                continue
        yield


def _init(told: Configuration, _: argparse.Namespace) -> int:
    for place in told.places:
        prepare_place(place)
        print(f"{place}: место копий готово")
    return 0


def _works(*works: Work) -> Callable[[Configuration, argparse.Namespace], int]:
    return lambda told, _: _work(told, works)


def _work(told: Configuration, works: Sequence[Work]) -> int:
    return _report(told, [line for work in works for line in work(told)])


def _report(told: Configuration, lines: list[Line]) -> int:
    for line in lines:
        print(_say(line), flush=True)
    _tell(told)
    return 0 if all(line.is_good for line in lines) else 1


def _tell(told: Configuration) -> None:
    """Write the portal's journal; its trouble is said and spoils no copy."""
    if not has_product(told):
        return
    try:
        print(write_journal(told.places))
    except BackupRefused as refused:
        print(
            f"Журнал портала не записан, строки лежат рядом с копиями: {refused}", file=sys.stderr
        )


def _say(line: Line) -> str:
    outcome = "готово" if line.is_good else "НЕ УДАЛОСЬ"
    size = f", {line.size / 1e6:.1f} МБ" if line.size else ""
    words = f": {line.note}" if line.note else ""
    return f"{line.kind} {line.place}/{line.name}: {outcome}{size}{words}"


def _due(told: Configuration, _: argparse.Namespace) -> int:
    """Make what the schedule asks for now; the timer calls this every hour."""
    moment = datetime.now(UTC)
    works: list[Work] = []
    if is_due(told, "base", told.base_every, moment):
        works += [copy_base, *([copy_files] if told.files.is_dir() else [])]
    if is_due(told, "schools", told.schools_every, moment):
        works.append(copy_schools)
    if not works:
        print("Копии не старше срока.")
        return 0
    return _work(told, [*works, verify, prune])


def _status(told: Configuration, asked: argparse.Namespace) -> int:
    standings = look(told, datetime.now(UTC))
    if asked.json:
        print(as_json(standings))
    else:
        for one in standings:
            copies = ", ".join(f"{kind} {name}" for kind, name in one.newest.items()) or "копий нет"
            age = "нет" if one.segment_seconds is None else f"{one.segment_seconds} с назад"
            free = f"{one.free_bytes / 1e9:.1f} ГБ"
            print(f"{one.place}: {copies}; журнал: {age}; свободно {free}")
            for trouble in one.troubles:
                print(f"  ! {trouble}")
    if stuck := find_archive_trouble(told):
        print(stuck, file=sys.stderr)
    return 1 if stuck or any(one.troubles for one in standings) else 0


def _restore_school(told: Configuration, asked: argparse.Namespace) -> int:
    return _report(told, restore_school(told, asked.school, asked.to, print))


def _restore_all(told: Configuration, asked: argparse.Namespace) -> int:
    # The portal does not run yet: its journal gets the line with the next copy.
    lines = restore_all(told, asked.data, asked.to, print, asked.files)
    for line in lines:
        print(_say(line))
    return 0


def _restore_files(told: Configuration, asked: argparse.Namespace) -> int:
    print(f"  файлы возвращены из {put_files(told.places, asked.files)}")
    return 0


def _moment(text: str) -> datetime:
    """Return a moment; one without a zone is the machine's own time."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        words = f"нужен момент вида 2026-11-20T10:15, а не «{text}»"
        raise argparse.ArgumentTypeError(words) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.backup", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    def verb(name: str, do: object, words: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=words)
        added.set_defaults(do=do)
        return added

    verb("init", _init, "подготовить места копий (один раз, при подключённых дисках)")
    verb("now", _works(copy_base, copy_files, copy_schools, verify), "все копии сейчас и проверка")
    verb("base", _works(copy_base), "копия всей базы в оба места")
    verb("schools", _works(copy_schools), "копия каждой школы и общих данных")
    verb("files", _works(copy_files), "копия папки файлов")
    verb("verify", _works(verify), "проверить новейшие копии и журнал предзаписи")
    verb("prune", _works(prune), "удалить копии старше срока хранения")
    verb("due", _due, "сделать то, чему пришёл срок по расписанию")
    verb("status", _status, "сказать, что где лежит").add_argument("--json", action="store_true")
    school = verb("restore-school", _restore_school, "вернуть одну школу к моменту")
    school.add_argument("school", help="адрес школы в портале")
    school.add_argument("--to", type=_moment, required=True, help="момент, 2026-11-20T10:15")
    whole = verb("restore-all", _restore_all, "вернуть весь округ в пустую папку данных")
    whole.add_argument("--data", type=Path, required=True, help="пустая папка данных PostgreSQL")
    whole.add_argument("--to", type=_moment, help="момент; по умолчанию конец архива")
    whole.add_argument("--files", type=Path, help="куда вернуть файлы")
    files = verb("restore-files", _restore_files, "вернуть папку файлов из новейшей целой копии")
    files.add_argument("--files", type=Path, required=True, help="куда вернуть файлы")
    segment = verbs.add_parser("wal", help="archive_command: сохранить сегмент")
    segment.add_argument("path", type=Path)
    segment.add_argument("name")
    return parser


if __name__ == "__main__":
    end_alike()
    sys.exit(main(sys.argv[1:]))
