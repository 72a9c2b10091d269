"""The residency manifest (манифест размещения): who keeps data, where, by what contract.

One TOML file of the operator's, named by OKRUG_RESIDENCY: the regions allowed, the processors
(обработчики) and the stores each keeps. `infra/residency/template.toml` explains every line.
Source: 152-ФЗ ст. 6 ч. 3, ст. 12, ст. 18 ч. 5; PDP-002.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from foundation.residency.addresses import LOCAL, Address
from kernel.legal_entities import is_inn, is_ogrn
from kernel.personal_data import CATEGORIES

COUNTRY = "Россия"
EVERYTHING = "all"
WIDEST_NETWORK = {4: 8, 6: 32}  # a wider one would let in half the world by one line


class Kind(StrEnum):
    """What is kept or done with data."""

    DATABASE = "database"
    REPLICA = "replica"
    BACKUP = "backup"
    BROKER = "broker"
    FILES = "files"
    MAIL = "mail"
    SMS = "sms"
    MESSENGER = "messenger"
    IDENTITY = "identity"
    ERRORS = "errors"
    LOGS = "logs"
    METRICS = "metrics"
    EXCHANGE = "exchange"
    PROXY = "proxy"


TITLES = {
    Kind.DATABASE: "база данных",
    Kind.REPLICA: "копия базы (реплика)",
    Kind.BACKUP: "резервные копии",
    Kind.BROKER: "очередь задач",
    Kind.FILES: "файлы",
    Kind.MAIL: "почта",
    Kind.SMS: "СМС",
    Kind.MESSENGER: "мессенджер",
    Kind.IDENTITY: "вход через ЕСИА и другие службы",
    Kind.ERRORS: "сбор ошибок",
    Kind.LOGS: "журналы работы",
    Kind.METRICS: "показатели работы",
    Kind.EXCHANGE: "обмен с другими системами",
    Kind.PROXY: "выход в сеть (прокси)",
}


class ManifestIsWrong(Exception):
    """The file cannot be read, or says what may not be; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Processor:
    """A legal entity at one place, under one contract."""

    code: str
    name: str
    inn: str
    ogrn: str
    country: str
    region: str
    city: str
    contract: str


