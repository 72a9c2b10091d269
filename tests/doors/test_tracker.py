"""Ten thousand canaries in errors, logs, addresses, headers, cookies: none reaches the tracker.

Nor a line of production's log. A second run without the scrubber proves that they can be heard.
"""

import io
import itertools
import json
import logging
import random
from collections.abc import Iterator
from typing import Any, cast

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.types import Event
from structlog.contextvars import bound_contextvars

from config.logs import json_lines
from config.tracker import ListedWire, start_tracker
from kernel.roles import Role
from tests.doors.test_canaries import PHONE, STORY
from tests.factories.district import TwoSchools
from tests.foundation.test_transport import Doorkeeper
from tests.foundation.test_transport import doorkeeper as doorkeeper

DSN = "https://key@errors.town.ru/7"
LETTERS = "абвгдежзийклмнопрстуфхцчшщыэюя"
REQUEST_ID = "0123456789abcdef0123456789abcdef"
logger = logging.getLogger("services.journal.operations")


class Kept(ListedWire):
    """Keeps what would be sent."""

    sent: list[bytes]

    def send(self, content: bytes) -> None:
        self.sent.append(content)


class Unscrubbed(Kept):
    """Keeps what sentry-sdk itself would send."""

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production's log says."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(json_lines())
    logging.root.addHandler(handler)
    yield said
    logging.root.removeHandler(handler)


@pytest.fixture
def tracker(settings: Any) -> Iterator[Any]:
    """Start the tracker on a wire that keeps; end it after the test."""

    def start(wire: type[Kept] = Kept, **options: Any) -> list[bytes]:
        wire.sent = []
        settings.RELEASE = "0.1.0"
        start_tracker(DSN, transport=wire, **options)
        return wire.sent

    yield start
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


def canaries(count: int) -> Iterator[str]:
    """Yield names, СНИЛС, marks, tokens, phones, addresses of post: each once."""
    chance = random.Random(11)

    def digits(many: int) -> str:
        return "".join(chance.choices("0123456789", k=many))

    makers = [
        lambda: "".join(chance.choices(LETTERS, k=9)).capitalize() + "ова",
        lambda: f"{digits(3)}-{digits(3)}-{digits(3)} {digits(2)}",
        lambda: f"«{digits(6)}» отметка 4-",
        lambda: f"{chance.getrandbits(96):024x}",
        lambda: f"+7 9{digits(2)} {digits(3)}-{digits(2)}-{digits(2)}",
        lambda: f"kenar{digits(8)}@pochta.example",
    ]
    found: set[str] = set()
    for make in itertools.cycle(makers):
        made = make()
        if made not in found:
            found.add(made)
            yield made
        if len(found) == count:
            return


class Pupil:
    """Something whose repr tells too much."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<Pupil {self.name}>"


PLACES = 20


def let_out(flock: list[str]) -> None:
    """Put each canary where it may be told from: an error's chain, logs, the request, the scope."""
    bird = iter(flock)
    request = {
        "url": f"https://okrug.town.ru/s/alpha/{next(bird)}/",
        "query_string": f"q={next(bird)}",
        "headers": {"Authorization": f"Token {next(bird)}"},
        "cookies": {"okrug": next(bird)},
        "data": {"name": next(bird)},
        "env": {"REMOTE_USER": next(bird)},
    }
    with (
        sentry_sdk.isolation_scope() as scope,
        bound_contextvars(request_id=next(bird), school=3, account=14, name=next(bird)),
    ):
        scope.add_event_processor(lambda event, hint: cast(Event, {**event, "request": request}))
        scope.set_user({"username": next(bird), "id": 14})
        scope.set_tag("class", next(bird))
        scope.set_context("lesson", {"topic": next(bird)})
        scope.set_extra("mark", next(bird))
        scope.set_transaction_name(next(bird))
        scope.add_attachment(bytes=next(bird).encode(), filename="list.txt")
        sentry_sdk.add_breadcrumb(message=next(bird))
        try:
            fail(next(bird), Pupil(next(bird)), next(bird))
        except RuntimeError as error:
            error.add_note("note")
            logger.exception("Не записано: %s", next(bird), extra={"topic": next(bird)})
    assert next(bird, None) is None


def fail(local: str, pupil: Pupil, reason: str) -> None:
    """Raise with a cause; the arguments stand in the frame."""
    try:
        raise ValueError(f"Key (snils)=({local}) exists", pupil)
    except ValueError as error:
        raise RuntimeError(reason) from error


def singing(flock: list[str], *texts: str) -> list[str]:
    return [one for one in flock if any(one in text for text in texts)]


