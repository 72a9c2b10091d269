"""What `okrugctl doctor` thinks of what it found: plain values in, a cure for each trouble."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from infra.backup.wal import ARCHIVE_IS_ELSEWHERE, ARCHIVE_IS_OFF

OLDEST_POSTGRESQL = 150000
LEAST_FREE_SHARE, LEAST_FREE_BYTES = 0.1, 2_000_000_000
LARGEST_SKEW_SECONDS = 2.0
CERTIFICATE_DAYS = 14
NEEDED = (
    *("SECRET_KEY", "OKRUG_IDENTITY_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "BROKER_URL"),
    *("OKRUG_RESIDENCY", "OKRUG_FILES", "OKRUG_PORTS", "OKRUG_LISTEN"),
)


class Level(StrEnum):
    """How bad it is; the exit code looks at BAD only."""

    GOOD = "хорошо"
    WORTH_A_LOOK = "внимание"
    BAD = "плохо"


@dataclass(frozen=True)
class Finding:
    """One sentence of the doctor; a trouble bears its cure."""

    level: Level
    words: str
    cure: str = ""


def good(words: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(Level.GOOD, words)


def bad(words: str, cure: str) -> Finding:
    """Return a finding that must be mended."""
    return Finding(Level.BAD, words, cure)


def worth_a_look(words: str, cure: str) -> Finding:
    """Return a finding that may be meant so."""
    return Finding(Level.WORTH_A_LOOK, words, cure)


def judge_python(version: tuple[int, int], release: str) -> Finding:
    """The release and the Python under it."""
    words = f"Версия Округа {release}, Python {version[0]}.{version[1]}"
    if version < (3, 11):
        return bad(words, "Нужен Python 3.11 или новее: установите его и комплект для него.")
    return good(words)


def judge_secrets(modes: Mapping[str, int]) -> Iterator[Finding]:
    """The files with passwords, by name: nobody but their owner may read them."""
    for file, mode in modes.items():
        if mode & 0o077:
            yield bad(f"{file} открыт посторонним (права {mode & 0o777:o})", f"chmod 600 {file}")
    if not any(mode & 0o077 for mode in modes.values()):
        yield good("Файлы с паролями закрыты")


def judge_settings(told: Mapping[str, str]) -> Finding:
    """The variables nothing works without."""
    missing = [name for name in NEEDED if not told.get(name)]
    if missing:
        return bad(
            f"В okrug.env не заданы: {', '.join(missing)}",
            "Повторите okrugctl install из комплекта: чего не хватает, допишется.",
        )
    return good("Настройки на месте")


def judge_disk(folder: str, total: int, free: int) -> Finding:
    """Room on the disk of a folder."""
    words = f"{folder}: свободно {free / 1e9:.1f} из {total / 1e9:.0f} ГБ"
    if free < LEAST_FREE_BYTES or free < total * LEAST_FREE_SHARE:
        return bad(
            words, "Освободите место или увеличьте диск: okrugctl size скажет, сколько надо."
        )
    return good(words)


def judge_services(names: Iterable[str], active: Iterable[str]) -> Finding:
    """The services that should run."""
    silent = sorted(set(names) - set(active))
    if silent:
        return bad(
            f"Не работают службы: {', '.join(silent)}",
            "okrugctl start; причина — journalctl --namespace=okrug -u имя_службы.",
        )
    return good("Все службы работают")


def judge_folder(folder: str, *, is_there: bool) -> Iterator[Finding]:
    """The folder of the embedded database."""
    if not is_there:
        yield bad(
            f"Папки базы {folder} нет",
            "Диск не подключён — подключите его и okrugctl start; папка потеряна — "
            "okrugctl restore all вернёт округ из копий.",
        )


def judge_portal(port: str, code: int, answer: Mapping[str, Any]) -> Iterator[Finding]:
    """What the portal on a port says of itself; the code is 0 when it says nothing."""
    status = answer.get("status")
    if code == 200:
        yield good(f"Портал на порту {port} готов")
    elif status == "empty":
        yield worth_a_look("Нет ни одной школы", "okrugctl manage open_school …")
    else:
        words = answer.get("database") or status or "нет ответа"
        yield bad(f"Портал на порту {port} не готов: {words}", "okrugctl restart, потом doctor.")
    if answer.get("outbox", "ok") != "ok":
        seconds = answer.get("outbox_oldest_seconds", 0)
        yield bad(
            f"События не доставляются (самое старое ждёт {seconds} с)",
            "Проверьте службы okrug-outbox и okrug-worker и очередь (BROKER_URL).",
        )
    if answer.get("database_roles") == "off":
        yield worth_a_look(
            "Роли школ в базе выключены (OKRUG_DB_ROLES=off)",
            "Так работают, только если облако запрещает CREATE ROLE.",
        )


def judge_database(facts: Mapping[str, Any]) -> Iterator[Finding]:
    """What the database is, whether it is the code's, whether its clock is this machine's."""
    version = int(facts["version"])
    if version < OLDEST_POSTGRESQL:
        yield bad(f"PostgreSQL {version // 10000}", "Нужен PostgreSQL 15 или новее: pg_upgrade.")
    else:
        yield good(f"PostgreSQL {version // 10000}")
    if not facts["knows_cyrillic"]:
        yield bad(
            "Локаль базы не знает кириллицы: поиск и сортировка имён сломаны",
            "Создайте кластер с локалью C.UTF-8 или ru_RU.UTF-8 и восстановите базу из копии.",
        )
    if not facts["roles_are_bare"]:
        yield bad(
            "У роли портала или миграций в базе лишние права",
            "ALTER ROLE okrug_web NOSUPERUSER NOINHERIT; ALTER ROLE okrug_migrator NOSUPERUSER;",
        )
    if facts["migrations"]:
        yield bad(
            f"Не выполнены миграции: {len(facts['migrations'])}", "okrugctl manage migrate_public"
        )
    if facts["behind"]:
        names = ", ".join(facts["behind"][:5])
        yield bad(
            f"Отстают школы: {names}; они работают по-старому", "okrugctl manage migrate_schools"
        )
    if not facts["migrations"] and not facts["behind"]:
        yield good("Таблицы округа и школ — этой версии")
    skew = abs(float(facts["skew"]))
    if skew > LARGEST_SKEW_SECONDS:
        yield bad(
            f"Часы базы и этой машины расходятся на {skew:.0f} с",
            "Включите синхронизацию времени на обеих: timedatectl set-ntp true.",
        )


def judge_clock(is_synchronised: bool | None) -> Finding:
    """Whether somebody sets the machine's clock; `None` when it cannot be learnt."""
    if is_synchronised:
        return good("Часы сверяются с сервером времени")
    return worth_a_look(
        "Неизвестно, сверяются ли часы" if is_synchronised is None else "Часы не сверяются",
        "Сроки услуги идут по часам: timedatectl set-ntp true, сервер времени — в России.",
    )


