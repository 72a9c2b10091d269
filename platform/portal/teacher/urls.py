"""Routes. Pages of teachers: my day, journal, lesson."""

from django.urls import URLPattern

app_name = "teacher"
urlpatterns: list[URLPattern] = []
