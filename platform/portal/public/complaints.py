"""A complaint without signing in: the form, what to keep, the state by reference and code."""

import uuid
from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation import clock
from foundation.complaints.reading import ComplaintCard
from foundation.db.door import public_transaction, school_transaction
from foundation.documents.serving import paper_response
from kernel.actor import Actor
from kernel.complaints import Body, Channel
from kernel.errors import NotFound
from portal.complaints.form import ComplaintForm
from portal.complaints.submitting import build_form, read_key, submit
from portal.complaints.words import (
    BADGES,
    applicant_papers,
    may_read_answer,
    tell_way,
)
from portal.public.frame import render_open, url_of
from services.cases.operations.complaints import Accepted
from services.cases.queries import complaints as school_side
from services.cases.queries.complaint_papers import Issuer, compose_paper, list_papers
from services.oversight import queries as committee_side
from services.people.queries.consents import get_operator
from tenants.accounts.delays import TooManyAttempts, begin_attempt, say_wait
from tenants.accounts.gate import Request
from tenants.accounts.networks import network_of
from tenants.registry.queries import get_district

TOO_MANY = (
    "Сейчас из вашей сети приходит слишком много жалоб. Всё написанное осталось в форме: "
    "отправьте её через {wait}. Файлы придётся приложить ещё раз."
)
UNKNOWN = "Такой жалобы нет, или номер и код не подходят друг к другу. Проверьте оба."


class StatusForm(forms.Form):
    """The number or the reference, and the secret code."""

    number = forms.CharField(
        label="Входящий номер или номер в реестре",
        max_length=20,
        widget=forms.TextInput({"placeholder": "4F7K-2M9D", "autocomplete": "off"}),
        error_messages={"required": "Укажите номер жалобы."},
    )
    code = forms.CharField(
        label="Код проверки",
        max_length=40,
        widget=forms.TextInput(
            {
                "placeholder": "ABCD-EFGH-JKMN-PQRS",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Введите код проверки."},
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complaint(request: Request, school: str) -> HttpResponse:
    """Show the form; take a complaint in and show what to keep.

    Nothing here says whether a child learns at the school: no name is looked up.
    """
    actor = request.actor
    if request.method == "GET":
        return _show_form(request, build_form(actor), uuid.uuid4(), HTTPStatus.OK)
    form, key = build_form(actor, request.POST, request.FILES), read_key(request.POST)
    try:
        accepted = _submit_slowly(request, form, key) if form.is_valid() else None
    except TooManyAttempts as refusal:
        form.add_error(None, TOO_MANY.format(wait=say_wait(refusal.seconds)))
        answer = _show_form(request, form, key, HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    if accepted is None:
        return _show_form(request, form, key, HTTPStatus.BAD_REQUEST)
    context = {
        "accepted": accepted,
        "status_url": url_of("public:complaint-status", school),
    }
    return render_open(request, "complaints/done.html", context)


def _submit_slowly(request: Request, form: ComplaintForm, key: uuid.UUID) -> Accepted | None:
    """Hand the form in; a network that writes one after another waits longer and longer.

    Raise `TooManyAttempts`.
    """
    slug = request.actor.school.slug
    with public_transaction():
        begin_attempt(door="complaint", subject=slug, network=network_of(request))
    return submit(request.actor, form, key=key, channel=Channel.ANONYMOUS)


def _show_form(request: Request, form: forms.Form, key: uuid.UUID, code: int) -> HttpResponse:
    context = {
        "form": form,
        "key": key,
        "is_signed_in": request.visitor is not None,
        "status_url": url_of("public:complaint-status", request.actor.school.slug),
    }
    return render_open(request, "complaints/form.html", context, status=code)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def status(request: Request, school: str) -> HttpResponse:
    """Ask for the number and the code, and show where the complaint stands, in each body."""
    form = StatusForm(request.POST or None)
    context: dict[str, object] = {
        "form": form,
        "found": [],
        "form_url": url_of("public:complaint", school),
        "paper_url": url_of("public:complaint-paper", school),
    }
    code = HTTPStatus.OK
    if request.method == "POST":
        found = find_by_code(request.actor, **form.cleaned_data) if form.is_valid() else []
        if form.is_valid() and not found:
            form.add_error(None, UNKNOWN)
        code = HTTPStatus.OK if found else HTTPStatus.BAD_REQUEST
        context["found"] = [describe(card, body) for body, card in found]
    return render_open(request, "complaints/status.html", context, status=code)


@never_cache
@sensitive_post_parameters("code")
@require_POST
def paper(request: Request, school: str) -> HttpResponse:
    """Give a paper of the complaint to who knows the code."""
    form = StatusForm(request.POST)
    kind = request.POST.get("paper", "")
    if not form.is_valid():
        raise NotFound
    for body, card in find_by_code(request.actor, **form.cleaned_data):
        if body.value == request.POST.get("body"):
            return give_paper(request.actor, body, card, kind)
    raise NotFound


def find_by_code(actor: Actor, number: str, code: str) -> list[tuple[Body, ComplaintCard]]:
    """Return the complaint in the committee and in the school: a forwarded one is in both."""
    today = clock.today(actor.school.timezone)
    with public_transaction():
        ours = committee_side.find_by_code(typed=number, code=code, today=today)
    if ours is not None and ours.row.school_id != actor.school.id:
        ours = None
    with school_transaction(actor, actor.school.id):
        theirs = school_side.find_by_code(typed=number, code=code, today=today)
    both = [(Body.COMMITTEE, ours), (Body.SCHOOL, theirs)]
    return [(body, card) for body, card in both if card is not None]


def describe(card: ComplaintCard, body: Body) -> dict[str, object]:
    """Return what an applicant sees of his complaint."""
    return {
        "card": card,
        "body": body.value,
        "body_title": "Комитет" if body is Body.COMMITTEE else "Школа",
        "badge": BADGES[card.row.state],
        "way": tell_way(card),
        "is_answered": may_read_answer(card),
        "papers": applicant_papers(list_papers(card), card),
    }


def give_paper(actor: Actor, body: Body, card: ComplaintCard, kind: str) -> HttpResponse:
    """Return a paper to the applicant. Raise `NotFound` for one that is not his yet."""
    if kind not in {one for one, _ in applicant_papers(list_papers(card), card)}:
        raise NotFound
    document = compose_paper(card=card, kind=kind, issuer=issuer_of(actor, body))
    return paper_response(document, is_shown=False)


def issuer_of(actor: Actor, body: Body, name: str = "") -> Issuer:
    """Return who issues the papers of a body."""
    if body is Body.COMMITTEE:
        return committee_issuer(name)
    with school_transaction(actor, actor.school.id):
        operator = get_operator(actor=actor, on=clock.today(actor.school.timezone))
    head = {"name": operator.name, "address": operator.address}
    return Issuer(head, operator.name, name)


def committee_issuer(name: str = "") -> Issuer:
    """Return the committee as who issues papers."""
    committee = get_district().committee_name
    return Issuer({"name": committee}, committee, name)
