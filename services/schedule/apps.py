"""Registers the room."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """See the package's docstring."""

    name = "services.schedule"
    label = "schedule"
    verbose_name = "Расписание"
