"""The project's own files, as the architecture tests read them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = (ROOT, ROOT / "platform")
PACKAGES = (
    "platform/kernel",
    "platform/foundation",
    "platform/portal",
    "platform/config",
    "tenants",
    "services",
    "api",
)


def python_files(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield (path from the root, source) of every Python file of the folders."""
    yield from _files(folders or PACKAGES, {".py"})


def template_files() -> Iterator[tuple[str, str]]:
    """Yield (path, source) of every template."""
    for path, source in _files(PACKAGES, {".html", ".svg", ".txt", ".xml"}):
        if "/templates/" in path:
            yield path, source


def page_files() -> Iterator[tuple[str, str]]:
    """Yield (path, source) of everything a browser may be sent: templates and static files."""
    for path, source in _files(PACKAGES, {".html", ".svg", ".css", ".js", ".mjs", ".json"}):
        if "/templates/" in path or "/static/" in path:
            yield path, source


def _files(folders: tuple[str, ...], suffixes: set[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
