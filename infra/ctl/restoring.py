"""`okrugctl restore school | all | files`: a server given back from its copies (Russian: возврат).

One school goes back while the others work. The whole district stands still meanwhile; the database
that was there is put aside, never removed. The folder of the machine's own PostgreSQL belongs to
its administrator, so there the last steps are named and left to them.
"""

import argparse
import contextlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

from infra.ctl import configuring, product
from infra.ctl.copies import copy
from infra.ctl.errors import CUT_SHORT, Refusal, reason_of
from infra.ctl.holding import hold
from infra.ctl.place import Place
from infra.ctl.raising import bring_up
from infra.ctl.serve import find_copies
from infra.ctl.services import services_of
from infra.ctl.units import names_of, read_unit

DATABASE_UNIT = "okrug-postgres"
WHAT = (
    "Что вернуть: okrugctl restore school <адрес школы> --to 2026-11-20T10:15, "
    "okrugctl restore all [--to …] или okrugctl restore files."
)
DATABASE_IS_BACK = (
    "База возвращена, портал не запущен. Дальше: okrugctl restore files, потом okrugctl start."
)
MACHINES_OWN = """База — PostgreSQL машины, её папку меняет администратор базы. Под root:
    systemctl stop postgresql
    mv /var/lib/postgresql/15/main /var/lib/postgresql/15/main.before
    okrugctl restore all --data /var/lib/postgresql/15/main
    systemctl start postgresql
    okrugctl start
    okrugctl backup"""


def run(asked: argparse.Namespace) -> int:
    """Give back what is asked for; return the exit code."""
    place = Place.of_this_release()
    what, *words = asked.words or [""]
    if what not in ("school", "files", "all") or (
        what == "school" and not any(word.startswith("--to") for word in words)
    ):
        raise Refusal(WHAT)
    told = _parser().parse_args(words) if what == "all" else None
    if told is not None:
        _refuse_unclear_moment(told.to)
    hold(place)
    if what == "school":
        return copy(place, "restore-school", *words)
    if told is None:
        return _give_files_back(place)
    release = place.release()
    assert release is not None  # we run from it
    return restore_district(place, release, to=told.to, data=told.data)


def restore_district(place: Place, release: Path, *, to: str = "", data: Path | None = None) -> int:
    """Bring the whole district back from the copies and let people in; return the exit code.

    Raises `Refusal`; unless it says that the database is back, everything is as it was.
    """
    if not configuring.places_of_copies(place):
        raise Refusal("Не названы места копий: OKRUG_BACKUP_PLACES в /etc/okrug/backup.env.")
    moment = [f"--to={to}"] if to else []
    if not configuring.is_embedded(place):
        return _into_machines_database(place, data, moment)
    if data is not None:
        raise Refusal("Встроенная база возвращается на своё место: --data не нужен.")
    told = configuring.product_environment(place, admin=False)
    servers, processes = names_of(told)
    services = services_of(place, systemd=told["OKRUG_KEEPER"] == "systemd")
    print("Портал и база остановлены до конца восстановления.")
    ran = services.active([*servers, *processes])
    try:
        services.stop([*servers, *processes])
        before = _bring_data(place, moment)
    except BaseException:
        if ran:  # all of them: one that had crashed was being started again and again
            with contextlib.suppress(Refusal):
                services.start([*servers, *processes])
        raise
    if before is not None:
        print(f"Прежняя база отложена: {before}. Убедитесь, что всё на месте, потом удалите её.")
    try:
        files = _give_files_back(place)
        services.start(servers)
        cluster = configuring.embedded_cluster(place, told)
        bring_up(place, release, services, cluster, patience=product.READY_SECONDS)
    except CUT_SHORT as trouble:
        raise Refusal(f"{reason_of(trouble)}\n{DATABASE_IS_BACK}") from trouble
    print("Портал работает. Копия восстановленной базы…")
    return max(files, copy(place, "base"))


