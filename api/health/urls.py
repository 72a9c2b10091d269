"""`/health/live`: the process answers; `/health/ready`: the database and the schools do."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.urls import path

from api.health.condition import read_condition
from foundation import clock


def live(request: HttpRequest) -> JsonResponse:
    """Answer while the process works."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database is there and at least one school works, else 503.

    A dispatcher that is away, schools behind, an old backup, a full disk, a broker that is down
    are named and refuse nobody: marks are saved without them. Numbers are for `/metrics`.
    """
    try:
        now = read_condition(clock.now())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "нет ответа"}, status=503)
    body = {
        "status": "ok" if now.schools else "empty",
        "schools": now.schools,
        "database_roles": "on" if now.has_roles else "off",
        "outbox": now.outbox,
        "outbox_oldest_seconds": now.waiting_seconds,
        "migrations": now.migrations,
        "schools_behind": now.schools_behind,
        "backup": now.backup,
        "disk": now.disk,
        "broker": now.broker,
    }
    return JsonResponse(body, status=200 if now.schools else 503)


app_name = "health"
urlpatterns = [path("live", live, name="live"), path("ready", ready, name="ready")]
