"""Routes of the shell itself."""

from django.urls import path

from portal.shell.appearance import appearance

urlpatterns = [
    path("appearance/", appearance, name="appearance"),
]
