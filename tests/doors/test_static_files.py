"""Scripts reach the browser under names that change with their content."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path: Path) -> Path:
    """The static files as `make run` collects them."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "foundation.static.ModuleStaticFilesStorage"},
    }
    call_command(Command(), interactive=False, verbosity=0)
    return tmp_path


def test_modules_import_each_other_by_hashed_names(collected: Path):
    (journal,) = collected.glob("teacher/js/journal.????????????.js")
    imports = re.findall(r'from\s*"([^"]+)"', journal.read_text(encoding="utf-8"))

    assert imports
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imports), imports
