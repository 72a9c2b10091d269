"""Registers the room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """See the package's docstring."""

    name = "services.journal"
    label = "journal"
    verbose_name = "Классный журнал"
