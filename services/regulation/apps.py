"""Registers the room."""

from django.apps import AppConfig


class RegulationConfig(AppConfig):
    """See the package's docstring."""

    name = "services.regulation"
    label = "regulation"
    verbose_name = "Регламент"
