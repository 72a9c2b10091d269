"""Tables for people (для людей): what the rooms above tell, each in Russian and flat.

The roof registers who tells them: a lower floor knows no pupil.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Field, ForeignKey, QuerySet

from foundation.spreadsheets.table import Cell
from kernel.actor import Actor

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: `name` is its file's, of small Russian letters and hyphens."""

    name: str
    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]


Maker = Callable[[Actor], Iterable[Sheet]]
Words = Mapping[Any, str]
_makers: list[Maker] = []


def register_sheets(*makers: Maker) -> None:
    """Let rooms tell their tables; each is called with the school open, and may read only."""
    _makers.extend(maker for maker in makers if maker not in _makers)


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield the tables for people of the school that is open."""
    for maker in _makers:
        yield from maker(actor)


def flat_sheet(
    name: str,
    title: str,
    rows: QuerySet[Any],
    columns: Sequence[str],
    *,
    zone: str,
    words: Mapping[str, tuple[str, Words]] | None = None,
) -> Sheet:
    """Return a table of one model, read a few rows at a time.

    Headers and the words of choices are the model's; `words` puts names in the place of numbers:
    column → (header, number → name). Moments are told in the school's `zone`.
    """
    known = words or {}
    fields = [_field(rows, column) for column in columns]
    headers = [
        known[column][0] if column in known else _capital(str(field.verbose_name))
        for column, field in zip(columns, fields, strict=True)
    ]
    tell = [
        known[column][1] if column in known else _choices(field)
        for column, field in zip(columns, fields, strict=True)
    ]
    return Sheet(name, title, headers, _read(rows, columns, tell, ZoneInfo(zone)))


def _read(
    rows: QuerySet[Any], columns: Sequence[str], tell: Sequence[Words | None], zone: ZoneInfo
) -> Iterator[Sequence[Cell]]:
    for row in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        yield [_cell(value, words, zone) for value, words in zip(row, tell, strict=True)]


def _cell(value: Any, words: Words | None, zone: ZoneInfo) -> Cell:
    if value is None:
        return None
    if words is not None:
        return words.get(value, str(value))
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    cell: Cell = value
    return cell


def _field(rows: QuerySet[Any], column: str) -> "Field[Any, Any]":
    """Return the field a column leads to, through the keys of its own room."""
    model: Any = rows.model
    *path, last = column.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    found: Field[Any, Any] = model._meta.get_field(last)
    return found


def _choices(field: "Field[Any, Any]") -> Words | None:
    if not field.choices or isinstance(field, ForeignKey):
        return None
    return {value: str(label) for value, label in field.flatchoices} | {"": ""}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
