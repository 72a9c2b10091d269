"""Routes. Pages of the committee: numbers, not children."""

from django.urls import URLPattern

app_name = "district"
urlpatterns: list[URLPattern] = []
