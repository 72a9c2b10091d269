"""Registers the room."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """See the package's docstring."""

    name = "services.diary"
    label = "diary"
    verbose_name = "Дневник"
