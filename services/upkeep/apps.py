"""Registers the room."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """See the package's docstring."""

    name = "services.upkeep"
    label = "upkeep"
    verbose_name = "Работа системы"
