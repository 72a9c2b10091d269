"""Moments come out of the database as the driver would read them, only faster."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st


def read(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "2026-11-20 10:42:00+03", datetime(2026, 11, 20, 7, 42, tzinfo=UTC), id="Moscow"
        ),
        pytest.param(
            "2026-11-20 10:42:00.5+00",
            datetime(2026, 11, 20, 10, 42, 0, 500_000, UTC),
            id="a short fraction",
        ),
        pytest.param(
            "2026-11-20 10:42:00.000001+00",
            datetime(2026, 11, 20, 10, 42, 0, 1, UTC),
            id="a microsecond",
        ),
        pytest.param("0001-01-01 00:00+00", datetime(1, 1, 1, tzinfo=UTC), id="the first moment"),
        pytest.param(
            "9999-12-31 23:59:59.999999+00",
            datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
            id="the last moment",
        ),
    ],
)
def test_moment_is_read_in_utc(db: None, text: str, expected: datetime) -> None:
    moment = read(text)

    assert moment == expected
    assert moment.tzinfo is UTC


def test_nothing_is_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULL::timestamptz")
        assert cursor.fetchone() == (None,)


@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00+00 BC"])
def test_what_python_has_no_moment_for_is_refused(db: None, text: str) -> None:
    with pytest.raises(DataError):
        read(text)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=50))
def test_what_was_written_is_read(django_db_setup, django_db_blocker, moments) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM unnest(%s::timestamptz[])", [moments])
        assert [moment for (moment,) in cursor.fetchall()] == moments
