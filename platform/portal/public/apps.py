"""Registers the door."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """See the package's docstring."""

    name = "portal.public"
    label = "public_pages"
    verbose_name = "Открытые страницы школ"
