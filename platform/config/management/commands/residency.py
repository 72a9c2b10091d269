"""`manage.py residency`: where data lie and who keeps them (реестр размещения)."""

import csv
import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.residency import list_uses, list_ways_out
from foundation.residency.manifest import TITLES, Kind, Store, read_manifest
from kernel.personal_data import CATEGORIES

COLUMNS = (
    "что",
    "кто обрабатывает",
    "ИНН",
    "ОГРН",
    "где",
    "узлы",
    "настроено сейчас",
    "персональные данные",
    "договор",
    "примечание",
)
ROLES_ARE_OFF = (
    "роли в базе данных выключены (OKRUG_DB_ROLES=off): школы разделяет только программа"
)
ROLES_ARE_ON = "у каждой школы своя роль в базе данных"


class Command(BaseCommand):
    """Print the manifest beside what is set, or the list for the egress proxy."""

    help = "Печатает реестр размещения: кто, где и какие данные хранит и обрабатывает."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what is printed."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--csv", action="store_true", help="таблицей для программы (CSV)")
        how.add_argument(
            "--egress", action="store_true", help="узлы для прокси: по одному узел:порт в строке"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        if options["egress"]:
            for address in list_ways_out(settings, os.environ):
                self.stdout.write(str(address))
        elif options["csv"]:
            csv.writer(self.stdout, lineterminator="\n").writerows([COLUMNS, *_rows()])
        else:
            self.stdout.write(_as_text([COLUMNS, *_rows()]))


def _rows() -> Iterator[tuple[str, ...]]:
    """Yield a line per store of the manifest."""
    manifest = read_manifest(settings.RESIDENCY_MANIFEST)
    uses = list_uses(settings, os.environ)
    for store in manifest.stores:
        set_now = [
            str(one) for one in uses if store.kind in one.kinds and store.covers(one.address)
        ]
        by = store.processor
        yield (
            TITLES[store.kind],
            by.name,
            by.inn,
            by.ogrn,
            f"{by.country}, {by.region}, {by.city}",
            ", ".join(store.hosts),
            ", ".join(dict.fromkeys(set_now)) or "нет",
            _data(store),
            by.contract,
            _note(store),
        )


def _data(store: Store) -> str:
    if store.data == frozenset(CATEGORIES):
        return "все категории"
    return "; ".join(CATEGORIES[code].title for code in sorted(store.data)) or "нет"


def _note(store: Store) -> str:
    if store.kind is not Kind.DATABASE:
        return ""
    return ROLES_ARE_ON if settings.DB_ROLES else ROLES_ARE_OFF


def _as_text(table: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[place]) for row in table) for place in range(len(COLUMNS))]
    lines = [
        " | ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
