"""Sign-in, sign-out, and where a person lands: one role leads straight there."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from portal.home.entering import device_of, let_in, safe_target
from portal.home.landing import greeting, landing_url, list_places
from tenants.accounts.authentication import check_password
from tenants.accounts.delays import TooManyAttempts
from tenants.accounts.gate import Request
from tenants.accounts.networks import network_of
from tenants.external.providers.configured import list_providers
from tenants.registry.queries import get_district

WRONG = "Логин или пароль не подходят"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; let the person in by login and password, and lead where they were going."""
    target = safe_target(request)
    context = {
        "login": "",
        "error": "",
        "wait": "",
        "next": target,
        "contact": "",
        "providers": list_providers(),
    }
    if request.method == "GET":
        return render(request, "home/sign_in.html", context)
    typed = request.POST.get("login", "").strip()
    try:
        account_id = check_password(
            login=typed,
            password=request.POST.get("password", ""),
            network=network_of(request),
            device=device_of(request),
        )
    except TooManyAttempts as error:
        answer = {**context, "login": typed, "wait": error.message}
        response = render(request, "home/sign_in.html", answer, status=429)
        response["Retry-After"] = str(error.seconds)
        return response
    if account_id is None:
        answer = {**context, "login": typed, "error": WRONG}
        return render(request, "home/sign_in.html", answer, status=400)
    return let_in(request, account_id, target)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; who signs in anew for the sake of a page comes back to it."""
    target = safe_target(request)
    logout(request)
    query = f"?{urlencode({'next': target})}" if target else ""
    return HttpResponseRedirect(f"{reverse('home:sign-in')}{query}")


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
        "today": clock.today(district.timezone),
        "places": list_places(visitor),
    }
    return render(request, "home/home.html", context)
