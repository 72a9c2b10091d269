"""Registers the pages."""

from django.apps import AppConfig


class TeacherConfig(AppConfig):
    """Pages of teachers: my day, journal, lesson."""

    name = "portal.teacher"
    label = "portal_teacher"
