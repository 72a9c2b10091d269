"""Addresses of version 1: `/api/v1/…`, inside a school `/api/v1/s/<school>/…`."""

from django.urls import path

from api.rest.v1.accounts.views import MeView, TokenView
from api.rest.v1.diary.views import WeekView
from api.rest.v1.journal.views import CellsView, JournalsView, PageView
from api.rest.v1.monitoring.views import IndicatorsView
from api.rest.v1.schema_view import schema

app_name = "api"
urlpatterns = [
    path("schema/", schema, name="schema"),
    path("token/", TokenView.as_view(), name="token"),
    path("me/", MeView.as_view(), name="me"),
    path("s/<slug:school>/journals/", JournalsView.as_view(), name="journals"),
    path("s/<slug:school>/journal/cells/", CellsView.as_view(), name="save-cells"),
    path(
        "s/<slug:school>/journal/<int:group>/<int:subject>/<int:term>/",
        PageView.as_view(),
        name="journal",
    ),
    path("s/<slug:school>/diary/<int:child>/week/", WeekView.as_view(), name="week"),
    path("district/indicators/", IndicatorsView.as_view(), name="indicators"),
]
