"""The stand of a school: the card of the service, its order, the poster, the blanks, all schools.

Six parts (SRV-019): the flow chart, the school's data, the consent's form, the closed grounds of
refusal, the appeal order, the order of the service itself.
"""

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from foundation.documents.codes import qr_svg
from foundation.documents.rendering import render_pdf
from foundation.files.serving import pdf_response
from portal.public.frame import render_open, url_of
from services.cases.queries.stand import Stand, get_stand
from services.people.operations.consents import ConsentKind
from services.people.queries.consent_papers import blank_document, render_sheet
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district, list_schools

# An employee's consent is no part of the service.
BLANKS = [kind for kind in ConsentKind if kind is not ConsentKind.EMPLOYEE]


@never_cache
@require_GET
def service(request: Request, school: str) -> HttpResponse:
    """Show how to get access to the diary (INF-002, SRV-019, SRV-021)."""
    slug = request.actor.school.slug
    context = {
        "stand": _read(request),
        "blanks": [
            (kind.label, reverse("public:blank", kwargs={"school": slug, "kind": kind.value}))
            for kind in BLANKS
        ],
        "apply_url": url_of("public:apply", slug),
        "status_url": url_of("public:status", slug),
        "order_url": url_of("public:order", slug),
        "poster_url": url_of("public:poster", slug),
    }
    return render_open(request, "public/service.html", context)


@never_cache
@require_GET
def order(request: Request, school: str) -> HttpResponse:
    """Show the order of the service as it holds today: every number comes from the regulation."""
    context = {"stand": _read(request), "today": clock.today(request.actor.school.timezone)}
    return render_open(request, "public/order.html", context)


@never_cache
@require_GET
def poster(request: Request, school: str) -> HttpResponse:
    """Send the stand as a poster, A3."""
    actor = request.actor
    stand = _read(request)
    address = request.build_absolute_uri(url_of("public:service", actor.school.slug))
    data = asdict(stand) | {
        "contacts": stand.contacts,
        "qr": qr_svg(address),
        "link": address,
        "on": clock.today(actor.school.timezone),
    }
    return pdf_response("Стенд.pdf", render_pdf(template="cases/stand.typ", data=data))


@never_cache
@require_GET
def blank(request: Request, school: str, kind: str) -> HttpResponse:
    """Send a consent's form with lines to write on."""
    if kind not in {one.value for one in BLANKS}:
        raise Http404
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        document = blank_document(actor=actor, kind=ConsentKind(kind), on=on)
    return pdf_response(f"consent-{kind}.pdf", render_sheet(document=document))


def _read(request: Request) -> Stand:
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        return get_stand(actor=actor, on=clock.today(actor.school.timezone))


@never_cache
@require_GET
def schools(request: HttpRequest) -> HttpResponse:
    """Show the service's pages of all schools of the district."""
    rows = [(one.short_name, url_of("public:service", one.slug)) for one in list_schools()]
    context = {"schools": sorted(rows), "district": get_district().name}
    return render(request, "public/schools.html", context)
