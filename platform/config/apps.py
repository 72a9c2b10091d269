"""The roof as an app: once everything is loaded, events find their handlers."""

from django.apps import AppConfig
from django.conf import settings

from config.residency import check_residency
from config.tracker import start_tracker


class ConfigConfig(AppConfig):
    """Wires the house."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Refuse an unlisted address, whoever loads Django; fill the registries below."""
        check_residency()
        start_tracker(settings.SENTRY_DSN)
        from config import wiring  # noqa: PLC0415 models are loaded only now

        wiring.wire()
