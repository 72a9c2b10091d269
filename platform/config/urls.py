"""Every address of the product. In a school: `/s/<school>/…`; house.md §4."""

from django.urls import include, path

from api.health.measuring import metrics

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", include("portal.home.urls")),
    path("", include("portal.shell.urls")),
    path("s/<slug:school>/", include("portal.teacher.urls")),
    path("s/<slug:school>/reports/", include("portal.reports.urls")),
    path("s/<slug:school>/office/", include("portal.office.urls")),
    path("p/<slug:school>/", include("portal.public.urls")),
    path("family/", include("portal.guardian.urls")),
    path("district/", include("portal.district.urls")),
    path("api/v1/", include("api.rest.v1.urls")),
    path("health/", include("api.health.urls")),
    path("metrics", metrics, name="metrics"),
]
