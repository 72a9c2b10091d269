"""Routes. Pages of the committee: numbers, not children.

A school here is `slug`, not `school`: the committee looks at it from outside and opens no school.
"""

from django.urls import path

from portal.district import views

app_name = "district"
urlpatterns = [
    path("", views.home, name="home"),
    path("schools/<slug:slug>/", views.school, name="school"),
]