def _bring_data(place: Place, moment: list[str]) -> Path | None:
    """Bring the database back; return where the one before lies. Cut short, it lies as it did."""
    home = data_of(place)
    before = _put_aside(home)
    try:
        if copy(place, "restore-all", f"--data={home}", *moment) != 0:
            raise Refusal(
                "Округ не восстановлен, причина — в строках выше. Всё как было до команды."
            )
    except BaseException:
        _put_back(before, home)
        raise
    return before


def refuse_without_settings(place: Place) -> None:
    """Raise `Refusal` unless the settings of the lost server are there: its keys are its data's."""
    own = [place.database] if configuring.is_embedded(place) else []
    needed = (place.settings, place.admin, place.backup, *own)
    missing = [str(file) for file in needed if not file.exists()]
    if missing:
        raise Refusal(
            f"Нет {', '.join(missing)}: сначала верните папку {place.etc} из её копии. "
            "Без прежних ключей и паролей восстановленные данные не открыть."
        )


def refuse_beginning_anew(place: Place) -> None:
    """Raise `Refusal` when an empty database would begin where copies of another one lie."""
    if not configuring.is_embedded(place):
        return
    copies = find_copies(data_of(place), configuring.places_of_copies(place))
    if copies is not None:
        raise Refusal(
            f"В {copies} лежат копии прежней базы. Вернуть её: okrugctl install --from-copies. "
            "Начать с пустой: назовите пустые папки копий в /etc/okrug/backup.env."
        )


def data_of(place: Place) -> Path:
    """Return the folder of the embedded database, as its unit says."""
    command = read_unit(place.units, DATABASE_UNIT).command
    return Path(command[command.index("--data") + 1])


def _into_machines_database(place: Place, data: Path | None, moment: list[str]) -> int:
    if data is None:
        raise Refusal(MACHINES_OWN)
    told = configuring.product_environment(place, admin=False)
    services = services_of(place, systemd=told["OKRUG_KEEPER"] == "systemd")
    services.stop(names_of(told)[1])
    try:
        if copy(place, "restore-all", f"--data={data}", *moment) != 0:
            raise Refusal("Округ не восстановлен, причина — в строках выше.")
    except CUT_SHORT as trouble:
        raise Refusal(
            f"{reason_of(trouble)} Портал остановлен: верните прежнюю папку базы, запустите "
            "PostgreSQL, потом okrugctl start."
        ) from trouble
    files = _give_files_back(place)
    print(
        f"База лежит в {data}, остановлена. Дальше: systemctl start postgresql, okrugctl start, "
        "okrugctl backup, okrugctl doctor."
    )
    return files


def _give_files_back(place: Place) -> int:
    """Put the files of the schools back; they are the portal's, so root does it."""
    told = configuring.product_environment(place, admin=False)
    files = Path(told["OKRUG_FILES"])
    code = copy(place, "restore-files", f"--files={files}", as_root=True)
    if place.is_real and files.is_dir():
        for found in (files, *files.rglob("*")):
            shutil.chown(found, product.ACCOUNT, product.ACCOUNT)
            if found.is_dir():
                found.chmod(0o750)
    return code


def _put_aside(data: Path) -> Path | None:
    """Rename the folder that is there; a folder that is empty is in nobody's way."""
    if not data.exists() or not any(data.iterdir()):
        return None
    aside = data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    data.rename(aside)
    return aside


def _put_back(aside: Path | None, data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    if aside is not None:
        aside.rename(data)


def _refuse_unclear_moment(to: str) -> None:
    try:
        moment = datetime.fromisoformat(to).astimezone() if to else None
    except ValueError:
        raise Refusal(f"--to: нужен момент вида 2026-11-20T10:15, а не «{to}».") from None
    if moment is not None and moment >= datetime.now(UTC):
        raise Refusal(f"Момент {to} ещё не наступил.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="okrugctl restore all")
    parser.add_argument(
        "--to", default="", help="момент, 2026-11-20T10:15; по умолчанию конец архива"
    )
    parser.add_argument("--data", type=Path, help="папка данных PostgreSQL машины, пустая")
    return parser
