"""Names, phones, documents, codes and passwords that pass through the doors leave no trace.

Not in logs of any level, not in events, not in titles of notices, not in addresses. Each canary is
a string that is nowhere else, so that it is found wherever it sings.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.db.door import school_transaction
from foundation.notify.models import Notice
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from kernel.roles import Role
from services.people.models import Consent, Pupil, SchoolClass
from services.people.operations.consents import change_operator
from tests.doors.complaint_places import a_complaint
from tests.doors.knocks.knock import an_application
from tests.factories.accounts import enter, make_account, make_unactivated
from tests.factories.district import ALPHA, TwoSchools

pytestmark = pytest.mark.django_db

CHILD, MOTHER = "Канарейкин", "Канарейкина"
PHONE, PHONE_DIGITS = "8 900 765-43-21", "9007654321"
EMAIL = "kenar@pochta.example"
ADDRESS = "Кенарская улица"
PASSPORT, BIRTH = "79 08 314159", "I-КЕ 271828"
ISSUED_BY = "Кенарский отдел"
LOGIN, SECRET = "kenar.login", "желтая канарейка поёт"
STORY = "Кенар не получил дневника"


@dataclass
class Trail:
    """What a walk through the doors has left behind."""

    caplog: pytest.LogCaptureFixture
    schools: list[SchoolRef]
    canaries: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def post(self, client: Client, url: str, form: dict[str, Any]) -> Any:
        """Send a form; keep every address the answer leads to."""
        answer = client.post(url, form)
        self.statuses.append(answer.status_code)
        self.addresses += [url, answer.headers.get("Location", "")]
        return answer

    def deliver(self) -> None:
        """Let the handlers hear of everything, twice: what follows is heard too."""
        for school in [*self.schools, None, *self.schools, None]:
            deliver_waiting(school, clock.now())

    def read(self) -> dict[str, str]:
        """Return, by place, everything that must be silent."""
        logs = [
            f"{record.getMessage()} {vars(record)} {record.exc_text or ''}"
            for record in self.caplog.records
        ]
        events, titles = _read_tables()
        for school in self.schools:
            with school_transaction(Actor.system(school), school.id):
                more = _read_tables()
            events, titles = events + more[0], titles + more[1]
        return {
            "logs": "\n".join(logs),
            "events": "\n".join(events),
            "notices": "\n".join(titles),
            "addresses": "\n".join(self.addresses),
        }

    def find(self) -> dict[str, list[str]]:
        """Return the canaries that sing, by place."""
        said = {place: text.lower() for place, text in self.read().items()}
        found = {
            place: sorted(one for one in self.canaries if one.lower() in text)
            for place, text in said.items()
        }
        return {place: singing for place, singing in found.items() if singing}


def _read_tables() -> tuple[list[str], list[str]]:
    events = [f"{name} {payload}" for name, payload in OutboxEvent.objects.values_list(
        "name", "payload"
    )]  # fmt: skip
    return events, [f"{title} {url}" for title, url in Notice.objects.values_list("title", "url")]


@pytest.fixture
def trail(two: TwoSchools, caplog: pytest.LogCaptureFixture) -> Trail:
    """Listen to every logger at every level."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    return Trail(caplog, list(two.refs.values()))


