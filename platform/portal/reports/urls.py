"""Addresses of reports, behind `/s/<school>/reports/`; `?term=`, `?year=`, `?as=xlsx`."""

from django.urls import path

from portal.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("school/", views.school_report, name="school"),
    path("classes/<int:class_id>/", views.class_report, name="class"),
    path("groups/<int:group>/<int:subject>/", views.subject_report, name="subject"),
    path("pupils/<int:pupil_id>/", views.pupil_report, name="pupil"),
]