def plain(sent: list[bytes]) -> str:
    """Return envelopes as text in which Cyrillic is Cyrillic."""
    said = b"\n".join(sent).decode()
    return said + "\n".join(
        json.dumps(json.loads(line), ensure_ascii=False)
        for line in said.splitlines()
        if line.startswith("{")
    )


@pytest.mark.requirement("PDP-001", "PDP-002", part=True)
def test_ten_thousand_canaries_reach_neither_the_tracker_nor_the_log(tracker, lines) -> None:
    sent = tracker()
    flock = list(canaries(10_000))

    for start in range(0, len(flock), PLACES):
        let_out(flock[start : start + PLACES])
        sentry_sdk.flush()

    assert len(sent) == len(flock) // PLACES
    assert singing(flock, plain(sent), lines.getvalue()) == []


def test_without_the_scrubber_they_would_be_heard(tracker) -> None:
    sent = tracker(
        Unscrubbed,
        before_send=None,
        max_breadcrumbs=100,
        include_local_variables=True,
    )
    flock = list(canaries(PLACES * 6))

    for start in range(0, len(flock), PLACES):
        let_out(flock[start : start + PLACES])

    assert singing(flock, plain(sent)) == flock


def test_event_tells_what_helps_and_no_more(tracker) -> None:
    sent = tracker()

    with bound_contextvars(request_id=REQUEST_ID, school=3, account=14):
        try:
            fail("a", Pupil("b"), "c")
        except RuntimeError:
            logger.exception("journal.not_saved", extra={"school_id": 3})
    sentry_sdk.flush()

    header, item, body = sent[0].decode().splitlines()
    event = json.loads(body)
    assert set(json.loads(header)) == {"event_id"}
    assert json.loads(item)["type"] == "event"
    assert set(event) == {
        *("event_id", "timestamp", "platform", "level", "release", "logger"),
        *("logentry", "exception", "tags", "user"),
    }
    assert event["logentry"] == {"message": "journal.not_saved"}
    assert event["tags"] == {"request_id": REQUEST_ID, "school": 3, "account": 14}
    assert event["user"] == {"id": "14"}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "RuntimeError")
    assert set(error) == {"type", "stacktrace"}
    frame = error["stacktrace"]["frames"][-1]
    assert frame["function"] == "fail"
    assert frame["filename"].endswith("doors/test_tracker.py")
    assert set(frame) == {"filename", "function", "module", "lineno", "in_app"}


@pytest.mark.django_db
@pytest.mark.requirement("PDP-001", part=True)
def test_failed_request_is_told_by_numbers(
    two: TwoSchools, tracker, lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError(STORY)

    sent = tracker()
    anna = two.sign_in(Role.TEACHER)
    monkeypatch.setattr("services.journal.queries.get_page", broken)
    anna.raise_request_exception = False
    anna.cookies["note"] = "kenar-in-a-cookie"
    small = two.alpha
    page = f"{small.group_id}/{small.subject_id}/{small.term_id}"
    answer = anna.get(
        f"/s/alpha/journal/{page}/lessons/?q={PHONE}",
        headers={"x-note": STORY, "x-request-id": REQUEST_ID},
    )
    sentry_sdk.flush()

    assert answer.status_code == 500
    (event,) = [json.loads(one.splitlines()[-1]) for one in sent]
    (line,) = [json.loads(one) for one in lines.getvalue().splitlines() if '"error"' in one]
    school = two.refs["alpha"].id
    assert event["tags"] == {
        "request_id": REQUEST_ID,
        "school": school,
        "account": event["tags"]["account"],
    }
    assert line["request_id"] == REQUEST_ID
    assert (line["school"], line["account"]) == (school, event["tags"]["account"])
    assert line["error"][0]["kind"] == "builtins.RuntimeError"
    assert line["error"][0]["at"][-1].endswith(" broken")
    for canary in (STORY, PHONE, "9007654321", "kenar-in-a-cookie", "lessons/"):
        assert canary not in plain(sent)
        assert canary not in lines.getvalue()


# --- The way it goes ---------------------------------------------------------------------------


def test_tracker_is_spoken_to_through_the_gate(
    tracker, settings, doorkeeper: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS_OUT = []
    start_tracker(doorkeeper.replace("http://", "http://key@") + "/7")

    logger.error("journal.not_saved")
    sentry_sdk.flush()

    assert Doorkeeper.asked == []
    assert "tracker.way_out_is_closed" in caplog.text

    settings.ALLOWED_HOSTS_OUT = [doorkeeper]
    logger.error("journal.not_saved")
    sentry_sdk.flush()

    assert Doorkeeper.asked == ["POST /api/7/envelope/ HTTP/1.1"]


def test_nobody_is_told_when_no_tracker_is_set() -> None:
    start_tracker("")

    assert not sentry_sdk.get_client().is_active()
