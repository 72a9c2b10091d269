"""A document composed by a room that knows its data, before it is drawn."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """What `foundation.documents.rendering.render_pdf` needs, and how the file is called."""

    template: str
    filename: str
    data: dict[str, Any]
