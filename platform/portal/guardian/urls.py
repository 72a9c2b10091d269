"""Routes. Pages of a family: the diary, phone first."""

from django.urls import URLPattern

app_name = "guardian"
urlpatterns: list[URLPattern] = []
