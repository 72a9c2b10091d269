"""From a template and data to a PDF. The data never become a part of the source.

A template is a file `templates/<room>/<name>.typ` of an installed app; it reads what it is given by
`#let data = json(bytes(sys.inputs.data))` and looks as `/documents/base.typ` says. A name like
`#image("/etc/passwd")` is a string there and is printed as it is written. Templates of all rooms
are gathered in one folder, the only one typst may read; there are no packages and no network.
"""

import atexit
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

SHARED = Path(__file__).with_name("templates")
# Control signs, and those that turn the writing direction: they draw a name as what it is not.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# PDF/UA: a document without a title, a table head or words for a picture is an error, not a PDF.
STANDARD: Literal["ua-1"] = "ua-1"


class UnableToRender(Exception):
    """The template is not there or does not fit the data: a defect of ours."""


def render_pdf(*, template: str, data: Mapping[str, Any]) -> bytes:
    """Return the document as a tagged PDF; the same data give the same bytes.

    Days and moments of the data arrive as ISO strings. Raise `UnableToRender`.
    """
    root = _gathered()
    source = root / template
    if not source.is_relative_to(root) or ".." in template or not source.is_file():
        raise UnableToRender(f"no template {template}")
    try:
        return typst.compile(
            source,
            root=root,
            font_paths=_fonts(),
            sys_inputs={"data": _as_json(data)},
            pdf_standards=STANDARD,
            timestamp=0,  # a document knows its day from the data, not from the clock
        )
    except typst.TypstError as error:
        # The words of the compiler may quote the data: a name must not reach a log.
        raise UnableToRender(f"{template} does not compile: {_place(error)}") from None


def list_templates() -> Iterator[tuple[str, Path]]:
    """Yield every template as (name, file): the shared ones, then the rooms'."""
    places = [SHARED, *(Path(app.path) / "templates" for app in apps.get_app_configs())]
    for place in dict.fromkeys(places):
        for file in sorted(place.rglob("*.typ")):
            yield file.relative_to(place).as_posix(), file


def _as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(_cleaned(data), cls=DjangoJSONEncoder, ensure_ascii=False)


def _cleaned(value: Any) -> Any:
    """Return the value with every string in it freed from unseen signs."""
    if isinstance(value, str):
        return UNSEEN.sub("", value)
    if isinstance(value, Mapping):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return value


@cache
def _gathered() -> Path:
    """Return the folder with every room's templates, made once in a process."""
    root = Path(tempfile.mkdtemp(prefix="okrug-documents-")).resolve()
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for name, file in list_templates():
        target = root / name
        if target.exists():
            raise UnableToRender(f"two templates are called {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return root


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts inside typst: a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _place(error: typst.TypstError) -> str:
    """Return the lines of a diagnosis that say where, without those that quote."""
    lines = str(error.diagnostic).splitlines()
    return " ".join(line.strip() for line in lines if "┌─" in line) or "see the template"
