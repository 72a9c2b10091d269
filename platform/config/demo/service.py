"""Applications of the demo: a few of each state in every school, so that no page is empty.

They are made by the operations people use, each at its own past moment, and asked of the database
whether they are there: a second load adds nothing.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from config.demo import families
from kernel.actor import Actor
from kernel.roles import Role
from kernel.school_year import start_year_of
from services.cases.operations import applying, desk, printouts, service
from services.cases.operations.applying import Door, Typed
from services.cases.operations.desk import Match, Signed
from services.cases.queries.cases import count_cases_by_state
from services.cases.queries.printouts import get_queue
from services.cases.rules import NO_CONSENT, TRANSFER
from services.people import queries as people
from services.people.operations.consents import Papers, SignerDetails, withdraw_consent
from services.people.queries.consents import find_live_consent
from services.people.queries.families import list_guardian_links
from services.regulation.operations import change_setting
from services.regulation.queries import get_setting

NAMESPACE = uuid.UUID("5d1f0f6e-8a0f-4a52-9a0e-6d9b4b0e9c11")
PAPERS = Papers(
    "Заречный городской округ, ул. Речная, д. 1", "паспорт гражданина РФ", "00 00 000000",
    date(2015, 3, 12), "отделом внутренних дел Заречного городского округа",
)  # fmt: skip
DETAILS = SignerDetails(PAPERS, PAPERS, "свидетельство о рождении")
# How far a case came, and how many days ago each step was: apply, consent, access.
# A small school comes as far down as it has families.
PLAN = (
    ("active", 40, 39, 35),
    ("active", 33, 32, 30),
    ("paper", 30, 29, 28),  # no Internet at home: print-outs
    ("accepted", 24, 23, 0),  # the term is over
    ("not_accepted", 12, 0, 0),
    ("refused", 36, 0, 0),  # the consent was never brought
    ("terminated", 50, 49, 45),
    ("consent_withdrawn", 44, 43, 41),  # the family is told on paper from then on
    ("moved", 47, 46, 42),  # to another school
    ("withdrawn", 6, 0, 0),
    ("accepted", 14, 13, 0),  # it nears
    ("accepted", 2, 1, 0),
    ("access_granted", 9, 8, 1),
    ("recognised", 3, 0, 0),
    ("registered", 1, 0, 0),
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A pupil of the demo with a parent."""

    pupil_id: int
    guardian_id: int
    typed: Typed
    account_id: int | None


def apply_for_access(*, actor: Actor, now: datetime) -> int:
    """Make the applications of the open school and return how many; none when there are some."""
    if count_cases_by_state():
        return 0
    today = now.date()
    _name_operator(actor, today)
    clerk = Actor(None, actor.school, frozenset({Role.ADMINISTRATOR}), name="Администратор школы")
    kin = _list_kin(today)
    begun_on = date(start_year_of(today), 9, 2)  # nobody was in a class before
    plan = [row for row in PLAN if today - timedelta(days=row[1]) >= begun_on]
    made = 0
    # The newest number belongs to the newest day: the register goes forward in time.
    for (state, *days), family in sorted(zip(plan, kin, strict=False), key=lambda one: -one[0][1]):
        _make(clerk, family, state, [now - timedelta(days=ago) for ago in days])
        made += 1
    return made


def _make(clerk: Actor, family: Kin, state: str, moments: list[datetime]) -> None:
    applied, consented, opened = moments
    key = uuid.uuid5(NAMESPACE, f"{clerk.school.slug}/{family.pupil_id}/{family.guardian_id}")
    is_seen = family.account_id is not None and state != "not_accepted"
    door = Door(
        "portal" if is_seen else "anonymous", key, family.account_id if is_seen else None, is_seen
    )
    typed = replace(family.typed, delivery="paper") if state == "paper" else family.typed
    receipt = applying.submit_application(
        actor=Actor.public(clerk.school), door=door, typed=typed, now=applied
    )
    about: dict[str, Any] = {"actor": clerk, "case_id": receipt.case_id}
    if state == "not_accepted":
        desk.refuse_to_accept(ground="stranger", now=applied, **about)
    if state in ("not_accepted", "registered"):
        return
    match = Match(family.pupil_id, family.guardian_id)
    desk.recognise(match=match, now=applied, **about)
    if state == "withdrawn":
        service.withdraw(now=applied, **about)
    if state == "refused":
        later = applied + timedelta(days=20)
        service.refuse(ground=NO_CONSENT, note="Согласие не принесли.", now=later, **about)
    if state in ("recognised", "withdrawn", "refused"):
        return
    desk.accept(now=consented, signed=Signed(DETAILS, "in_person"), **about)
    if state == "accepted":
        return
    _serve(clerk, family, state, opened, about)


