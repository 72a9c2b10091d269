"""«Мои данные»: an employee asks what the school keeps of him, and takes the answer."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from kernel.errors import NotFound
from portal.office.consents.frame import download, page, today_of, url
from services.people.operations.subject_requests import RequestIsThere, ask_as_employee
from services.people.queries.answers import make_answer
from services.people.queries.consents import get_operator
from services.people.queries.subject_requests import (
    get_request_as_employee,
    list_requests_as_employee,
)
from services.regulation.queries import get_setting
from tenants.accounts.gate import Request


@never_cache
@require_http_methods(["GET", "POST"])
def my_data(request: Request, school: str) -> HttpResponse:
    """Show the own requests; register a new one."""
    actor, on = request.actor, today_of(request.actor)
    if request.method == "POST":
        _ask(request)
        return HttpResponseRedirect(url("my-data", actor))
    with school_transaction(actor, actor.school.id):
        cards = list_requests_as_employee(actor=actor, on=on)
        operator = get_operator(actor=actor, on=on)
        days = int(get_setting(key="subject_request.due_workdays", on=on).value)
    context = {
        "cards": [(one, url("my-data-answer", actor, request_id=one.id)) for one in cards],
        "operator": operator,
        "days": days,
        "waits": any(one.is_open for one in cards),
    }
    return page(request, "my_data.html", context)


@never_cache
@require_GET
def answer(request: Request, school: str, request_id: int) -> HttpResponse:
    """Answer with the ZIP the school gave, while it may be taken."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card = get_request_as_employee(actor=actor, request_id=request_id, on=on)
        if not card.is_ready:
            raise NotFound
        content = make_answer(actor=actor, card=card, on=on)
    return download(f"own-data-{card.number.replace('/', '-')}.zip", content, "application/zip")


def _ask(request: Request) -> None:
    actor = request.actor
    try:
        with school_transaction(actor, actor.school.id):
            card = ask_as_employee(actor=actor, now=clock.now())
    except RequestIsThere as refusal:
        messages.info(request, refusal.message)
    else:
        words = f"Запрос № {card.number} зарегистрирован. Школа ответит до {card.due_on:%d.%m.%Y}."
        messages.success(request, words)
