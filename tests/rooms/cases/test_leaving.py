"""An order lets the pupil go: the service ends by itself, on the order's ground (SRV-012)."""

from datetime import date, timedelta

import pytest

from foundation.notify.models import Notice
from foundation.outbox.models import OutboxEvent
from services.cases.models import CaseEvent
from services.cases.operations import service
from services.cases.queries.cases import CaseFilter, count_queue, list_cases
from services.cases.queries.complaint_snapshot import describe_case
from services.diary.models import AccessGrant
from services.people.models import ClassEnrollment, Guardian
from services.people.operations import end_enrollment
from services.regulation.operations import change_setting
from tests.rooms.cases.families import FRIDAY, Family, case_of, log_of, noon

pytestmark = pytest.mark.django_db
NEXT_DAY = FRIDAY + timedelta(days=1)


def leave(
    family: Family, ground: str = "finished", to_school_id: int | None = None, *, day: date = FRIDAY
) -> None:
    """Write the order: Friday is Gleb's last day."""
    end_enrollment(
        actor=family.secretary, pupil_id=family.small.gleb, last_day=day, order="№ 7 от 20.11.2026",
        ground=ground, to_school_id=to_school_id,
    )  # fmt: skip


def tell(
    family: Family, ground: str = "", to_school_id: int | None = None, *, day: date
) -> list[int]:
    """Let the room hear of it on a day."""
    return service.end_by_leaving(
        actor=family.system, pupil_id=family.small.gleb, ground=ground, to_school_id=to_school_id,
        now=noon(day),
    )  # fmt: skip


@pytest.mark.requirement("SRV-012", "SRV-025", part=True)
def test_service_of_a_pupil_who_left_ends_when_the_last_day_is_over(family: Family) -> None:
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)
    case_id = family.active()
    leave(family)

    assert tell(family, "finished", day=FRIDAY) == []
    assert case_of(case_id).state == "active"
    assert tell(family, day=NEXT_DAY) == [case_id]  # the night knows no ground: the order's is kept
    assert tell(family, day=NEXT_DAY) == []

    case = case_of(case_id)
    assert (case.state, case.ground, case.ended_on) == ("terminated", "finished", NEXT_DAY)
    event = CaseEvent.objects.get(application_id=case_id, action="leave")
    assert (event.paper, event.party, event.ground_clause) == (
        "termination", "system", "регламент услуги, п. 2.8",
    )  # fmt: skip
    assert event.paper_number
    ended = AccessGrant.objects.get(guardian_id=family.small.vera)
    assert (ended.revoked_at, ended.revoked_ground) == (noon(NEXT_DAY), "left")
    assert Notice.objects.filter(account_id=20, title="Услуга прекращена").count() == 1


@pytest.mark.requirement("SRV-012", part=True)
def test_application_of_a_pupil_who_left_is_refused_on_the_same_ground(family: Family) -> None:
    case_id = family.accepted()
    leave(family, "expelled")

    tell(family, "expelled", day=NEXT_DAY)

    assert (case_of(case_id).state, case_of(case_id).ground) == ("refused", "expelled")
    assert log_of(case_id)[-1] == ("leave", "refused")


def test_committee_is_told_the_ground_in_words(family: Family) -> None:
    case_id = family.accepted()
    leave(family, "expelled")
    tell(family, "expelled", day=NEXT_DAY)

    told = describe_case(actor=family.system, number=case_of(case_id).number)

    assert told is not None
    assert told["ground"] == "Обучающийся отчислен"
    assert told["log"][-1]["ground"] == "Обучающийся отчислен"


def test_service_goes_on_in_the_school_of_the_district_the_order_names(family: Family) -> None:
    case_id = family.active()
    there = family.school.id + 1
    leave(family, "transfer", there)

    tell(family, "transfer", there, day=NEXT_DAY)

    case = case_of(case_id)
    assert (case.state, case.ground, case.moved_to_school_id) == ("terminated", "transfer", there)
    moved = OutboxEvent.objects.get(name="cases.ServiceMoved")
    assert moved.payload == {"case_id": case_id, "to_school_id": there}


def test_case_that_went_to_another_school_already_stays_as_it_is(family: Family) -> None:
    case_id = family.active()
    there = family.school.id + 1
    service.terminate(
        actor=family.administrator, case_id=case_id, ground="transfer", to_school_id=there,
        now=noon(),
    )  # fmt: skip
    leave(family, "transfer", there)

    assert tell(family, "transfer", there, day=NEXT_DAY) == []
    assert OutboxEvent.objects.filter(name="cases.ServiceMoved").count() == 1


def test_summer_without_a_class_ends_no_service(family: Family) -> None:
    """The year is over, the next class is not made yet, and nobody signed an order."""
    case_id = family.active()
    ClassEnrollment.objects.filter(pupil_id=family.small.gleb).update(until=NEXT_DAY)

    assert tell(family, day=NEXT_DAY) == []
    assert case_of(case_id).state == "active"


def test_other_childs_service_goes_on(family: Family) -> None:
    family.active()
    leave(family)

    ended = service.end_by_leaving(
        actor=family.system, pupil_id=family.small.yegor, ground="", to_school_id=None,
        now=noon(NEXT_DAY),
    )  # fmt: skip

    assert ended == []


@pytest.mark.requirement("SRV-009", part=True)
def test_near_terms_of_the_queue_are_as_near_as_the_regulation_says(family: Family) -> None:
    case_id = family.accepted()  # due on 4 December, ten working days ahead
    soon = CaseFilter(due="soon")
    five_before, three_before = date(2026, 11, 27), date(2026, 12, 1)
    admin = family.administrator

    assert list_cases(actor=admin, wanted=soon, on=five_before)[1] == 0
    assert list_cases(actor=admin, wanted=soon, on=three_before)[1] == 1
    change_setting(
        actor=family.system, key="service.nearing_workdays", value=5, clause="п. 9",
        since_on=date(2026, 11, 25),
    )  # fmt: skip

    rows, found = list_cases(actor=admin, wanted=soon, on=five_before)
    assert (found, rows[0].id) == (1, case_id)
    assert rows[0].term is not None
    assert rows[0].term.state == "nearing"
    assert count_queue(actor=admin, on=five_before)["soon"] == 1
