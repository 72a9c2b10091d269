"""Addresses of version 1: `/api/v1/…`, inside a school `/api/v1/s/<school>/…`."""

from django.urls import URLPattern

app_name = "api"
urlpatterns: list[URLPattern] = []
