"""The walls of docs/architecture.md §3 and §6 between models, as pure functions over plain facts.

`facts.py` of the same folder reads the facts from Django; a planted fact is as easy to check.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

BOTH = frozenset({"outbox", "audit", "registers", "files", "notify"})
LOOKS_PERSONAL = re.compile(
    r"(last|first|middle|full|display|maiden)_name$|birth|^sex$|gender|phone|mail$|address$"
    r"|snils|passport|^login$|identity|citizenship|medical|health|diagnosis|photo"
)


@dataclass(frozen=True)
class KeyFact:
    """A relation of a model: `journal.Mark` has `pupil` pointing to `people.Pupil`."""

    model: str
    field: str
    target: str
    related_name: str | None = "+"

    @property
    def app(self) -> str:
        return self.model.partition(".")[0]

    @property
    def target_app(self) -> str:
        return self.target.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.model}.{self.field} → {self.target}"


@dataclass(frozen=True)
class ModelFact:
    """A model: the fields that hold words or days, and what it says of personal data."""

    label: str
    worded_fields: frozenset[str]
    fields: frozenset[str]
    personal_data: Mapping[str, str] = field(default_factory=dict)


def find_misplaced_app(
    apps: Iterable[str], shared: Collection[str], school: Collection[str]
) -> Iterator[str]:
    """Find an app that is not in exactly one of the two lists; four stand in both."""
    for app in apps:
        in_shared, in_school = app in shared, app in school
        if app.rpartition(".")[2] in BOTH:
            if not (in_shared and in_school):
                yield f"{app} must be in SHARED_APPS and in TENANT_APPS"
        elif in_shared == in_school:
            yield f"{app} must be in exactly one of SHARED_APPS and TENANT_APPS"


def find_upward_key(keys: Iterable[KeyFact], order: Sequence[str]) -> Iterator[str]:
    """Find a key into an app that stands higher; `order` runs from the ground up."""
    for key in keys:
        if order.index(key.target_app) > order.index(key.app):
            yield f"{key} points up"


def find_key_across_schemas(
    keys: Iterable[KeyFact], shared: Collection[str], school: Collection[str]
) -> Iterator[str]:
    """Find a key between the public schema and a school's: the id is held without one."""
    for key in keys:
        home = (key.app in shared, key.app in school)
        if key.app != key.target_app and home != (
            key.target_app in shared,
            key.target_app in school,
        ):
            yield f"{key} crosses schemas"


def find_way_back(keys: Iterable[KeyFact]) -> Iterator[str]:
    """Find a key between apps that gives the lower model a way up."""
    for key in keys:
        if key.app != key.target_app and not (key.related_name or "").endswith("+"):
            yield f'{key} needs related_name="+"'


def find_unmarked_personal_data(models: Iterable[ModelFact]) -> Iterator[str]:
    """Find a field that looks personal and has no category."""
    for model in models:
        for name in sorted(model.worded_fields - model.personal_data.keys()):
            if LOOKS_PERSONAL.search(name):
                yield f"{model.label}.{name} has no category in personal_data"


def find_wrong_personal_data(
    models: Iterable[ModelFact], categories: Collection[str]
) -> Iterator[str]:
    """Find a mark on a field that is not there, or a category nobody knows."""
    for model in models:
        for name, category in model.personal_data.items():
            if name not in model.fields:
                yield f"{model.label}.personal_data names {name}, which is no field"
            if category not in categories:
                yield f"{model.label}.{name} has the unknown category {category}"


def find_unlisted_route(routes: Iterable[str], matrix: Collection[str]) -> Iterator[str]:
    """Find an address without a name, or without a row in the permission matrix."""
    for route in routes:
        if not route.rpartition(":")[2]:
            yield f"an address has no name ({route or 'outside every namespace'})"
        elif route not in matrix:
            yield f"{route} has no row in config.permissions.MATRIX"


def find_row_without_route(routes: Collection[str], matrix: Iterable[str]) -> Iterator[str]:
    """Find a row of the permission matrix that admits to nowhere."""
    for row in matrix:
        if row not in routes:
            yield f"config.permissions.MATRIX names {row}, which is no route"