@dataclass(frozen=True, slots=True)
class Store:
    """One kind of data kept or carried by a processor, the hosts it happens at, what reaches it."""

    kind: Kind
    processor: Processor
    hosts: tuple[str, ...]
    data: frozenset[str]  # codes of kernel.personal_data

    def covers(self, address: Address) -> bool:
        """Return whether the address is one of the store's."""
        return any(address.is_covered_by(entry) for entry in self.hosts)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The file as it was read: every processor is in Russia, in a region of the list."""

    regions: tuple[str, ...]
    stores: tuple[Store, ...]


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of a file; raise `ManifestIsWrong` with the first thing that is wrong."""
    try:
        return parse_manifest(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ManifestIsWrong(f"манифест размещения {path} не открывается") from error
    except ValueError as error:
        raise ManifestIsWrong(f"манифест размещения {path} — не TOML: {error}") from error
    except ManifestIsWrong as error:
        raise ManifestIsWrong(f"в манифесте размещения {path} {error}") from error


def parse_manifest(content: Mapping[str, Any]) -> Manifest:
    """Return the manifest of parsed TOML; raise `ManifestIsWrong`."""
    _refuse_unknown("манифест", content, {"regions", "processors", "stores"})
    regions = _texts("манифест", content, "regions")
    processors = {
        str(code): _processor(str(code), table, regions)
        for code, table in _table("манифест", content, "processors").items()
    }
    stores = content.get("stores")
    if not isinstance(stores, list) or not stores:
        raise ManifestIsWrong("нет ни одной записи [[stores]]")
    return Manifest(regions, tuple(_stores(stores, processors)))


def _processor(code: str, table: Any, regions: tuple[str, ...]) -> Processor:
    where = f"обработчик «{code}»"
    names = ("name", "inn", "ogrn", "country", "region", "city", "contract")
    if not isinstance(table, dict):
        raise ManifestIsWrong(f"{where} — не таблица [processors.{code}]")
    _refuse_unknown(where, table, set(names))
    found = Processor(code, *(_text(where, table, name) for name in names))
    if not is_inn(found.inn):
        raise ManifestIsWrong(f"{where}: inn «{found.inn}» — не ИНН")
    if not is_ogrn(found.ogrn):
        raise ManifestIsWrong(f"{where}: ogrn «{found.ogrn}» — не ОГРН")
    if found.country != COUNTRY:
        raise ManifestIsWrong(
            f"{where}: страна «{found.country}», а данные хранят и обрабатывают только в России "
            f"(country = «{COUNTRY}»)"
        )
    if found.region not in regions:
        raise ManifestIsWrong(f"{where}: региона «{found.region}» нет среди разрешённых (regions)")
    return found


def _stores(tables: list[Any], processors: Mapping[str, Processor]) -> Iterator[Store]:
    for number, table in enumerate(tables, start=1):
        where = f"запись {number}"
        if not isinstance(table, dict):
            raise ManifestIsWrong(f"{where} — не таблица [[stores]]")
        _refuse_unknown(where, table, {"kind", "processor", "hosts", "data"})
        kind = _text(where, table, "kind")
        if kind not in list(Kind):
            raise ManifestIsWrong(f"{where}: kind «{kind}» — не из списка ({', '.join(Kind)})")
        where = f"{where} ({TITLES[Kind(kind)]})"
        processor = processors.get(_text(where, table, "processor"))
        if processor is None:
            raise ManifestIsWrong(f"{where}: обработчика «{table['processor']}» нет в [processors]")
        hosts = _texts(where, table, "hosts")
        for host in hosts:
            _check_host(where, host)
        yield Store(Kind(kind), processor, hosts, _data(where, table))


def _data(where: str, table: Mapping[str, Any]) -> frozenset[str]:
    codes = _texts(where, table, "data", may_be_empty=True)
    if codes == (EVERYTHING,):
        return frozenset(CATEGORIES)
    for code in codes:
        if code not in CATEGORIES:
            raise ManifestIsWrong(
                f"{where}: в data «{code}» — не категория данных ({', '.join(CATEGORIES)})"
            )
    return frozenset(codes)


def _check_host(where: str, host: str) -> None:
    """Refuse what no address can equal, and a network so wide that it lists nothing."""
    try:
        if "/" in host:
            network = ip_network(host)
            if network.prefixlen < WIDEST_NETWORK[network.version]:
                raise ManifestIsWrong(f"{where}: сеть {host} слишком широка")
        elif host != LOCAL and (Address.of(host).host == LOCAL or "*" in host):
            raise ValueError
    except ValueError as error:
        raise ManifestIsWrong(
            f"{where}: «{host}» — не узел; нужно «{LOCAL}» (эта машина), имя, имя:порт или сеть"
        ) from error


def _refuse_unknown(where: str, table: Mapping[str, Any], known: set[str]) -> None:
    for name in table:
        if name not in known:
            raise ManifestIsWrong(f"{where}: неизвестная строка «{name}»")


def _table(where: str, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    if not isinstance(found, dict) or not found:
        raise ManifestIsWrong(f"{where}: нет раздела [{name}]")
    return found


def _text(where: str, table: Mapping[str, Any], name: str) -> str:
    found = table.get(name)
    if not isinstance(found, str) or not found.strip() or "<" in found:
        raise ManifestIsWrong(f"{where}: не заполнено {name}")
    return found.strip()


def _texts(
    where: str, table: Mapping[str, Any], name: str, *, may_be_empty: bool = False
) -> tuple[str, ...]:
    found = table.get(name)
    if not isinstance(found, list) or (not found and not may_be_empty):
        raise ManifestIsWrong(f"{where}: не заполнено {name}")
    return tuple(_text(where, {name: one}, name) for one in found)
