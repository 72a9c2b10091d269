"""20 000 interleaved transactions over five schools: not one foreign answer."""

import pytest

from tests.tenancy.isolation import Storm, plant_markers, pull_markers

pytestmark = pytest.mark.postgresql15


@pytest.mark.requirement("PDP-005", part=True)
@pytest.mark.timeout(400)
def test_no_transaction_ever_sees_another_school(real_district):
    schools = list(real_district.values())
    plant_markers(schools)
    try:
        storm = Storm(schools, transactions=20_000)
        storm.run()
    finally:
        pull_markers(schools)

    assert storm.leaks == []
    assert sum(storm.done.values()) == 20_000
    assert all(storm.done[deed] > 100 for deed in ("_time_out", "_lose_connection", "_savepoint"))
