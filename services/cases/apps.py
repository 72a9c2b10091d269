"""Registers the room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Tenant schema: applications, registers, complaints to the school's head."""

    name = "services.cases"
    label = "cases"
    verbose_name = "Муниципальная услуга"
