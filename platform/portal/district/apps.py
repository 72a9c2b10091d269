"""Registers the pages."""

from django.apps import AppConfig


class DistrictConfig(AppConfig):
    """Pages of the committee: numbers, not children."""

    name = "portal.district"
    label = "portal_district"
