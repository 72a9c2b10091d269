"""`/account/confirm/`: once more who it is, before what cannot be taken back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from foundation.db.door import public_transaction
from portal.home.entering import safe_target
from portal.home.forms import ConfirmPasswordForm, SecondStepForm
from tenants.accounts.delays import TooManyAttempts
from tenants.accounts.gate import Request
from tenants.accounts.operations import CodeIsWrong, PresentPasswordIsWrong, confirm_session
from tenants.accounts.proofs import prove_factor, prove_password
from tenants.accounts.queries import get_account_state


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask for a code of the second factor, or for the password where there is none."""
    visitor = request.visitor or request.halfway
    assert visitor is not None
    target = safe_target(request)
    asks_code = visitor.has_second_factor
    if not asks_code and not get_account_state(account_id=visitor.account_id).is_activated:
        # Nothing to type: who signs in from outside proves it by signing in once more.
        return render(request, "home/confirm_anew.html", {"next": target})
    kind = SecondStepForm if asks_code else ConfirmPasswordForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if asks_code:
                prove_factor(account_id=visitor.account_id, code=typed["code"])
            else:
                prove_password(account_id=visitor.account_id, password=typed["password"])
        except (CodeIsWrong, PresentPasswordIsWrong, TooManyAttempts) as error:
            form.add_error(None, error.message)
        else:
            if visitor.proof.session_id is not None:
                with public_transaction(visitor.account_id):
                    confirm_session(session_id=visitor.proof.session_id)
            messages.success(request, "Подтверждено на 10 минут. Продолжайте.")
            return HttpResponseRedirect(target or "/account/")
    context = {"form": form, "next": target, "asks_code": asks_code}
    return render(request, "home/confirm.html", context, status=400 if form.errors else 200)
