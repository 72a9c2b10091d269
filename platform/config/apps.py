"""The roof as an app: once everything is loaded, events find their handlers."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wires the house."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Fill the registries of the lower floors."""
        from config import wiring  # noqa: PLC0415 models are loaded only now

        wiring.wire()