@pytest.mark.requirement("PDP-001", part=True)
def test_application_leaves_no_trace_of_the_family(two: TwoSchools, trail: Trail) -> None:
    trail.canaries |= {CHILD, PHONE, PHONE_DIGITS, EMAIL, "2013-04-03", "03.04.2013"}
    form = {
        **an_application(two, ALPHA),
        "child": f"{CHILD} Лев Петрович",
        "birth_date": "03.04.2013",
        "applicant": f"{MOTHER} Вера Ильинична",
        "phone": PHONE,
        "email": EMAIL,
    }
    client = Client()
    two.sign_in(Role.SECRETARY)  # somebody is told of it

    trail.post(client, "/p/alpha/apply/", {**form, "class_title": "нет"})
    trail.post(client, "/p/alpha/apply/draft/", form)
    trail.post(client, "/p/alpha/apply/", form)
    page = client.get("/p/alpha/apply/done/").text
    (code,) = set(re.findall(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", page))
    (number,) = set(re.findall(r"2026/\d{6}", page))
    trail.canaries |= {code, code.replace("-", "")}
    for secret in ("ABCD-KANA-REJK-AABB-CCDD", code):
        trail.canaries |= {secret, secret.replace("-", "")}
        trail.post(client, "/p/alpha/status/", {"number": number, "secret": secret})
    trail.deliver()

    assert trail.statuses == [400, 302, 302, 400, 200]
    assert "ApplicationRegistered" in trail.read()["events"]
    assert trail.read()["notices"]
    assert trail.find() == {}


@pytest.mark.requirement("PDP-001", part=True)
def test_consent_leaves_no_trace_of_the_documents(two: TwoSchools, trail: Trail) -> None:
    _name_operator(two)
    small, clerk = two.alpha, two.sign_in(Role.SECRETARY)
    trail.canaries |= {CHILD, PASSPORT, "314159", BIRTH, "271828", ISSUED_BY, ADDRESS}
    form = {
        "kind": "parent",
        "representative-address": ADDRESS,
        "representative-document": "паспорт гражданина РФ",
        "representative-number": PASSPORT,
        "representative-issued_on": "2015-03-12",
        "representative-issued_by": ISSUED_BY,
        "subject-document": "свидетельство о рождении",
        "subject-number": BIRTH,
        "subject-issued_on": "20.05.2013",
        "subject-issued_by": ISSUED_BY,
        "authority": "",
    }
    place = {"school": ALPHA, "pupil_id": small.gleb, "guardian_id": small.vera}
    url = reverse("office:consent-new", kwargs=place)

    trail.post(clerk, url, {**form, "step": "check", "subject-issued_on": "нет"})
    shown = trail.post(clerk, url, {**form, "step": "check"})
    signed = {
        "salt": shown.context["document"].salt,
        "digest": shown.context["digest"],
        "key": shown.context["key"],
        "identified_by": "in_person",
        "is_signed": "on",
        "step": "accept",
    }
    trail.post(clerk, url, {**form, **signed})
    vera = two.sign_in(Role.GUARDIAN)
    with school_transaction(two.system_of(), two.refs[ALPHA].id):
        consent = Consent.objects.get().pk
    withdraw = reverse("guardian:withdraw-consent", kwargs={"school": ALPHA, "consent_id": consent})
    trail.post(vera, withdraw, {"is_sure": "on"})
    trail.deliver()

    assert trail.statuses == [400, 200, 302, 302]
    assert "ConsentWithdrawn" in trail.read()["events"]
    assert trail.find() == {}


@pytest.mark.requirement("PDP-001", part=True)
@pytest.mark.parametrize("target", ["employee", "director"])
def test_complaint_leaves_no_trace_of_its_applicant(
    two: TwoSchools, trail: Trail, target: str
) -> None:
    trail.canaries |= {MOTHER, CHILD, PHONE, PHONE_DIGITS, ADDRESS, STORY}
    form = {
        **a_complaint(two, ALPHA),
        "target": target,
        "against": f"{CHILD} Л. П.",
        "applicant": f"{MOTHER} Вера Ивановна",
        "residence": ADDRESS,
        "contested": STORY,
        "phone": PHONE,
    }
    client = Client()

    trail.post(client, "/p/alpha/complaint/", {**form, "arguments": ""})
    page = trail.post(client, "/p/alpha/complaint/", form).text
    number, code = re.findall(r'<dd class="code">([^<]+)</dd>', page)
    for secret in ("KANA-REJK-AABB-CCDD", code):
        trail.canaries |= {secret, secret.replace("-", "")}
        trail.post(client, "/p/alpha/complaint/status/", {"number": number, "code": secret})
    trail.deliver()

    assert trail.statuses == [400, 200, 400, 200]
    assert trail.find() == {}


@pytest.mark.requirement("PDP-001", part=True)
def test_ways_in_leave_no_trace_of_who_came_and_with_what(two: TwoSchools, trail: Trail) -> None:
    place = (Role.TEACHER, two.refs[ALPHA], two.alpha.anna)
    account = make_account(place, login=LOGIN, name=f"{CHILD} Лев Петрович")
    _, code = make_unactivated(place, login="kenar.second")
    wrong = f"{code[:-4]}KANA"
    trail.canaries |= {LOGIN, SECRET, CHILD, code, code.replace("-", ""), wrong, "kenar.second"}
    client = Client()

    answers = [enter(client, LOGIN, SECRET), enter(client, LOGIN)]
    trail.addresses += [one.headers.get("Location", "") for one in answers]
    for typed in (wrong, code):
        trail.post(Client(), "/activate/", {"code": typed})
    trail.post(Client(), "/activate/", {"code": code, "password": SECRET})
    trail.post(Client(), "/sign-in/reset/", {"login": LOGIN})
    trail.deliver()

    assert [one.status_code for one in answers] == [400, 302]
    assert trail.statuses[:3] == [400, 200, 302]
    assert account.pk
    assert trail.find() == {}


def test_a_canary_that_sings_is_heard(trail: Trail) -> None:
    """Proves that the ears above hear: a name in a log, in an address, in an error."""
    trail.canaries |= {CHILD}
    trail.addresses.append(f"/s/alpha/?q={CHILD.lower()}")
    logging.getLogger("services.cases").debug("case.seen", extra={"who": CHILD})
    with school_transaction(Actor.system(trail.schools[0]), trail.schools[0].id):
        OutboxEvent.objects.create(name="planted", payload={"name": CHILD})

    assert set(trail.find()) == {"logs", "events", "addresses"}


def test_errors_of_the_domain_name_nobody(two: TwoSchools) -> None:
    """What reaches an error report is a code and a sentence of ours."""
    error = DomainError("Такого нет.", who=CHILD)

    assert CHILD not in str(error)
    assert CHILD not in repr(error)


def _name_operator(two: TwoSchools) -> None:
    school, actor = two.refs[ALPHA], two.system_of()
    with school_transaction(actor, school.id):
        change_operator(
            actor=actor,
            values={"operator.name": "МБОУ", "operator.address": "ул. Школьная, 1"},
            since_on=date(2026, 9, 1),
        )
        Pupil.objects.filter(pk=two.alpha.gleb).update(last_name=CHILD)
        SchoolClass.objects.filter(letter="А").update(class_teacher_id=two.alpha.anna)
