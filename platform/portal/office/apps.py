"""Registers the pages."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Pages of the school's office: people, import."""

    name = "portal.office"
    label = "portal_office"
