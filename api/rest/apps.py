"""Registers the REST door."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """See the package's docstring."""

    name = "api.rest"
    label = "api_rest"
