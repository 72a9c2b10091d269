"""Which edition of the product this is."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

NAME = "okrug"
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@cache
def product_version() -> str:
    """Return the version that is installed; run from its sources, the version they bear."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
