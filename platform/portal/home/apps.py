"""Registers the pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Sign-in and the first page."""

    name = "portal.home"
    label = "portal_home"
