"""The tree keeps the shape that packaging, imports and people rely on (docs/architecture.md §2)."""

import platform
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, SOURCE_ROOTS, python_files


def test_platform_is_still_the_standard_library() -> None:
    assert not (ROOT / "platform/__init__.py").exists()
    assert platform.__file__.endswith("/platform.py")


def test_no_package_of_ours_shadows_the_standard_library() -> None:
    own = {path.stem for root in SOURCE_ROOTS for path in importable(root)}

    assert own & sys.stdlib_module_names == {"platform"}


def importable(root: Path) -> Iterable[Path]:
    """Yield what `import` would find at a source root, and the bare folder `platform`."""
    return [path for path in root.iterdir() if path.suffix == ".py" or is_package(path)]


def is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists() or folder == ROOT / "platform"


def test_module_named_as_the_standard_library_is_importable(tmp_path: Path) -> None:
    (tmp_path / "calendar.py").write_text("")
    (tmp_path / "json").mkdir()
    (tmp_path / "json/__init__.py").write_text("")
    (tmp_path / "statistics").mkdir()

    assert {path.stem for path in importable(tmp_path)} == {"calendar", "json"}


def test_every_folder_of_modules_is_a_package() -> None:
    """A folder without `__init__.py` is invisible to import-linter."""
    folders = {(ROOT / path).parent for path, _ in python_files(*PACKAGES, "tests", "infra")}

    assert [folder for folder in sorted(folders) if not is_package(folder)] == []


def test_imports_inside_functions_are_refused_everywhere() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    excused = [code for codes in lint["lint"]["per-file-ignores"].values() for code in codes]
    waivers = [path for path, source in python_files() if "noqa: PLC" in source]

    assert "PLC0415" in lint["lint"]["select"]
    assert "PLC0415" not in [*lint["lint"]["ignore"], *excused]
    assert waivers == ["platform/config/apps.py"]  # docs/adr/0003-wiring-is-imported-in-ready.md


@pytest.mark.parametrize("code", ["DTZ", "C90", "BLE", "E722", "T20"])
def test_habits_that_ruff_keeps_stay_switched_on(code: str) -> None:
    """Aware dates, simple functions, no bare except, no prints."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]

    assert any(code.startswith(selected) for selected in lint["lint"]["select"])
