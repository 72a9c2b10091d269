"""Registers the room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """See the package's docstring."""

    name = "services.records"
    label = "records"
    verbose_name = "Отчёты, ведомости и печать журнала"
