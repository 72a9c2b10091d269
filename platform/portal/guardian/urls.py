"""Addresses of a family, behind `/family/`. The child's id stands in each of a child's pages."""

from django.urls import path

from portal.guardian import calendar, days, home, results

app_name = "guardian"
CHILD = "<slug:school>/<int:child>"
urlpatterns = [
    path("", home.home, name="home"),
    path(f"{CHILD}/", days.day, name="day"),
    path(f"{CHILD}/week/", days.week, name="week"),
    path(f"{CHILD}/marks/", results.marks, name="marks"),
    path(f"{CHILD}/absences/", results.absences, name="absences"),
    path(f"{CHILD}/calendar/", calendar.calendar, name="calendar"),
]
