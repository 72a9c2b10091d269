"""Addresses of a school's office, behind `/s/<school>/office/`."""

from django.urls import path

from portal.office import imports, people

app_name = "office"
urlpatterns = [
    path("", people.pupils, name="home"),
    path("employees/", people.employees, name="employees"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:job_id>/", imports.report, name="import"),
    path("imports/<int:job_id>/apply/", imports.apply, name="apply"),
    path("imports/<int:job_id>/drop/", imports.drop, name="drop"),
]
