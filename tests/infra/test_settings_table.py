"""docs/ru/settings.md names every variable the product reads, and none that it does not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from infra.local.paths import ROOT

PRODUCT = ("platform", "tenants", "services", "api", "infra/backup")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
# Python's own word, and what the residency check reads to see where it leads: libpq's, Celery's.
NOT_OURS = re.compile(r"PG[A-Z]+|CELERY_[A-Z_]+|PYTHON[A-Z]+|OKRUG_BACKUP_")


def test_table_and_program_name_the_same_variables() -> None:
    text = (ROOT / "docs/ru/settings.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE)
    read = {
        name
        for root in PRODUCT
        for file in sorted((ROOT / root).rglob("*.py"))
        for name in variables_of(file)
    }

    assert len(told) == len(set(told))
    assert sorted(set(told)) == sorted(read)


def variables_of(file: Path) -> Iterator[str]:
    """Yield the names a module asks the environment for: `os.environ`, `required`, OKRUG_ words."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"OKRUG_[A-Z0-9_]+", node.value) and not NOT_OURS.fullmatch(node.value):
                yield node.value
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from (one for one in words([node.slice]) if not NOT_OURS.fullmatch(one))
        elif isinstance(node, ast.Call):
            asked = ast.unparse(node.func)
            if asked in {"os.environ.get", "os.environ.setdefault", "required"}:
                yield from (one for one in words(node.args[:1]) if not NOT_OURS.fullmatch(one))


def words(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and NAME.fullmatch(str(node.value)):
            yield str(node.value)


def test_a_variable_is_found_however_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(
        "import os\n"
        "a = os.environ['A_ONE']\n"
        "b = os.environ.get('B_TWO', 'OTHER')\n"
        "c = required('C_THREE')\n"
        "d = given('OKRUG_FOUR')\n"
        "e = environ.get('PATH_INFO')\n",
        encoding="utf-8",
    )

    assert sorted(variables_of(file)) == ["A_ONE", "B_TWO", "C_THREE", "OKRUG_FOUR"]
