"""Registers the files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stands in the public schema and in every school."""

    name = "foundation.files"
    label = "files"
    verbose_name = "Файлы"
