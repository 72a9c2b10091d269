"""Registers the app."""

from django.apps import AppConfig


class UpkeepPagesConfig(AppConfig):
    """Parts of pages; the addresses are the office's and the district's."""

    name = "portal.upkeep"
    label = "portal_upkeep"
