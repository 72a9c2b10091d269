"""`/sign-in/reset/`: a forgotten password, with a code to a confirmed address.

Whoever asks hears the same for every login, in the same time. The number of the request travels
signed in the form: no session is begun for somebody nobody knows.
"""

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from foundation.db.door import public_transaction
from portal.home.entering import let_in
from portal.home.forms import ForgottenForm, ResetForm
from tenants.accounts.channels import open_channels
from tenants.accounts.delays import TooManyAttempts, begin_attempt
from tenants.accounts.networks import network_of
from tenants.accounts.operations import (
    ResetCodeIsWrong,
    ask_reset,
    give_try_back,
    reset_password,
    take_reset_code,
)
from tenants.accounts.rules.passwords import UnsuitablePassword

SALT = "okrug reset"
TICKET_SECONDS = 15 * 60


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for the login; then for the code that was sent and a new password."""
    if not open_channels():
        return render(request, "home/reset.html", {"form": None, "is_sent": False})
    if request.method == "GET":
        return _show(request, ForgottenForm())
    if "ticket" in request.POST:
        return _take_code(request)
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    typed = form.cleaned_data["login"]
    try:
        # Every request counts, right or wrong: nobody's post is flooded.
        begin_attempt(door="reset", subject=typed, network=network_of(request))
    except TooManyAttempts as error:
        form.add_error("login", error.message)
        return _show(request, form)
    with public_transaction():
        number = ask_reset(login=typed)
    ticket = signing.dumps(number, salt=SALT)
    return _show(request, ResetForm(initial={"ticket": ticket}), is_sent=True)


def _take_code(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _show(request, form, is_sent=True)
    typed = form.cleaned_data
    try:
        number = signing.loads(typed["ticket"], salt=SALT, max_age=TICKET_SECONDS)
        account_id = take_reset_code(request_id=number, code=typed["code"])
        with public_transaction(account_id):
            reset_password(request_id=number, account_id=account_id, password=typed["password"])
    except (signing.BadSignature, ResetCodeIsWrong):
        form.add_error("code", ResetCodeIsWrong.message)
        return _show(request, form, is_sent=True)
    except UnsuitablePassword as error:
        give_try_back(request_id=number)
        form.add_error("password", error.message)
        return _show(request, form, is_sent=True)
    return let_in(request, account_id)


def _show(request: HttpRequest, form: forms.Form, *, is_sent: bool = False) -> HttpResponse:
    context = {"form": form, "is_sent": is_sent}
    return render(request, "home/reset.html", context, status=400 if form.errors else 200)
