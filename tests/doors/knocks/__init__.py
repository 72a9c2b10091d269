"""Every knock at every door: who may, with what, and what the door answers then.

Written by hand, apart from `config.permissions`: the two are compared by knocking. A route without
a knock fails `test_every_route_is_knocked_at`.
"""

from tests.doors.knocks import (
    consents,
    district,
    family,
    home,
    office,
    programs,
    public,
    service,
    teacher,
)
from tests.doors.knocks.knock import Knock as Knock
from tests.doors.knocks.knock import child

KNOCKS = (
    *home.KNOCKS,
    *teacher.KNOCKS,
    *office.KNOCKS,
    *consents.KNOCKS,
    *service.KNOCKS,
    *family.KNOCKS,
    *public.KNOCKS,
    *district.KNOCKS,
    *programs.KNOCKS,
)
JOURNAL_ROUTES = [
    knock
    for knock in KNOCKS
    if knock.route.startswith("teacher:")
    or knock.route in {"api:journals", "api:journal", "api:save-cells"}
]
CHILD_ROUTES = [knock for knock in KNOCKS if knock.place is child]
