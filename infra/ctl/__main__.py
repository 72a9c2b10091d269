"""`okrugctl`: install, upgrade, back up, restore, examine and size a server of a district.

Exit codes: 0; 1 when a check or a copy found something wrong; 2 when something is in the way;
130 when it was interrupted.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.ctl.errors import Refusal
from infra.local.errors import sentence_of
from infra.local.interrupting import INTERRUPTED, end_alike

BUNDLE = Path(__file__).resolve().parents[3]
# Verb -> module: what needs the release's libraries is loaded only by a verb that has them.
MODULES = {
    "install": "installing",
    "upgrade": "upgrading",
    "settle-install": "settling",
    "settle-upgrade": "renewing",
    "start": "running",
    "stop": "running",
    "restart": "running",
    "status": "running",
    "manage": "running",
    "backup": "copies",
    "restore": "restoring",
    "doctor": "doctor",
    "size": "size",
}


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    asked = _parser().parse_args(arguments)
    try:
        module = importlib.import_module(f"infra.ctl.{MODULES[asked.verb]}")
        return int(module.run(asked))
    except Refusal as refusal:
        print(refusal.sentence, file=sys.stderr)
    except OSError as trouble:
        print(sentence_of(trouble), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nПрервано. Команду можно повторить: сделанное не пропадёт.", file=sys.stderr)
        return INTERRUPTED
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="okrugctl", description="Сервер Округа на этой машине.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="команда")
    _install(verbs.add_parser("install", help="установить из этого комплекта"))
    _bundle(verbs.add_parser("upgrade", help="перейти на версию этого комплекта"))
    _install(verbs.add_parser("settle-install"))  # the same words, said to the release itself
    _bundle(verbs.add_parser("settle-upgrade"))
    verbs.add_parser("start", help="запустить службы")
    verbs.add_parser("stop", help="остановить службы")
    restart = verbs.add_parser("restart", help="перезапустить портал по частям, без перерыва")
    restart.add_argument("--servers", action="store_true", help="и встроенные базу и очередь")
    verbs.add_parser("status", help="что работает")
    for name, words in (
        ("manage", "команда управления портала: okrugctl manage open_school …"),
        ("backup", "копии: без слов — всё сейчас; due, base, schools, files, verify, status…"),
        ("restore", "вернуть из копий: school …, all …, files"),
    ):
        verbs.add_parser(name, help=words).add_argument("words", nargs=argparse.REMAINDER)
    doctor = verbs.add_parser("doctor", help="проверить сервер: что не так и как исправить")
    doctor.add_argument("--json", action="store_true")
    size = verbs.add_parser("size", help="сколько нужно диска, памяти и ядер")
    size.add_argument("--schools", type=int, required=True, help="школ")
    size.add_argument("--pupils", type=int, required=True, help="учеников во всех школах")
    size.add_argument("--years", type=int, default=5, help="учебных лет хранения (5)")
    return parser


def _bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--root", type=Path, default=Path("/"), help="для пробы: всё под папкой")
    parser.add_argument("--patience", type=int, default=90, help="сколько секунд ждать портал")
    parser.set_defaults(bundle=BUNDLE)


def _install(parser: argparse.ArgumentParser) -> None:
    _bundle(parser)
    parser.add_argument("--host", default="", help="имя портала в браузере; несколько — запятой")
    parser.add_argument("--ports", default="8001 8002", help="порты портала за прокси")
    parser.add_argument("--listen", default="127.0.0.1", help="адрес портала за прокси")
    parser.add_argument(
        "--database-admin-url",
        default="",
        help="адрес PostgreSQL машины под суперпользователем; без него — встроенная база",
    )
    parser.add_argument("--broker-url", default="", help="адрес Valkey; без него — встроенный")
    parser.add_argument("--residency", type=Path, help="заполненный манифест размещения")
    parser.add_argument(
        "--backup-places", default="", help="две папки копий через двоеточие, на разных носителях"
    )
    parser.add_argument(
        "--from-copies",
        action="store_true",
        help="сервер потерян: вернуть округ из мест копий, /etc/okrug уже на месте",
    )
    parser.add_argument(
        "--no-systemd", action="store_true", help="процессы держит сам okrugctl, без systemd"
    )


if __name__ == "__main__":
    end_alike()
    sys.exit(main(sys.argv[1:]))
