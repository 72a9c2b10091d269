"""Sign-in, sign-out, and where a person lands: one role leads straight there."""

from zoneinfo import ZoneInfo

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from portal.home.landing import greeting, landing_url, list_places
from tenants.accounts.gate import Request
from tenants.registry.queries import get_district

WRONG = "Логин или пароль не подходят"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; let the person in by login and password, and lead where they were going."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    target = wanted if safe else ""
    context = {"login": "", "error": "", "next": target, "contact": ""}
    if request.method == "GET":
        return render(request, "home/sign_in.html", context)
    typed = request.POST.get("login", "").strip()
    account = authenticate(request, login=typed, password=request.POST.get("password", ""))
    if account is None:
        answer = {**context, "login": typed, "error": WRONG}
        return render(request, "home/sign_in.html", answer, status=400)
    login(request, account)
    return HttpResponseRedirect(target or "/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect("/sign-in/")


@never_cache
@require_GET
def home(request: Request) -> HttpResponse:
    """Lead a person with one role straight there; show the others their schools and children."""
    visitor = request.visitor
    assert visitor is not None
    target = landing_url(visitor)
    if target:
        return HttpResponseRedirect(target)
    district = get_district()
    now = clock.now().astimezone(ZoneInfo(district.timezone))
    context = {
        "greeting": greeting(visitor.display_name, now.hour),
        "today": now.date(),
        "places": list_places(visitor),
    }
    return render(request, "home/home.html", context)
