"""Registers the app."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    """Public schema."""

    name = "tenants.provisioning"
    label = "provisioning"
    verbose_name = "Открытие школ"
