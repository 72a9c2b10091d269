"""Registers the shared part: its templates."""

from django.apps import AppConfig


class ComplaintPagesConfig(AppConfig):
    """Has no addresses of its own: the open, the family's, the office's, the committee's do."""

    name = "portal.complaints"
    label = "portal_complaints"
