"""`/metrics` in Prometheus's words: for the neighbour who watches, not for the Internet."""

import hmac
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from api.health.condition import Condition, read_condition
from foundation import clock
from foundation.metrics import Series, read_notes, render

KIND = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the numbers of all processes of this machine, and of the product as a whole."""
    if not _may_ask(request):
        raise Http404
    series = read_notes()
    try:
        series |= _whole(read_condition(clock.now()))
    except DatabaseError:
        series["okrug_up", ()] = 0.0
    return HttpResponse(render(series), content_type=KIND)


def _may_ask(request: HttpRequest) -> bool:
    """With a token, who presents it; without, a listed network that came past no proxy."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(one) for one in settings.METRICS_NETWORKS)


def _whole(now: Condition) -> dict[Series, float]:
    known: dict[str, float | None] = {
        "okrug_up": 1.0,
        "okrug_schools": now.schools,
        "okrug_schools_behind": now.schools_behind,
        "okrug_outbox_oldest_seconds": now.waiting_seconds,
        "okrug_dispatcher_at_work": float(now.delivers),
        "okrug_broker_up": None if now.broker == "off" else float(now.broker == "ok"),
        "okrug_backup_age_seconds": now.backup_seconds,
        "okrug_disk_free_ratio": now.disk_free,
        "okrug_probe_age_seconds": now.probe_seconds,
    }
    if now.connections:
        known["okrug_database_connections"], known["okrug_database_connections_limit"] = (
            now.connections
        )
    return {(name, ()): float(value) for name, value in known.items() if value is not None}
