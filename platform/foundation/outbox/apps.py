"""Registers the outbox."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Stands in the public schema and in every school."""

    name = "foundation.outbox"
    label = "outbox"
    verbose_name = "Исходящие события"
