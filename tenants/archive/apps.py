"""Registers the package."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Public schema."""

    name = "tenants.archive"
    label = "archive"
    verbose_name = "Архив школы"
