"""The journal on paper: a subject's sheet, a class's book for a period."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from foundation.documents.serving import paper_response
from portal.shell.menus import school_menu
from services.journal import access
from services.people import queries as people
from services.people.operations.looks import record_seen
from services.records.queries import printed
from services.schedule import queries as schedule
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request


@never_cache
@require_GET
def subject_paper(
    request: Request, school: str, group: int, subject: int, term: int
) -> HttpResponse:
    """Give a page of the journal as a PDF: marks on one side, topics and tasks on the other."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        document = printed.compose_subject(
            actor=actor, group_id=group, subject_id=subject, term_id=term, today=today
        )
        page = f"paper:{group}:{subject}"
        record_seen(actor=actor, page=page, day=today, now=clock.now())
    return paper_response(document)


@never_cache
@require_GET
def class_paper(request: Request, school: str, group: int) -> HttpResponse:
    """Show for which periods the journal of a class can be printed, and how it is certified."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        access.check_class(actor=actor, group_id=group, on=today)
        card = people.get_groups(group_ids=[group])[group]
        terms = schedule.list_terms(level=card.level, start_year=card.start_year)
    begun = [
        {
            "title": term.title,
            "since": term.starts_on,
            "last": term.ends_on,
            "is_closed": term.is_closed,
            "url": reverse(
                "teacher:class-paper-file",
                kwargs={"school": actor.school.slug, "group": group, "term": term.id},
            ),
        }
        for term in terms
        if term.starts_on <= today
    ]
    context = {
        "nav": school_menu(actor, "teacher:journals"),
        "class_title": card.title,
        "terms": begun,
    }
    return render(request, "teacher/paper.html", context)


@never_cache
@require_GET
@confirm_mass_export()
def class_paper_file(request: Request, school: str, group: int, term: int) -> HttpResponse:
    """Give every page of a class for a period as one PDF."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        document = printed.compose_class(actor=actor, group_id=group, term_id=term, today=today)
        record_seen(actor=actor, page=f"paper:{group}", day=today, now=clock.now())
    return paper_response(document)
