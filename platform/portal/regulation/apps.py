"""Registers the app."""

from django.apps import AppConfig


class RegulationPagesConfig(AppConfig):
    """Templates of the regulation; its addresses are the office's and the district's."""

    name = "portal.regulation"
    label = "portal_regulation"
