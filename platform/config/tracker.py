"""The error tracker (сбор ошибок): sentry-sdk, to a listed server, telling only what is known safe.

An event is built anew of what `config.known` allows: the kind of the error and its chain, places in
the code, the event's name, request, school and account by number, the release. No message, value,
address, header, body or breadcrumb is copied. It leaves by the same gate as everything else.
Source: PDP-002, ADR 14.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, cast

import sentry_sdk
from django.conf import settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event
from sentry_sdk.worker import BackgroundWorker
from structlog.contextvars import get_contextvars

from config.known import is_event, is_source, is_word, known_context
from foundation.transport.hosts import WayOutIsClosed
from foundation.transport.http import HTTPError, client

logger = logging.getLogger(__name__)

KEPT = ("event_id", "timestamp", "platform", "level", "release", "logger")


def start_tracker(dsn: str, **options: Any) -> None:
    """Tell the tracker at `dsn` of errors from now on; an empty one: tell nobody."""
    if not dsn:
        return
    defaults: dict[str, Any] = {
        "transport": ListedWire,
        "release": settings.RELEASE or None,
        "before_send": before_send,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        # Django and Celery log what nobody caught: that is heard here, and nothing of the request.
        "integrations": [
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(),
            AtexitIntegration(callback=lambda *_: None),
        ],
        "include_local_variables": False,
        "include_source_context": False,
        "max_request_body_size": "never",
        "max_breadcrumbs": 0,
        "auto_session_tracking": False,
        "send_client_reports": False,
        "spotlight": False,  # or SENTRY_SPOTLIGHT would open a second way out
    }
    sentry_sdk.init(dsn=dsn, **{**defaults, **options})


def before_send(event: Event, _hint: Mapping[str, Any]) -> Event:
    """Return the event that may be told, with the ids that are bound now."""
    return keep_known({**event, "tags": get_contextvars()})


def keep_known(event: Mapping[str, Any]) -> Event:
    """Return a new event of what is known to hold nobody's data."""
    tags = known_context(event.get("tags") or {})
    kept: dict[str, Any] = {key: event[key] for key in KEPT if is_word(event.get(key))}
    message = (event.get("logentry") or {}).get("message")
    if is_event(message):
        kept["logentry"] = {"message": message}
    errors = (event.get("exception") or {}).get("values") or []
    if errors:
        kept["exception"] = {"values": [_known_error(one) for one in errors]}
    kept["tags"] = tags
    if "account" in tags:
        kept["user"] = {"id": str(tags["account"])}
    return cast(Event, kept)


def _known_error(error: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        key: error[key] for key in ("type", "module") if is_word(error.get(key))
    }
    frames = (error.get("stacktrace") or {}).get("frames") or []
    if frames:
        kept["stacktrace"] = {"frames": [dict(_known_frame(one)) for one in frames]}
    return kept


def _known_frame(frame: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if is_source(frame.get("filename")):
        yield "filename", frame["filename"]
    for key in ("function", "module"):
        if is_word(frame.get(key)):
            yield key, frame[key]
    for key in ("lineno", "in_app"):
        if isinstance(frame.get(key), int):
            yield key, frame[key]


class ListedWire(Transport):
    """Sends events and nothing else, through `foundation.transport`, from a thread of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        assert self.parsed_dsn is not None
        self.auth = self.parsed_dsn.to_auth("okrug")
        self.worker = BackgroundWorker(queue_size=100)

    def capture_envelope(self, envelope: Envelope) -> None:
        """Take an event out of its envelope: attachments, sessions and headers stay behind."""
        event = envelope.get_event()
        if event is not None:
            fresh = Envelope(headers={"event_id": event.get("event_id")})
            fresh.add_event(keep_known(event))
            self.worker.submit(lambda: self.send(fresh.serialize()))

    def send(self, content: bytes) -> None:
        """Send; a tracker that is silent or not listed is no trouble of the portal's."""
        headers = {
            "Content-Type": "application/x-sentry-envelope",
            "X-Sentry-Auth": self.auth.to_header(),
        }
        try:
            with client("errors") as http:
                http.post(self.auth.get_api_url(), content=content, headers=headers)
        except WayOutIsClosed:
            logger.warning("tracker.way_out_is_closed")
        except HTTPError:
            logger.warning("tracker.is_silent")

    def flush(self, timeout: float, callback: Any = None) -> None:
        """Wait until what is queued has gone, at most so many seconds."""
        self.worker.flush(timeout, callback)

    def kill(self) -> None:
        """Drop what is queued."""
        self.worker.kill()
