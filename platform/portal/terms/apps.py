"""Registers the app."""

from django.apps import AppConfig


class TermsConfig(AppConfig):
    """Templates of the calculator; its addresses are the office's and the district's."""

    name = "portal.terms"
    label = "portal_terms"
