"""Terms follow the calendar at once, and what was kept long enough is erased, on both sides."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from config.schedule import SCHEDULE
from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.files.models import StoredFile
from foundation.notify.models import Notice
from foundation.outbox.dispatch import deliver_waiting
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Channel, Manner, Target
from kernel.roles import Role
from services.cases.models import CommitteeLetter, ComplaintStep
from services.cases.models import Complaint as SchoolComplaint
from services.cases.operations import complaints as school_side
from services.oversight import operations
from services.oversight.models import CaseSnapshot, Complaint
from services.regulation.operations import change_setting, set_for_district
from tenants.registry.operations import add_regional_day
from tests.factories.complaints import (
    FRIDAY_MORNING,
    OFFICER,
    Filed,
    file_complaints,
    key,
    make_decision,
    make_draft,
)

pytestmark = pytest.mark.django_db
STATUS_PAGE = "/p/alpha/complaint/status/"


@pytest.fixture
def filed(school: SchoolRef) -> Filed:
    """A registered complaint on each side, due on 11 December, with files."""
    return file_complaints(school)


def theirs(school: SchoolRef) -> list[date | None]:
    with school_transaction(Actor.system(school), school.id):
        return list(SchoolComplaint.objects.values_list("due_on", flat=True))


@pytest.mark.requirement("SRV-031", part=True)
def test_new_day_of_the_region_moves_the_terms_of_complaints_at_once(
    school: SchoolRef, filed: Filed
) -> None:
    """Nobody waits for the night: the days go out by events, and the terms with them."""
    assert theirs(school) == [date(2026, 12, 11)]
    with public_transaction():
        add_regional_day(account_id=7, day=date(2026, 12, 4), kind="off", act="Закон № 5")
    deliver_waiting(None, clock.now())
    deliver_waiting(school, clock.now())

    with public_transaction():
        ours = Complaint.objects.get(pk=filed.committee_id)
        assert ours.due_on == date(2026, 12, 14)
        assert ours.steps.filter(action="recount").count() == 1
    assert theirs(school) == [date(2026, 12, 14)]


def end_both(school: SchoolRef, filed: Filed) -> None:
    """Decide and answer both on 20 November 2026."""
    with public_transaction():
        about: dict[str, Any] = {
            "officer": OFFICER,
            "complaint_id": filed.committee_id,
            "now": FRIDAY_MORNING,
        }
        operations.decide_complaint(decision=make_decision(), **about)
        operations.answer_complaint(manner=Manner.POST, **about)
    system = Actor.system(school)
    with school_transaction(system, school.id):
        SchoolComplaint.objects.update(target=Target.EMPLOYEE)
        # The system only registers: the head's moves are the row's here.
        SchoolComplaint.objects.update(
            state="answered", outcome="refused", reasons="Срок не нарушен.",
            decided_on=date(2026, 11, 20), answered_on=date(2026, 11, 20),
        )  # fmt: skip
        CommitteeLetter.objects.update(
            reply="Исправим.", replied_on=date(2026, 11, 20), replied_by_name="Борин Борис"
        )


def erase(school: SchoolRef, now: datetime) -> tuple[int, int]:
    """Let the night of a day pass on both sides."""
    system = Actor.system(school)
    with public_transaction():
        ours = operations.erase_expired_complaints(now=now)
    with school_transaction(system, school.id):
        return ours, school_side.erase_expired_complaints(actor=system, today=now.date())


@pytest.mark.requirement("PDP-001", "SRV-030", part=True)
def test_complaint_is_erased_when_its_years_are_over_and_no_day_earlier(
    school: SchoolRef, filed: Filed
) -> None:
    end_both(school, filed)

    assert erase(school, datetime(2031, 12, 31, 9, tzinfo=UTC)) == (0, 0)
    assert erase(school, datetime(2032, 1, 1, 9, tzinfo=UTC)) == (1, 2)
    assert erase(school, datetime(2032, 1, 1, 9, tzinfo=UTC)) == (0, 0)

    with public_transaction():
        assert not Complaint.objects.exists()
        assert not CaseSnapshot.objects.exists()
        assert not StoredFile.objects.filter(kind="complaint").exists()
    with school_transaction(Actor.system(school), school.id):
        assert not SchoolComplaint.objects.exists()
        assert not ComplaintStep.objects.exists()
        assert not CommitteeLetter.objects.exists()
        assert not StoredFile.objects.filter(kind="complaint").exists()


def test_complaint_nobody_ended_is_never_erased(school: SchoolRef, filed: Filed) -> None:
    assert erase(school, datetime(2040, 1, 1, 9, tzinfo=UTC)) == (0, 0)


def test_night_erases() -> None:
    tasks = {one["task"] for one in SCHEDULE.values()}

    assert {
        "services.cases.complaint_tasks.erase_expired_complaints_district",
        "services.oversight.tasks.erase_expired_complaints_district",
    } <= tasks


@pytest.mark.requirement("SRV-031", part=True)
def test_who_complained_without_signing_in_hears_by_letter_from_both_sides(
    school: SchoolRef,
) -> None:
    file_complaints(school, email="vera@zarechny.example")

    def letters() -> list[tuple[str, str, str]]:
        rows = Notice.objects.filter(account_id=None).order_by("pk")
        return list(rows.values_list("address", "title", "url"))

    told = ("vera@zarechny.example", "Жалоба зарегистрирована: 2026/000001", STATUS_PAGE)
    with public_transaction():
        assert letters() == [told]
    with school_transaction(Actor.system(school), school.id):
        assert letters() == [told]
        assert "Петрова" not in str(list(Notice.objects.values_list("title", "text")))


def test_nobody_swallows_a_complaint_by_claiming_its_key_beforehand(school: SchoolRef) -> None:
    """The head knows how the house names what it sends on, and posts a form under that name."""
    system = Actor.system(school)
    with school_transaction(system, school.id):
        accepted = school_side.submit_complaint(
            actor=Actor.public(school), draft=make_draft(), channel=Channel.ANONYMOUS,
            request_key=key(), now=FRIDAY_MORNING,
        )  # fmt: skip
    guessed = uuid5(NAMESPACE_URL, f"okrug:school:{school.id}:complaint:{accepted.id}")
    with public_transaction():
        operations.submit_complaint(
            account_id=None, school=school, draft=make_draft(target=Target.DIRECTOR),
            channel=Channel.ANONYMOUS, request_key=guessed, now=FRIDAY_MORNING,
        )  # fmt: skip
    with school_transaction(system, school.id):
        school_side.register_complaint(actor=system, complaint_id=accepted.id, now=FRIDAY_MORNING)
        school_side.name_person(
            actor=Actor(9, school, frozenset({Role.MANAGEMENT}), {}, "Секретова Софья"),
            complaint_id=accepted.id, target=Target.DIRECTOR, against_id=None, note="",
            now=FRIDAY_MORNING,
        )  # fmt: skip

    deliver_waiting(school, clock.now())

    with public_transaction():
        assert Complaint.objects.filter(came_from_school=True).count() == 1


@pytest.mark.requirement("SRV-031", part=True)
def test_week_that_holds_later_does_not_shorten_a_term_that_runs(
    school: SchoolRef, filed: Filed
) -> None:
    """From December the school works on Saturdays; the complaint of November keeps its Fridays."""
    system = Actor.system(school)
    in_december = datetime(2026, 12, 2, 9, tzinfo=UTC)
    with school_transaction(system, school.id):
        change_setting(
            actor=system, key="deadline.week", value=6, clause="п. 5", since_on=date(2026, 12, 1)
        )
        assert school_side.recount_terms(actor=system, now=in_december) == 0
    with public_transaction():
        set_for_district(
            account_id=7, key="deadline.week", value=6, clause="п. 5", since_on=date(2026, 12, 1)
        )
        assert operations.recount_terms(now=in_december) == 0
