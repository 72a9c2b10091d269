"""`/sign-in/code/`: the second factor, when the password alone is not enough."""

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.home.entering import safe_target
from portal.home.forms import SecondStepForm
from tenants.accounts.delays import TooManyAttempts
from tenants.accounts.gate import Request
from tenants.accounts.operations import CodeIsWrong
from tenants.accounts.proofs import prove_factor
from tenants.accounts.sessions import SessionStore
from tenants.accounts.visitor import find_account


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: Request) -> HttpResponse:
    """Ask for the code; the session it is given in gets a new number and opens everything."""
    target = safe_target(request)
    person = request.halfway
    if person is None:
        return HttpResponseRedirect(target or "/")
    if not person.has_second_factor:
        return HttpResponseRedirect(reverse("home:second-factor"))
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_factor(account_id=person.account_id, code=form.cleaned_data["code"])
        except (CodeIsWrong, TooManyAttempts) as error:
            form.add_error("code", error.message)
        else:
            mark_passed(request)
            return HttpResponseRedirect(target or "/")
    context = {"form": form, "next": target, "name": person.display_name}
    status = 400 if form.errors else 200
    return render(request, "home/second_step.html", context, status=status)


def mark_passed(request: HttpRequest) -> None:
    """Let the session go on with both factors, under a new number (session fixation)."""
    renew_session(request, has_passed=True)


def renew_session(request: HttpRequest, *, has_passed: bool) -> None:
    """Give the session a new number, proven as of now with the password the account has now."""
    session = request.session
    assert isinstance(session, SessionStore)
    session.has_passed = has_passed
    account = find_account(int(session[SESSION_KEY]))
    session.cycle_key()
    if account is not None:
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
