"""`/bare/` asks neither session nor account, `/signed-in/` asks both; one indexed query each."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.urls import path

from tenants.accounts.models import Account

LOGIN = "bench.officer"


def bare(request: HttpRequest) -> JsonResponse:
    """Answer with one row found by a unique index."""
    name = Account.objects.values_list("display_name", flat=True).get(login=LOGIN)
    return JsonResponse({"name": name})


def signed_in(request: HttpRequest) -> JsonResponse:
    """Answer the same to somebody whose session and account were looked up."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=HTTPStatus.FORBIDDEN)
    return bare(request)


urlpatterns = [path("bare/", bare), path("signed-in/", signed_in)]
