"""Registers the audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Stands in the public schema and in every school."""

    name = "foundation.audit"
    label = "audit"
    verbose_name = "Журнал действий"
