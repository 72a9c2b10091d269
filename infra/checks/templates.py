"""`make check`: every template of the product compiles."""

import sys
from pathlib import Path

import django
from django.apps import apps
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

from infra.local.paths import ROOT


def main() -> int:
    """Print each template that does not compile; return 1 when there is one."""
    django.setup()
    names = list_templates()
    defects = [defect for name in names if (defect := find_defect(name))]
    for defect in defects:
        print(defect)
    print(f"Templates: {len(names)}, of them broken: {len(defects)}.")
    return 1 if defects else 0


def list_templates() -> list[str]:
    """Return the names of the templates in our own apps."""
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    ours = [folder for folder in folders if folder.is_relative_to(ROOT) and not _is_library(folder)]
    return sorted(
        str(file.relative_to(folder))
        for folder in ours
        for file in folder.rglob("*")
        if file.is_file()
    )


def find_defect(name: str) -> str | None:
    """Return what is wrong with a template, `None` when it compiles."""
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as defect:
        return f"{name}: {type(defect).__name__}: {defect}"
    return None


def _is_library(folder: Path) -> bool:
    return folder.is_relative_to(ROOT / ".venv")


if __name__ == "__main__":
    sys.exit(main())
