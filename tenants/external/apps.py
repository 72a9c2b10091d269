"""Registers the package."""

from django.apps import AppConfig


class ExternalConfig(AppConfig):
    """See the package's docstring."""

    name = "tenants.external"
    label = "external"
    verbose_name = "Вход извне"
