"""Addresses of a family, behind `/family/`. The child's id stands in each of a child's pages."""

from django.urls import path

from portal.guardian import (
    calendar,
    complaints,
    consents,
    days,
    home,
    parents,
    results,
    service,
    signing,
)

app_name = "guardian"
CHILD = "<slug:school>/<int:child>"
CASE = "service/<slug:slug>/<int:case>"
urlpatterns = [
    path("", home.home, name="home"),
    path("service/", service.cases, name="service"),
    path(f"{CASE}/", service.case, name="service-case"),
    path(f"{CASE}/<slug:action>/do/", service.act, name="service-act"),
    path(f"{CASE}/<slug:paper>.pdf", service.paper, name="service-paper"),
    path(f"{CASE}/files/<int:paper_id>/", service.file, name="service-file"),
    path("consents/<slug:school>/", consents.consents, name="consents"),
    path("consents/<slug:school>/sign/<int:pupil_id>/", signing.sign, name="sign-consent"),
    path("consents/<slug:school>/ask/", consents.ask, name="ask-data"),
    path("consents/<slug:school>/<int:consent_id>.pdf", consents.paper, name="consent-paper"),
    path(
        "consents/<slug:school>/<int:consent_id>/withdraw/",
        consents.withdraw,
        name="withdraw-consent",
    ),
    path(
        "consents/<slug:school>/answers/<int:request_id>.zip",
        consents.answer,
        name="data-answer",
    ),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/-/<int:complaint_id>/", complaints.to_committee, name="committee-complaint"),
    path(
        "complaints/-/<int:complaint_id>/<slug:kind>.pdf",
        complaints.committee_paper,
        name="committee-complaint-paper",
    ),
    path("complaints/<slug:slug>/new/", complaints.new, name="complaint-new"),
    path("complaints/<slug:slug>/<int:complaint_id>/", complaints.complaint, name="complaint"),
    path(
        "complaints/<slug:slug>/<int:complaint_id>/<slug:kind>.pdf",
        complaints.paper,
        name="complaint-paper",
    ),
    path(f"{CHILD}/", days.day, name="day"),
    path(f"{CHILD}/week/", days.week, name="week"),
    path(f"{CHILD}/marks/", results.marks, name="marks"),
    path(f"{CHILD}/report/", results.report, name="report"),
    path(f"{CHILD}/absences/", results.absences, name="absences"),
    path(f"{CHILD}/parents/", parents.parents, name="parents"),
    path(f"{CHILD}/calendar/", calendar.calendar, name="calendar"),
]
