"""The shell: what every page of the portal stands in (оболочка портала)."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "portal.shell"
    label = "shell"
    verbose_name = "Оболочка портала"
