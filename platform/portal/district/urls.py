"""Routes. Pages of the committee: numbers, not children.

A school here is `slug`, not `school`: the committee looks at it from outside and opens no school.
"""

from django.urls import path

from portal.district import (
    backups,
    calendar,
    checks,
    complaints,
    registers,
    regulation,
    service,
    upgrades,
    upkeep,
    views,
)

app_name = "district"
urlpatterns = [
    path("", views.home, name="home"),
    path("service/", service.service, name="service"),
    path("registers/", registers.registers, name="registers"),
    path("quality/", service.quality, name="quality"),
    path("due/", calendar.due, name="due"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/add/", calendar.add, name="calendar-add"),
    path("calendar/<int:day_id>/remove/", calendar.remove, name="calendar-remove"),
    path("regulation/", regulation.regulation, name="regulation"),
    path("regulation/change/", regulation.change, name="regulation-change"),
    path("backups/", backups.backups, name="backups"),
    path("backups/place/", backups.describe, name="backup-place"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/register.xlsx", complaints.export, name="complaints-export"),
    path("complaints/register.pdf", complaints.print_out, name="complaints-print"),
    path("complaints/<int:complaint_id>/", complaints.complaint, name="complaint"),
    path("complaints/<int:complaint_id>/<slug:kind>.pdf", complaints.paper, name="complaint-paper"),
    path(
        "complaints/<int:complaint_id>/files/<int:file_id>/",
        complaints.file,
        name="complaint-file",
    ),
    path(
        "complaints/<int:complaint_id>/cases/<int:snapshot_id>/",
        complaints.snapshot,
        name="snapshot",
    ),
    path("checks/", checks.checks, name="checks"),
    path("checks/new/", checks.new, name="check-new"),
    path("checks/<int:check_id>/", checks.check, name="check"),
    path("upkeep/", upkeep.upkeep, name="upkeep"),
    path("upkeep/works/", upkeep.announce, name="works-add"),
    path("upkeep/works/<int:works_id>/cancel/", upkeep.cancel, name="works-cancel"),
    path("upkeep/incidents/", upkeep.note, name="incident-add"),
    path("upkeep/incidents/<int:incident_id>/end/", upkeep.end, name="incident-end"),
    path("upkeep/schools/<slug:slug>/", upkeep.school, name="upkeep-school"),
    path("upgrades/", upgrades.upgrades, name="upgrades"),
    path("schools/<slug:slug>/", views.school, name="school"),
]
