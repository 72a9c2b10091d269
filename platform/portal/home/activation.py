"""`/activate/`: a code of paper is changed for a password of one's own.

The code comes typed, or in the part of the QR's address after «#», which browsers keep to
themselves: a script moves it into the form. It travels in the body of POST only, so no log, no
history and no `Referer` holds it.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.db.door import public_transaction
from kernel.codes import read_code
from portal.home.entering import let_in
from portal.home.forms import ActivationCodeForm, NewPasswordForm
from tenants.accounts.delays import TooManyAttempts, begin_attempt, forgive, note_failure
from tenants.accounts.networks import network_of
from tenants.accounts.operations import ActivationCodeIsOfNoUse, activate
from tenants.accounts.queries import WaitingAccount, find_waiting_account
from tenants.accounts.rules.passwords import UnsuitablePassword


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then for a password; then the person is in."""
    if request.method == "GET":
        return _show(request, ActivationCodeForm())
    form = ActivationCodeForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 400)
    code, now = form.cleaned_data["code"], clock.now()
    try:
        attempt = begin_attempt(
            door="activation", subject=read_code(code), network=network_of(request)
        )
        waiting = find_waiting_account(code=code, now=now)
        if waiting is None:
            note_failure(attempt)
            raise ActivationCodeIsOfNoUse
        forgive(attempt)
        if "password" not in request.POST:
            return _ask_password(request, waiting, NewPasswordForm(initial={"code": code}))
        chosen = NewPasswordForm(request.POST)
        if not chosen.is_valid():
            return _ask_password(request, waiting, chosen, 400)
        try:
            with public_transaction(waiting.account_id):
                account_id = activate(code=code, password=chosen.cleaned_data["password"], now=now)
        except UnsuitablePassword as error:
            chosen.add_error("password", error.message)
            return _ask_password(request, waiting, chosen, 400)
    except (ActivationCodeIsOfNoUse, TooManyAttempts) as error:
        form.add_error("code", error.message)
        return _show(request, form, 400)
    return let_in(request, account_id)


def _show(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(request, "home/activate.html", {"form": form, "waiting": None}, status=status)


def _ask_password(
    request: HttpRequest, waiting: WaitingAccount, form: forms.Form, status: int = 200
) -> HttpResponse:
    context = {"form": form, "waiting": waiting}
    return render(request, "home/activate.html", context, status=status)
