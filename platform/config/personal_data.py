"""The register of personal-data fields (реестр полей): read from the models, printed, documented.

Source: 152-ФЗ ст. 18.1 ч. 1 п. 2 and ст. 22 (the operator knows which data it processes, and how
long), PDP-001. A field without a category is caught by tests/architecture.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings

from kernel.personal_data import CATEGORIES
from services.regulation.queries import get_shipped

PURPOSE_ENDS = "пока нужно для цели"


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A line of the register."""

    place: str  # whose schema: the district's or each school's
    table: str
    model: str
    field: str
    title: str
    category: str
    kept: str
    clause: str


def list_personal_fields() -> Iterator[PersonalField]:
    """Yield every field that holds personal data, by room and model."""
    shared = set(settings.SHARED_APPS)
    for app in apps.get_app_configs():
        for model in app.get_models():
            marks: dict[str, str] = getattr(model, "personal_data", {})
            for name, code in marks.items():
                category = CATEGORIES[code]
                field = model._meta.get_field(name)
                yield PersonalField(
                    place="округ" if app.name in shared else "школа",
                    table=model._meta.db_table,
                    model=model.__name__,
                    field=name,
                    title=str(getattr(field, "verbose_name", name)),
                    category=category.title,
                    kept=_kept(category.years_setting),
                    clause=category.clause,
                )


def as_markdown() -> str:
    """Return the register as the document of docs/ru."""
    lines = [
        "# Реестр полей с персональными данными",
        "",
        "Составлен по моделям программы командой `manage.py personal_data --markdown`; тест "
        "следит, чтобы он не устарел. Сроки — по умолчанию, школа может изменить их в "
        "регламенте. Годы считаются с 1 января после выбытия. Журнал действий хранит прежние "
        "значения тех же полей.",
        "",
        "| Где | Таблица | Поле | Что в нём | Категория | Хранится | Основание |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.place} | `{one.table}` | `{one.field}` | {one.title} | {one.category} "
        f"| {one.kept} | {one.clause} |"
        for one in list_personal_fields()
    ]
    return "\n".join(lines) + "\n"


def _kept(key: str | None) -> str:
    return PURPOSE_ENDS if key is None else f"лет: {get_shipped(key=key).value} (`{key}`)"
