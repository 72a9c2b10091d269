"""Registers the pages."""

from django.apps import AppConfig


class GuardianConfig(AppConfig):
    """Pages of a family: the diary, phone first."""

    name = "portal.guardian"
    label = "portal_guardian"
