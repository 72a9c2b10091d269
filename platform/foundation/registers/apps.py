"""Registers the registers."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Stands in the public schema and in every school."""

    name = "foundation.registers"
    label = "registers"
    verbose_name = "Журналы регистрации"
