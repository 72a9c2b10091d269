"""Registers the room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Public schema: what the committee works on; a school sees of it only what it is sent."""

    name = "services.oversight"
    label = "oversight"
    verbose_name = "Надзор"
