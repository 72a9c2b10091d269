"""Handing a file to a browser: as a download, never to be shown or kept on the way."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from foundation.files.queries import StoredFileContent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_response(file: StoredFileContent, *, is_shown: bool = False) -> HttpResponse:
    """Return the file as an answer; `is_shown` lets the browser open it (our own PDF)."""
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(not is_shown, file.name) or ""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def pdf_response(name: str, content: bytes, *, is_shown: bool = True) -> HttpResponse:
    """Return a document made just now as an answer."""
    file = StoredFileContent(name, "application/pdf", content, "")
    return file_response(file, is_shown=is_shown)


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    """Return a spreadsheet made just now as an answer."""
    return file_response(StoredFileContent(name, XLSX, content, ""))
