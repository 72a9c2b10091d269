"""The second factor of one's own account: setting up, paper codes, taking off."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation.db.door import public_transaction
from foundation.documents.codes import qr_svg
from portal.home.forms import NewFactorForm
from portal.home.second_step import mark_passed
from tenants.accounts.confirmation import ask_confirmation, require_fresh_confirmation
from tenants.accounts.delays import TooManyAttempts
from tenants.accounts.gate import Request
from tenants.accounts.operations import (
    CodeIsWrong,
    begin_second_factor,
    drop_second_factor,
    find_set_up,
    renew_paper_codes,
)
from tenants.accounts.proofs import prove_new_factor
from tenants.accounts.visitor import Visitor

ISSUER = "Округ"  # short: a longer name makes a drawing that old cameras cannot read


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """Set an application up: its secret as a QR code and as text, then its first code.

    Also for somebody who may go no further without one; who has one gives a code instead.
    """
    me = request.visitor or request.halfway
    assert me is not None
    if me.has_second_factor:
        page = "home:account" if request.visitor else "home:second-step"
        return HttpResponseRedirect(reverse(page))
    if not me.proof.is_fresh:
        return ask_confirmation(request)
    if request.POST.get("action") == "begin":
        with public_transaction(me.account_id):
            begin_second_factor(account_id=me.account_id)
        return HttpResponseRedirect(reverse("home:second-factor"))
    form = NewFactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = prove_new_factor(
                account_id=me.account_id,
                code=form.cleaned_data["code"],
                kept=me.proof.session_id,
            )
        except (CodeIsWrong, TooManyAttempts) as error:
            form.add_error("code", error.message)
        else:
            mark_passed(request)
            return _show_paper_codes(request, codes)
    return _show(request, me, form)


@never_cache
@require_POST
@require_fresh_confirmation
def paper_codes(request: Request) -> HttpResponse:
    """Make new paper codes; shown once, here."""
    me = request.visitor
    assert me is not None
    if not me.has_second_factor:
        return HttpResponseRedirect(reverse("home:account"))
    with public_transaction(me.account_id):
        codes = renew_paper_codes(account_id=me.account_id)
    return _show_paper_codes(request, codes)


@require_POST
@require_fresh_confirmation
def drop(request: Request) -> HttpResponse:
    """Take one's second factor off; every session ends. Not for whom the district asks for one."""
    me = request.visitor
    assert me is not None
    if me.must_have_second_factor:
        messages.error(request, "В вашей роли второй фактор обязателен.")
        return HttpResponseRedirect(reverse("home:account"))
    with public_transaction(me.account_id):
        drop_second_factor(account_id=me.account_id)
    return HttpResponseRedirect(reverse("home:sign-in"))


def _show(request: Request, me: Visitor, form: NewFactorForm) -> HttpResponse:
    found = find_set_up(account_id=me.account_id, issuer=ISSUER)
    drawing = mark_safe(qr_svg(found.address)) if found else ""  # noqa: S308 drawn by us
    context = {
        "form": form,
        "set_up": found,
        "drawing": drawing,
        "is_required": me.must_have_second_factor,
    }
    status = 400 if form.errors else 200
    return render(request, "home/account/second_factor.html", context, status=status)


def _show_paper_codes(request: Request, codes: list[str]) -> HttpResponse:
    return render(request, "home/account/paper_codes.html", {"codes": codes})
