"""Drawing a composed document for a browser; done after the transaction that composed it."""

from django.http import HttpResponse

from foundation.documents.paper import PaperDocument
from foundation.documents.rendering import render_pdf
from foundation.files.serving import pdf_response


def paper_response(document: PaperDocument, *, is_shown: bool = True) -> HttpResponse:
    """Return the document as a PDF; `is_shown` lets the browser open it."""
    content = render_pdf(template=document.template, data=document.data)
    return pdf_response(document.filename, content, is_shown=is_shown)
