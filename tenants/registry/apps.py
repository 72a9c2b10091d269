"""Registers the app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Public schema."""

    name = "tenants.registry"
    label = "registry"
    verbose_name = "Школы района"
