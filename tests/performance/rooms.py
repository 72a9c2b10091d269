"""Measuring what has no page of its own: opening a school, importing its people; in process."""

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from random import Random

import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.db.backend.base import quoted
from foundation.db.door import role_of, schema_of, school_transaction
from foundation.spreadsheets import read_table
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.people.operations.imports import apply_import, preview_import
from tenants.provisioning.operations import open_school, request_school
from tenants.provisioning.schema import admin, drop_schema
from tenants.registry.models import School
from tests.performance.figures import Figure, Statements
from tests.performance.load.shape import TODAY
from tests.performance.load.words import FATHERS, FEMALE, MALE, SURNAMES
from tests.performance.statements import classify

SLUG = "bench-new"
PUPILS, GUARDIANS = 1000, 1700
HEADER = (
    *("ФИО", "Класс", "Дата рождения", "Пол"),
    *("ФИО матери", "Телефон матери", "Дата рождения матери"),
    *("ФИО отца", "Телефон отца", "Дата рождения отца"),
)
Timed = Callable[[str, Callable[[], object]], None]


def measure_rooms(times: int) -> list[Figure]:
    """Return the figures of opening a school and of the import into it, each time a new one."""
    content = make_list()
    samples: dict[str, list[float]] = defaultdict(list)
    counted: dict[str, Statements] = {}

    def clock(name: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        samples[name].append((time.perf_counter() - began) * 1000)

    def count(name: str, act: Callable[[], object]) -> None:
        with CaptureQueriesContext(connection) as captured:
            act()
        counted[name] = classify(str(query["sql"]) for query in captured.captured_queries)

    for _ in range(times):
        _bring_up(content, clock)
    _bring_up(content, count)
    del counted["open_school"]  # most of its work is another connection's
    return [Figure(name, taken, statements=counted.get(name)) for name, taken in samples.items()]


def _bring_up(content: bytes, watch: Timed) -> None:
    _close()
    school_id = request_school(slug=SLUG, name="МБОУ «Новая школа»", short_name="Новая школа")
    opened: list[SchoolRef] = []
    watch("open_school", lambda: opened.append(_open(school_id)))
    watch("import_preview", partial(_preview, opened[0], content))
    watch("import_apply", partial(_apply, opened[0], content))
    _close()


def _open(school_id: int) -> SchoolRef:
    return open_school(school_id=school_id, administrator="Измайлова Ирина Игоревна")


def _preview(school: SchoolRef, content: bytes) -> None:
    actor = _secretary(school)
    with school_transaction(actor, school.id):
        table = read_table(content, "list.xlsx")
        report = preview_import(actor=actor, kind="pupils", table=table, today=TODAY)
    assert report.is_acceptable, report.as_dict()


def _apply(school: SchoolRef, content: bytes) -> None:
    actor = _secretary(school)
    with school_transaction(actor, school.id):
        table = read_table(content, "list.xlsx")
        apply_import(actor=actor, kind="pupils", table=table, today=TODAY)


def _secretary(school: SchoolRef) -> Actor:
    return Actor(None, school, frozenset({Role.SECRETARY}))


def _close() -> None:
    """Take the new school away as if it had never been."""
    school_id = School.objects.filter(slug=SLUG).values_list("pk", flat=True).first()
    if school_id is None:
        return
    drop_schema(schema_of(school_id))
    School.objects.filter(pk=school_id).delete()
    if role := role_of(school_id):
        with admin().cursor() as cursor:
            cursor.execute(f"DROP ROLE IF EXISTS {quoted(role)}")


def make_list() -> bytes:
    """Return the workbook of 1 000 pupils with 1 700 guardians, the same every time."""
    dice = Random(27)
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Обучающиеся")
    sheet.write_row(0, 0, HEADER)
    for place in range(PUPILS):
        surname, patronymic = dice.choice(SURNAMES), dice.choice(FATHERS)
        level = place % 11 + 1
        born = date(2019 - level, 1, 1) + timedelta(days=dice.randrange(365))
        child = f"{surname} {dice.choice(MALE)} {patronymic}ич"
        mother = f"{surname}а {dice.choice(FEMALE)} {dice.choice(FATHERS)}на"
        row = [child, f"{level}{'АБВГ'[place // 11 % 4]}", f"{born:%d.%m.%Y}", "м"]
        row += [mother, f"+7 900 {place:07}", _birthday(dice)]
        if place < GUARDIANS - PUPILS:
            father = f"{surname} {dice.choice(MALE)} {dice.choice(FATHERS)}ич"
            row += [father, f"+7 901 {place:07}", _birthday(dice)]
        sheet.write_row(place + 1, 0, row)
    book.close()
    return target.getvalue()


def _birthday(dice: Random) -> str:
    return f"{date(1980, 1, 1) + timedelta(days=dice.randrange(3000)):%d.%m.%Y}"
