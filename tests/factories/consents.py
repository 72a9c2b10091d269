"""Consents in a small school: Vera's is live, Dmitry's is withdrawn, Anna's is destroyed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from services.people.operations.consents import (
    Papers,
    SignerDetails,
    accept_consent,
    change_operator,
    withdraw_consent,
)
from services.people.operations.destruction import Witness, destroy_extra_data
from services.people.operations.subject_requests import answer_request, write_down_request
from tests.factories.school import SmallSchool

SHOWN = Papers(
    address="г. Заречный, ул. Садовая, д. 1",
    document="паспорт гражданина РФ",
    number="79 08 123456",
    issued_on=date(2015, 3, 12),
    issued_by="ОВД г. Заречного",
)
FOR_CHILD = SignerDetails(SHOWN, SHOWN, "свидетельство о рождении I-АЖ 765432")

# The same as a form sends it.
TYPED = {
    "representative-address": "г. Заречный, ул. Садовая, д. 1",
    "representative-document": "паспорт гражданина РФ",
    "representative-number": "79 08 123456",
    "representative-issued_on": "2015-03-12",
    "representative-issued_by": "ОВД г. Заречного",
    "subject-address": "",
    "subject-document": "свидетельство о рождении",
    "subject-number": "I-АЖ 765432",
    "subject-issued_on": "20.05.2013",
    "subject-issued_by": "ЗАГС г. Заречного",
    "authority": "",
}


@dataclass(frozen=True)
class SignedPapers:
    """Ids of what was signed, destroyed and asked for."""

    live: int
    withdrawn: int
    destroyed: int
    act: int
    request: int
    answered: int


def sign_papers(school: SchoolRef, small: SmallSchool) -> SignedPapers:
    """Let them sign, withdraw, ask and be answered today."""
    system, now = Actor.system(school), clock.now()
    on = clock.today(school.timezone)
    common: dict[str, Any] = {
        "actor": system,
        "identified_by": "in_person",
        "accepted_on": on,
        "now": now,
    }
    with school_transaction(system, school.id):
        change_operator(
            actor=system,
            values={"operator.name": "МБОУ «Школа»", "operator.address": "ул. Школьная, д. 1"},
            since_on=date(2026, 9, 1),
        )
        vera, dmitry = (
            accept_consent(**common, pupil_id=child, guardian_id=parent, details=FOR_CHILD)
            for child, parent in ((small.gleb, small.vera), (small.yegor, small.dmitry))
        )
        anna = accept_consent(**common, employee_id=small.anna, details=SignerDetails(SHOWN))
        for one in (dmitry, anna):
            withdraw_consent(actor=system, consent_id=one.id, manner="desk", now=now)
        act = destroy_extra_data(
            actor=system, consent_id=anna.id, witnesses=[Witness("Директор", "Б. Б.")], now=now
        )
        asked, answered = (
            write_down_request(
                actor=system, guardian_id=small.vera, pupil_id=pupil, employee_id=None, now=now
            )
            for pupil in (None, small.gleb)
        )
        answer_request(actor=system, request_id=answered.id, digest="", now=now)
    return SignedPapers(vera.id, dmitry.id, anna.id, act, asked.id, answered.id)
