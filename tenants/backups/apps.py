"""Registers the app."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Public schema."""

    name = "tenants.backups"
    label = "backups"
    verbose_name = "Резервные копии"
