"""Routes. Pages of the school's office: people, import."""

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