def judge_certificate(host: str, days: float | None, trouble: str = "") -> Finding:
    """The certificate that browsers see; `days` is `None` when nobody shows one."""
    if days is None:
        return worth_a_look(
            f"https://{host}: {trouble or 'нет ответа'}",
            "Настройте прокси с TLS: docs/ru/install-bare-metal.md, шаг 6.",
        )
    if days < CERTIFICATE_DAYS:
        return bad(f"Сертификат {host} кончается через {days:.0f} дн.", "Продлите сертификат.")
    return good(f"Сертификат {host} действует ещё {days:.0f} дн.")


def judge_backups(code: int | None, words: str) -> Finding:
    """What `infra.backup status` says; the code is `None` when no places are set."""
    if code is None:
        return bad(
            "Резервные копии не настроены",
            "okrugctl install … --backup-places /первая:/вторая, на разных носителях.",
        )
    if ARCHIVE_IS_OFF in words or ARCHIVE_IS_ELSEWHERE in words:
        return bad(
            f"Резервные копии: {words}",
            "Добавьте в postgresql.conf строки из docs/ru/install-bare-metal.md, шаг 2, и "
            "перезапустите PostgreSQL; потом okrugctl backup.",
        )
    if code != 0:
        return bad(
            f"Резервные копии: {words}", "okrugctl backup; подробнее — okrugctl backup status."
        )
    return good("Резервные копии свежие и целые")
