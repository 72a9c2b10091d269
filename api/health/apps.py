"""Registers the health door."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """See the package's docstring."""

    name = "api.health"
    label = "api_health"
