"""Registers the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package's docstring."""

    name = "services.people"
    label = "people"
    verbose_name = "Контингент и кадры"
