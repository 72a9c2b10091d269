"""`/health/live`: the process answers; `/health/ready`: the database and the schools do."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.urls import path

from foundation.db.door import public_transaction, role_of
from tenants.registry.queries import count_schools


def live(request: HttpRequest) -> JsonResponse:
    """Answer while the process works."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database is there and at least one school works, else 503."""
    try:
        with public_transaction():
            schools = count_schools()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "нет ответа"}, status=503)
    body = {
        "status": "ok" if schools else "empty",
        "schools": schools,
        "database_roles": "on" if role_of(0) else "off",
    }
    return JsonResponse(body, status=200 if schools else 503)


app_name = "health"
urlpatterns = [path("live", live, name="live"), path("ready", ready, name="ready")]
