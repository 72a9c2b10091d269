"""Every address of the product. In a school: `/s/<school>/…`; house.md §4."""

from django.urls import include, path

from api.health.measuring import metrics

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

# The busiest first, and those without a prefix last: an address is tried against each in turn.
urlpatterns = [
    path("s/<slug:school>/", include("portal.teacher.urls")),
    path("s/<slug:school>/reports/", include("portal.reports.urls")),
    path("s/<slug:school>/office/", include("portal.office.urls")),
    path("family/", include("portal.guardian.urls")),
    path("district/", include("portal.district.urls")),
    path("p/<slug:school>/", include("portal.public.urls")),
    path("api/v1/", include("api.rest.v1.urls")),
    path("health/", include("api.health.urls")),
    path("metrics", metrics, name="metrics"),
    path("", include("portal.home.urls")),
    path("", include("portal.shell.urls")),
]
