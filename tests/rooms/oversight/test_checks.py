"""Checks of schools: the register, findings with terms, what the school's head is sent."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from foundation.db.door import public_transaction
from kernel.actor import Actor
from kernel.complaints import ComplaintHasMovedOn, ComplaintIsIncomplete
from kernel.errors import NotFound
from kernel.roles import DISTRICT_ROLES, Role
from services.cases.models import CommitteeLetter
from services.cases.operations import committee_letters
from services.cases.queries.committee_letters import list_letters
from services.oversight import operations, queries
from services.oversight.access import Officer
from services.oversight.models import Check, Finding
from services.oversight.operations import CheckPlan
from tests.rooms.oversight.conftest import Committee

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 20)
PLAN = CheckPlan("planned", "Ведение журналов", FRIDAY, date(2026, 11, 27), "Олегов О. О.")
Inside = Callable[..., Any]


def open_check(committee: Committee, **changes: Any) -> int:
    plan = CheckPlan(**{name: getattr(PLAN, name) for name in PLAN.__slots__} | changes)
    with public_transaction():
        return operations.open_check(
            officer=committee.oleg, school=committee.school, plan=plan, today=FRIDAY
        )


def find(committee: Committee, check_id: int, text: str = "Нет тем уроков.") -> int:
    with public_transaction():
        return operations.add_finding(
            officer=committee.oleg,
            check_id=check_id,
            text=text,
            clause="п. 2.1",
            cure_until=date(2026, 12, 1),
            today=FRIDAY,
        )


def send(committee: Committee, check_id: int) -> int:
    with public_transaction():
        return operations.send_findings(officer=committee.oleg, check_id=check_id, today=FRIDAY)


@pytest.mark.requirement("SRV-029", "ROL-032")
def test_check_goes_from_the_register_to_the_head_and_back(
    committee: Committee, inside: Inside
) -> None:
    check_id = open_check(committee)
    finding_id = find(committee, check_id)
    committee.deliver()
    assert inside(lambda actor: list_letters(actor=actor)) == []  # not sent yet

    assert send(committee, check_id) == 1
    committee.deliver()
    committee.redeliver()
    (letter,) = inside(lambda actor: list_letters(actor=actor))
    assert (letter.kind, letter.due_on) == ("finding", date(2026, 12, 1))
    assert letter.subject == "Проверка № 2026/000001: Ведение журналов"
    inside(
        lambda actor: committee_letters.answer_letter(
            actor=actor, letter_id=letter.id, reply="Заполнили.", now=committee.now
        )
    )
    committee.deliver()

    card = queries.get_check(officer=committee.olga, check_id=check_id, today=FRIDAY)
    (finding,) = card.findings
    assert (finding.id, finding.reply, finding.replied_by_name, finding.standing) == (
        finding_id,
        "Заполнили.",
        "Борин Борис",
        "sent",
    )
    with public_transaction():
        operations.note_cured(officer=committee.olga, finding_id=finding_id, today=FRIDAY)
    with pytest.raises(ComplaintHasMovedOn), public_transaction():
        operations.note_cured(officer=committee.oleg, finding_id=finding_id, today=FRIDAY)
    card = queries.get_check(officer=committee.olga, check_id=check_id, today=FRIDAY)
    assert (card.uncured, card.findings[0].standing) == (0, "cured")


def test_findings_are_sent_once(committee: Committee, inside: Inside) -> None:
    check_id = open_check(committee)
    find(committee, check_id)

    assert [send(committee, check_id), send(committee, check_id)] == [1, 0]
    find(committee, check_id, "Ещё одно.")
    assert send(committee, check_id) == 1
    committee.deliver()

    assert inside(lambda actor: CommitteeLetter.objects.count()) == 2


@pytest.mark.parametrize(
    ("today", "standing", "overdue"),
    [
        (date(2026, 11, 19), "planned", 0),
        (FRIDAY, "running", 0),
        (date(2026, 11, 28), "late", 0),
        (date(2026, 12, 1), "late", 0),
        (date(2026, 12, 2), "late", 1),
    ],
)
def test_standing_follows_the_day(today, standing: str, overdue: int, committee) -> None:
    check_id = open_check(committee)
    find(committee, check_id)
    send(committee, check_id)

    (card,) = queries.list_checks(officer=committee.oleg, today=today)

    assert (card.standing, card.overdue) == (standing, overdue)
    assert queries.count_overdue_findings(today=today) == overdue
    assert [one.id for one in queries.list_checks(
        officer=committee.oleg, today=today, standing="overdue"
    )] == ([check_id] if overdue else [])  # fmt: skip


def test_closed_check_takes_no_more_findings(committee: Committee) -> None:
    check_id = open_check(committee)
    with public_transaction():
        operations.close_check(
            officer=committee.oleg, check_id=check_id, conclusion="Нарушений нет.", today=FRIDAY
        )

    for refused in (lambda: find(committee, check_id), lambda: send(committee, check_id)):
        with pytest.raises(ComplaintHasMovedOn):
            refused()

    assert Finding.objects.count() == 0
    (card,) = queries.list_checks(officer=committee.oleg, today=FRIDAY, standing="closed")
    assert card.conclusion == "Нарушений нет."


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"subject": " "}, {"subject"}),
        ({"inspectors": ""}, {"inspectors"}),
        ({"ends_on": FRIDAY - timedelta(days=1)}, {"ends_on"}),
    ],
    ids=str,
)
def test_unfinished_plan_is_not_entered(changes, fields, committee: Committee) -> None:
    with pytest.raises(ComplaintIsIncomplete) as refused:
        open_check(committee, **changes)

    assert set(refused.value.fields) == fields
    assert Check.objects.count() == 0


def test_register_of_checks_has_no_gap(committee: Committee) -> None:
    with pytest.raises(ValueError, match="no such kind"):
        open_check(committee, kind="no such kind")
    numbers = [open_check(committee), open_check(committee)]

    found = Check.objects.filter(pk__in=numbers).order_by("pk").values_list("number", flat=True)
    assert list(found) == ["2026/000001", "2026/000002"]


@pytest.mark.parametrize("role", sorted(set(Role) - DISTRICT_ROLES - {Role.SYSTEM}))
def test_checks_are_for_the_committee_only(role: Role, committee: Committee) -> None:
    check_id = open_check(committee)
    stranger = Officer(1, "Чужова Чужа", frozenset({role}))

    with pytest.raises(NotFound):
        queries.list_checks(officer=stranger, today=FRIDAY)
    with pytest.raises(NotFound):
        queries.get_check(officer=stranger, check_id=check_id, today=FRIDAY)
    with pytest.raises(NotFound), public_transaction():
        operations.close_check(officer=stranger, check_id=check_id, conclusion="Всё.", today=FRIDAY)


def test_school_cannot_forge_a_letter(committee: Committee, inside: Inside) -> None:
    letter = committee_letters.LetterFromCommittee(
        "finding", 1, "Проверка", "Текст", "", FRIDAY, FRIDAY
    )

    for role in set(Role) - {Role.SYSTEM}:
        other = Actor(1, committee.school, frozenset({role}), {}, "Чужова")
        with pytest.raises(NotFound):
            inside(
                lambda actor: committee_letters.receive_letter(actor=actor, letter=letter), other
            )
