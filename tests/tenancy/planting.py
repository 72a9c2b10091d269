"""A migration of the journal that the product does not have: the release that comes next."""

import sys
import uuid
from pathlib import Path
from typing import Any

from services.journal import migrations as real

SOURCE = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("journal", "{after}")]
    operations = [{operations}]
"""


def plant_migration(
    folder: Path, settings: Any, operations: str, *, name: str = "9001_planted", atomic: bool = True
) -> str:
    """Let the journal have one more migration until the test ends; return its name."""
    (own,) = real.__path__
    last = sorted(path.stem for path in Path(own).glob("0*.py"))[-1]
    package = f"planted_{uuid.uuid4().hex}"
    place = folder / package
    place.mkdir()
    (place / "__init__.py").write_text(f"__path__ = [{own!r}, {str(place)!r}]\n")
    (place / f"{name}.py").write_text(
        SOURCE.format(atomic=atomic, after=last, operations=operations)
    )
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    settings.MIGRATION_MODULES = {"journal": package}
    return name
