"""Registers the room."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """See the package's docstring."""

    name = "services.monitoring"
    label = "monitoring"
    verbose_name = "Мониторинг"
