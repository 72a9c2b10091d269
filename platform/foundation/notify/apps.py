"""Registers the notices."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Stands in the public schema and in every school."""

    name = "foundation.notify"
    label = "notify"
    verbose_name = "Уведомления"
