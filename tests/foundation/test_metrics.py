"""`/metrics`: numbers without people, of every process, for neighbours only."""

import json
import os
import re
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from api.health import condition
from foundation import metrics
from foundation.metrics import FAMILIES, count, observe, read_notes, render
from foundation.reception import Line, Reception, Urgency
from tests.factories.district import sign_in

pytestmark = pytest.mark.django_db
NEIGHBOUR = "10.0.0.9"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, monkeypatch):
    settings.METRICS_FOLDER = tmp_path / "metrics"
    monkeypatch.setattr(metrics, "_book", metrics._Book())


def numbers(text: str) -> dict[str, float]:
    """Return the samples of an answer by series, the process left out."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            series, value = line.rsplit(" ", 1)
            found[re.sub(r',?process="[^"]*"', "", series).replace("{}", "")] = float(value)
    return found


def ask() -> dict[str, float]:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    return numbers(answer.content.decode())


def test_answers_are_counted_by_route_and_never_by_address(schools):
    Client().get("/sign-in/?login=Иванова")
    Client().get("/no-such-page/Иванова/")

    answer = Client().get("/metrics").content.decode()

    found = numbers(answer)
    assert found['okrug_requests_total{route="home:sign-in",status="2xx"}'] == 1
    assert found['okrug_requests_total{route="none",status="4xx"}'] == 1
    assert found['okrug_request_seconds_count{part="home"}'] == 1
    assert "Иванова" not in answer
    assert "no-such-page" not in answer


def test_condition_of_the_product_is_numbers(schools):
    found = ask()

    assert (found["okrug_up"], found["okrug_schools"], found["okrug_schools_behind"]) == (1, 5, 0)
    assert found["okrug_outbox_oldest_seconds"] == found["okrug_dispatcher_at_work"] == 0
    assert 0 < found["okrug_disk_free_ratio"] < 1
    assert 0 < found["okrug_database_connections"] < found["okrug_database_connections_limit"]
    assert "okrug_broker_up" not in found  # the tests have none
    assert "okrug_backup_age_seconds" not in found  # nobody made a copy


def test_every_metric_is_declared(schools):
    answer = Client().get("/metrics").content.decode()
    names = {re.split(r"[{ ]", line)[0] for line in answer.splitlines() if line[:1] != "#"}

    assert {metrics._family_of(name) for name in names} <= FAMILIES.keys()


@pytest.mark.parametrize(
    ("how", "status"),
    [
        pytest.param({}, 200, id="this machine"),
        pytest.param({"REMOTE_ADDR": NEIGHBOUR}, 404, id="another"),
        pytest.param({"HTTP_X_FORWARDED_FOR": "203.0.113.5"}, 404, id="past a proxy"),
        pytest.param({"HTTP_FORWARDED": "for=203.0.113.5"}, 404, id="past a proxy of RFC 7239"),
        pytest.param({"REMOTE_ADDR": "nonsense"}, 404, id="no address"),
    ],
)
def test_stranger_sees_no_numbers(how, status):
    assert Client().get("/metrics", **how).status_code == status


def test_network_may_be_listed(settings):
    settings.METRICS_NETWORKS = ["10.0.0.0/24"]

    assert Client().get("/metrics", REMOTE_ADDR=NEIGHBOUR).status_code == 200
    assert Client().get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("given", "status"), [("Bearer secret-word", 200), ("Bearer secret-wor", 404), ("", 404)]
)
def test_token_alone_decides_when_there_is_one(settings, given, status):
    settings.METRICS_TOKEN = "secret-word"

    answer = Client().get("/metrics", REMOTE_ADDR=NEIGHBOUR, HTTP_AUTHORIZATION=given)

    assert answer.status_code == status


def test_notes_of_other_processes_are_read_and_bear_their_names(settings):
    folder = Path(settings.METRICS_FOLDER)
    folder.mkdir()
    line = ["okrug_tasks_total", [["state", "success"], ["task", "x"]], 7]
    (folder / "elsewhere-1.json").write_text(json.dumps([line]))
    (folder / "elsewhere-2.json").write_text("{half a note")
    count("okrug_tasks_total", state="success", task="x")

    text = render(read_notes())

    assert 'okrug_tasks_total{state="success",task="x",process="elsewhere-1"} 7' in text
    assert len([one for one in text.splitlines() if one.startswith("okrug_tasks_total")]) == 2


def test_note_of_a_process_that_ended_long_ago_is_dropped(settings):
    folder = Path(settings.METRICS_FOLDER)
    folder.mkdir()
    note = folder / "elsewhere-1.json"
    note.write_text(json.dumps([["okrug_tasks_total", [], 7]]))
    long_ago = time.time() - metrics.FORGET_SECONDS - 1
    os.utime(note, (long_ago, long_ago))

    assert read_notes() == {}
    assert not note.exists()


def test_folder_that_cannot_be_written_costs_nothing(settings):
    settings.METRICS_FOLDER = Path("/proc/no-such-folder")
    count("okrug_tasks_total", state="success", task="x")

    assert list(read_notes().values()) == [1.0]


def test_durations_fall_into_buckets():
    for seconds in (0.01, 0.2, 7.0):
        observe("okrug_request_seconds", seconds, part="home")

    found = numbers(render(read_notes()))

    assert found['okrug_request_seconds_bucket{part="home",le="0.01"}'] == 1
    assert found['okrug_request_seconds_bucket{part="home",le="0.25"}'] == 2
    assert found['okrug_request_seconds_bucket{part="home",le="5.0"}'] == 2
    assert found['okrug_request_seconds_bucket{part="home",le="+Inf"}'] == 3
    assert found['okrug_request_seconds_sum{part="home"}'] == pytest.approx(7.21)


def test_reception_tells_of_desks_lines_and_refusals():
    reception = Reception(
        lambda *_: [b""],
        desks=0,
        lines={Urgency.LATER: Line(places=0, seconds=0.1)},
        urgency_of=lambda _: Urgency.LATER,
        refuse=lambda *_: [b"busy"],
    )

    assert reception({}, lambda *_: None) == [b"busy"]

    found = numbers(render(read_notes()))
    assert found['okrug_refused_total{line="later"}'] == 1
    assert found['okrug_line_waiting{line="later"}'] == 0
    assert found["okrug_desks"] == found["okrug_desks_busy"] == 0


# --- /health/ready --------------------------------------------------------------------


def test_ready_names_what_is_wrong_and_refuses_nobody(schools, monkeypatch, settings):
    settings.CELERY_BROKER_URL = "redis+socket:///no/such/socket"
    monkeypatch.setattr(condition, "count_behind", lambda: 3)
    monkeypatch.setattr(condition, "_disk_free", lambda: 0.03)

    answer = Client().get("/health/ready")

    said = answer.json()
    assert answer.status_code == 200
    assert (said["status"], said["migrations"], said["schools_behind"]) == ("ok", "behind", 3)
    assert (said["disk"], said["broker"], said["backup"]) == ("low", "down", "none")


def test_question_that_fails_is_unknown_and_not_a_refusal(schools, monkeypatch):
    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    monkeypatch.setattr(condition, "get_last_backup_at", fail)
    monkeypatch.setattr(condition, "count_behind", fail)

    said = Client().get("/health/ready").json()

    assert (said["status"], said["backup"], said["migrations"]) == ("ok", "unknown", "unknown")


def test_numbers_of_the_disk_are_for_metrics_only(schools):
    said = Client().get("/health/ready").json()

    assert said["disk"] in {"ok", "low"}
    assert not any("free" in key or "age" in key for key in said)


def test_signed_in_and_stranger_see_the_same(schools):
    browser = sign_in()

    assert browser.get("/metrics").status_code == 200
