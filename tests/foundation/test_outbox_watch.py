"""`/health/ready` says whether events are delivered, and how late the oldest is."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.dispatcher import LOCK
from foundation.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


def ask() -> dict[str, object]:
    said: dict[str, object] = Client().get("/health/ready").json()
    return said


def test_nobody_delivers_while_no_dispatcher_holds_the_lock():
    assert ask()["outbox"] == "nobody delivers"


def test_dispatcher_at_work_is_seen():
    known = connection.settings_dict
    there = {"host": known["HOST"], "port": known["PORT"] or None, "user": known["USER"]}
    place = {name: value for name, value in there.items() if value}
    with psycopg.connect(
        dbname=known["NAME"], password=known["PASSWORD"], autocommit=True, **place
    ) as dispatcher:
        dispatcher.execute(LOCK)

        assert ask()["outbox"] == "ok"


def test_event_that_waits_longer_than_a_minute_is_named():
    long_ago = timezone.now() - timedelta(minutes=5)
    OutboxEvent.objects.create(name="x", payload={}, created_at=long_ago)

    said = ask()

    assert said["outbox"] == "late"
    assert int(str(said["outbox_oldest_seconds"])) >= 300
    assert said["status"] == "ok"
