"""The dictionary of subjects every school is opened with (curriculum.md §4)."""

import csv
from datetime import date
from importlib.resources import files

from kernel.actor import Actor
from services.schedule.models import Subject


def fill_dictionaries(actor: Actor) -> None:
    """Give a school the subjects with all names they had; one statement, safe to repeat."""
    source = files("services.schedule").joinpath("data", "subjects.csv")
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    Subject.objects.bulk_create(
        [
            Subject(
                code=row["code"],
                short_name=row["short_name"],
                name=row["name"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
