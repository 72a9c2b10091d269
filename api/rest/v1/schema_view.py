"""The schema of the API (OpenAPI), as committed beside this file: `make check` holds it true."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

SCHEMA = Path(__file__).with_name("schema.yaml")


@cache
def _text() -> bytes:
    return SCHEMA.read_bytes()


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """Answer with the schema."""
    return HttpResponse(_text(), content_type="application/vnd.oai.openapi; charset=utf-8")
