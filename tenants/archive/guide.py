"""The reader's guide (как читать) that lies in every archive, with what is really in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.spreadsheets.table import Cell
from tenants.archive.rules import Manifest
from tenants.archive.sheets import Sheet

HEAD = """\
# Архив школы «{short_name}»

{name}, {district}. Адрес в портале: `{slug}`.
Архив № {archive_id}, сделан {made_at:%d.%m.%Y %H:%M} UTC; кто просил: {made_by}.
Версия программы: {version}.

**Внимание: здесь персональные данные всех учеников, родителей и работников в открытом виде, в том
числе содержание подписанных согласий.** Храните архив как бумажные личные дела: на зашифрованном
носителе, под замком; передавайте из рук в руки; лишние копии уничтожайте по акту.

## Что где лежит

- `для-людей/` — таблицы на русском языке. Открываются двойным щелчком в LibreOffice Calc, МойОфис,
  Р7 или Excel: UTF-8 с меткой, разделитель — точка с запятой. Если текст начинался со знака `=`,
  `+`, `-` или `@`, перед ним стоит апостроф, чтобы программа не приняла его за формулу.
- `data/` — все таблицы базы данных школы, строка в строку: UTF-8, CSV по RFC 4180 (запятая,
  кавычки, первая строка — названия столбцов, строки кончаются LF). Пустое поле без кавычек — нет
  значения (NULL), пустые кавычки `""` — пустой текст. Моменты времени — с поясом (UTC). Массивы —
  `{{a,b}}`, вложенные данные — JSON, байты — `\\x` и шестнадцатеричные цифры. Апострофов здесь нет:
  не открывайте эти файлы двойным щелчком.
- `public/accounts.csv` — учётные записи, на которые ссылаются таблицы,
  `public/memberships.csv` — роли людей в школе. Паролей, кодов и вторых факторов в архиве нет: в
  новой системе каждый получает лист с кодом и придумывает пароль заново.
- `files/` — приложенные файлы и сканы; название, вид и отпечаток каждого — в
  `data/files_storedfile.csv`, имя файла — столбец `key` без дефисов.
- `schema.json` — все таблицы и столбцы: названия по-русски, типы, на что ссылаются, значения
  перечней. `manifest.json` — опись: число строк, размер и отпечаток SHA-256 каждой части, список
  миграций, последние номера счётчиков.

Проверить, что архив цел: отпечатки в `manifest.json` должны совпасть с `sha256sum` частей.
Загрузить в пустую установку «Округа» той же версии: `manage.py import_school ФАЙЛ`.
"""


@dataclass
class SheetNote:
    """A table for people as the guide tells of it."""

    path: str
    title: str
    rows: int = 0

    def counted(self, sheet: Sheet) -> Iterator[Sequence[Cell]]:
        """Yield the table with its headers, counting the rows."""
        yield sheet.headers
        for row in sheet.rows:
            self.rows += 1
            yield row


def write_guide(
    manifest: Manifest, descriptions: Sequence[dict[str, Any]], sheets: Sequence[SheetNote]
) -> bytes:
    """Return the guide in Russian, with the tables and their numbers."""
    school = manifest.school
    lines = [
        HEAD.format(
            short_name=school.short_name,
            name=school.name,
            district=school.district,
            slug=school.slug,
            archive_id=manifest.archive_id,
            made_at=datetime.fromisoformat(manifest.made_at),
            made_by=manifest.made_by,
            version=manifest.product_version,
        ),
        "## Таблицы для людей",
        "",
        "| Файл | Что в нём | Строк |",
        "|---|---|---:|",
        *[f"| `{one.path}` | {one.title} | {one.rows} |" for one in sheets],
        "",
        "## Таблицы базы данных",
        "",
        "| Файл | Раздел | Строк |",
        "|---|---|---:|",
        *_list_tables(manifest, descriptions),
        "",
        *_list_troubles(manifest),
    ]
    return "\n".join(lines).encode()


def _list_tables(manifest: Manifest, descriptions: Sequence[dict[str, Any]]) -> Iterator[str]:
    rooms = {one["table"]: one["room"] for one in descriptions}
    for table in manifest.tables:
        yield f"| `{table.path}` | {rooms[table.name]} | {table.rows} |"


def _list_troubles(manifest: Manifest) -> Iterator[str]:
    if manifest.missing_files:
        yield "## Чего не хватает"
        yield ""
        yield (
            f"Файлов, которые программа помнит, но на диске их нет или они испорчены: "
            f"{len(manifest.missing_files)}. Их номера — в описи, `missing_files`."
        )
