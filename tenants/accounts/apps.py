"""Registers the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Public schema."""

    name = "tenants.accounts"
    label = "accounts"
    verbose_name = "Учётные записи"
