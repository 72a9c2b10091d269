"""Addresses of a school's open pages, behind `/p/<school>/`."""

from django.urls import path

from portal.public import apply, complaints, stand, status

app_name = "public"
urlpatterns = [
    path("service/", stand.service, name="service"),
    path("service/order/", stand.order, name="order"),
    path("service/poster.pdf", stand.poster, name="poster"),
    path("service/consent/<slug:kind>.pdf", stand.blank, name="blank"),
    path("apply/", apply.apply, name="apply"),
    path("apply/draft/", apply.keep, name="keep"),
    path("apply/drop/", apply.drop, name="drop"),
    path("apply/done/", apply.done, name="done"),
    path("status/", status.status, name="status"),
    path("status/act/", status.act, name="act"),
    path("status/paper/", status.paper, name="paper"),
    path("complaint/", complaints.complaint, name="complaint"),
    path("complaint/status/", complaints.status, name="complaint-status"),
    path("complaint/paper/", complaints.paper, name="complaint-paper"),
]
