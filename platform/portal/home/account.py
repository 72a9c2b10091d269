"""«Мой вход»: the password, addresses, the second factor, sessions, what to do about a theft."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.db.door import public_transaction
from kernel.roles import FAMILY_ROLES
from portal.home.forms import AddressCodeForm, AddressForm, ChangePasswordForm
from portal.home.second_step import renew_session
from tenants.accounts.channels import open_channels
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.delays import TooManyAttempts
from tenants.accounts.gate import Request
from tenants.accounts.operations import (
    AddressIsUnreadable,
    ContactCodeIsWrong,
    PresentPasswordIsWrong,
    add_contact,
    change_password,
    confirm_contact,
    drop_contact,
    end_other_sessions,
    end_session,
)
from tenants.accounts.proofs import prove_password
from tenants.accounts.queries import get_account_state, list_contacts, list_sessions
from tenants.accounts.rules.passwords import UnsuitablePassword
from tenants.accounts.visitor import Visitor
from tenants.external.providers.configured import list_providers
from tenants.external.queries import LinkedSignIn, list_linked
from tenants.external.rules import IdentityProvider

KINDS = {"email": "Почта", "phone": "Телефон"}


def _me(request: Request) -> Visitor:
    assert request.visitor is not None
    return request.visitor


def _list_data_pages(me: Visitor) -> list[tuple[str, str]]:
    """Return where to ask what each school keeps: as who works there, and as a family."""
    pages = {}
    for place in me.memberships:
        is_family = place.role in FAMILY_ROLES
        route = "guardian:consents" if is_family else "office:my-data"
        words = "как о семье" if is_family else "как о работнике"
        if place.person_id is not None:
            url = reverse(route, kwargs={"school": place.school.slug})
            pages[url] = f"{place.school.short_name}, {words}"
    return [(title, url) for url, title in pages.items()]


@never_cache
@require_GET
def account(request: Request) -> HttpResponse:
    """Show how the account is kept, and the ways to change it."""
    me = _me(request)
    context = {
        "state": get_account_state(account_id=me.account_id),
        "contacts": [(KINDS[one.kind], one) for one in list_contacts(account_id=me.account_id)],
        "sessions": list_sessions(account_id=me.account_id),
        "outside": _list_outside(me.account_id),
        "current": me.proof.session_id,
        "data_pages": _list_data_pages(me),
        "has_channels": bool(open_channels()),
        "must_have_factor": me.must_have_second_factor,
    }
    return render(request, "home/account/account.html", context)


def _list_outside(account_id: int) -> list[tuple[IdentityProvider, LinkedSignIn | None]]:
    """Return the providers of this installation, each with the account's link to it."""
    linked = {one.provider: one for one in list_linked(account_id=account_id)}
    return [(one, linked.get(one.code)) for one in list_providers()]


@never_cache
@sensitive_post_parameters("present", "new")
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Change the password: the present one is asked, the other sessions end."""
    me = _me(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            prove_password(account_id=me.account_id, password=typed["present"])
            with public_transaction(me.account_id):
                change_password(
                    account_id=me.account_id, new=typed["new"], kept=me.proof.session_id
                )
        except (PresentPasswordIsWrong, TooManyAttempts) as error:
            form.add_error("present", error.message)
        except UnsuitablePassword as error:
            form.add_error("new", error.message)
        else:
            renew_session(request, has_passed=me.proof.has_passed)
            messages.success(request, "Пароль изменён. Остальные сеансы завершены.")
            return HttpResponseRedirect(reverse("home:account"))
    context = {"form": form, "login": me.login}
    return render(
        request, "home/account/password.html", context, status=400 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "POST"])
@require_fresh_confirmation
def contacts(request: Request) -> HttpResponse:
    """Add, confirm and remove the addresses a forgotten password can be reset through."""
    me = _me(request)
    known = {one.kind: one for one in list_contacts(account_id=me.account_id)}
    rows = [
        (kind, title, known.get(kind), _form_for(kind, known.get(kind) is not None))
        for kind, title in KINDS.items()
        if kind in open_channels() or kind in known
    ]
    if request.method == "GET":
        return _show_contacts(request, rows)
    kind = request.POST.get("kind", "")
    if kind not in {row[0] for row in rows}:
        return _show_contacts(request, rows)
    form: forms.Form
    if request.POST.get("action") == "drop":
        with public_transaction(me.account_id):
            drop_contact(account_id=me.account_id, kind=kind)
        return HttpResponseRedirect(reverse("home:contacts"))
    if request.POST.get("action") == "confirm":
        form = AddressCodeForm(request.POST)
        done = form.is_valid() and _try(
            form,
            "code",
            lambda: confirm_contact(
                account_id=me.account_id, kind=kind, code=form.cleaned_data["code"]
            ),
        )
    else:
        form = AddressForm(request.POST)
        done = form.is_valid() and _try(form, "address", lambda: _add(me.account_id, kind, form))
    if done:
        return HttpResponseRedirect(reverse("home:contacts"))
    rows = [(k, title, one, form if k == kind else other) for k, title, one, other in rows]
    return _show_contacts(request, rows, 400)


def _add(account_id: int, kind: str, form: forms.Form) -> None:
    with public_transaction(account_id):
        add_contact(account_id=account_id, kind=kind, text=form.cleaned_data["address"])


def _try(form: forms.Form, field: str, act: Callable[[], None]) -> bool:
    try:
        act()
    except (AddressIsUnreadable, ContactCodeIsWrong) as error:
        form.add_error(field, error.message)
        return False
    return True


def _form_for(kind: str, is_known: bool) -> forms.Form:
    return AddressCodeForm(auto_id=f"{kind}-%s") if is_known else AddressForm(auto_id=f"{kind}-%s")


def _show_contacts(request: Request, rows: object, status: int = 200) -> HttpResponse:
    return render(request, "home/account/contacts.html", {"rows": rows}, status=status)


@require_POST
def end(request: Request) -> HttpResponse:
    """End one session, or all but this one."""
    me = _me(request)
    chosen = request.POST.get("session", "")
    with public_transaction(me.account_id):
        if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
            end_session(account_id=me.account_id, session_id=int(chosen))
        elif chosen == "others":
            end_other_sessions(account_id=me.account_id, kept=me.proof.session_id)
    messages.success(request, "Готово: там теперь снова спросят пароль.")
    return HttpResponseRedirect(reverse("home:account"))