def _serve(clerk: Actor, family: Kin, state: str, opened: datetime, about: dict[str, Any]) -> None:
    """Open the access, and let happen what came of it."""
    service.grant(now=opened, **about)
    if state == "access_granted":
        return
    service.hand_over(is_explained=True, now=opened, **about)
    later = opened + timedelta(days=20)
    if state == "terminated":
        service.stop(now=later, **about)
    if state == "moved":
        service.terminate(ground=TRANSFER, now=later, **about)
    if state == "consent_withdrawn":
        _withdraw_consent(clerk, family, later)
    if state == "paper":
        _hand_paper(clerk, family, opened, about["case_id"])


def _withdraw_consent(clerk: Actor, family: Kin, now: datetime) -> None:
    consent = find_live_consent(pupil_id=family.pupil_id, guardian_id=family.guardian_id)
    assert consent is not None
    withdraw_consent(actor=clerk, consent_id=consent.id, manner="desk", now=now)


def _hand_paper(clerk: Actor, family: Kin, opened: datetime, case_id: int) -> None:
    """Let the family have got two sheets of paper, and the third be due."""
    system = Actor.system(clerk.school)
    printouts.follow_case(actor=system, case_id=case_id, now=opened)
    (row,) = (
        one.id
        for one in get_queue(actor=clerk, on=opened.date()).rows
        if one.pupil_id == family.pupil_id
    )
    for days in (12, 20):
        now = opened + timedelta(days=days)
        sheets = printouts.print_out(actor=clerk, subscription_ids=[row], now=now)
        printouts.hand_over(actor=clerk, printout_ids=sheets, now=now)


def _list_kin(today: date) -> list[Kin]:
    """Return pupils with a parent: of the first seventh grade and of other classes in turn."""
    classes = people.list_classes(start_year=start_year_of(today))
    classes.sort(key=lambda one: (one.level != 7, one.level, one.title))
    rows = [list(_kin_of_class(one.id, one.title, today)) for one in classes]
    first = rows[0] if rows else []
    others = [one for row in rows[1:] for one in row]
    pairs = zip(first, [*others[::9], *others[1::9]] or first, strict=False)
    in_turn = [one for pair in pairs for one in dict.fromkeys(pair)]
    # The families people sign in as have a service that is given, and nobody loses a diary.
    known = {families.VERA.name, families.DMITRY.name}
    in_turn.sort(key=lambda one: one.typed.applicant not in known)
    return in_turn


def _kin_of_class(class_id: int, title: str, today: date) -> Iterator[Kin]:
    for pupil in people.list_class_pupils(class_id=class_id, on=today):
        links = list_guardian_links(pupil_id=pupil.id, on=today)
        if not links or pupil.birth_date is None:
            continue
        link = links[0]
        card = people.get_guardians(guardian_ids=[link.guardian_id])[link.guardian_id]
        typed = Typed(
            is_pupil=False,
            child=pupil.name,
            child_birth_date=pupil.birth_date,
            child_class=title,
            applicant=card.name,
            relation=link.relation,
            phone="+79005550100",
        )
        yield Kin(pupil.id, link.guardian_id, typed, card.account_id)


def _name_operator(actor: Actor, today: date) -> None:
    """Name the school in its consents: they are not worth the paper without."""
    since_on = today - timedelta(days=365)
    named = {
        "operator.name": actor.school.short_name,
        "operator.address": "Заречный городской округ, ул. Школьная, д. 1",
    }
    for key, value in named.items():
        if not get_setting(key=key, on=today).value:
            change_setting(
                actor=actor, key=key, value=value, clause="Устав школы", since_on=since_on
            )
