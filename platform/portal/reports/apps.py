"""Registers the pages."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports on marks and attendance: of the school, of classes, subjects and pupils."""

    name = "portal.reports"
    label = "portal_reports"
