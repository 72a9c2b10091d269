"""By when the access opens: a table made by hand, across New Year, May and other holidays.

Counted with pencil on the production calendars of 2026 and 2027 (2027 without its decree: weekends
and statutory holidays): the day of the consent is day 0, then ten working days of the week.
"""

from datetime import date

import pytest

from foundation.notify.models import Notice
from kernel.actor import Actor
from services.cases import rules
from services.cases.operations import reminding, service
from services.cases.operations.terms import TERM
from services.cases.queries.cases import count_terms, get_case_view
from services.people.models import Employee, GuardianLink
from services.regulation.operations import change_setting
from tests.rooms.cases.families import FRIDAY, Family, case_of, log_of, noon

pytestmark = pytest.mark.django_db

# accepted | five-day week | six-day week | what lies in between
BY_HAND = """
2026-11-20 | 2026-12-04 | 2026-12-02 | an ordinary fortnight
2026-10-30 | 2026-11-16 | 2026-11-12 | 4 November off
2026-12-14 | 2026-12-28 | 2026-12-25 | before New Year
2026-12-25 | 2027-01-19 | 2027-01-15 | New Year
2026-12-30 | 2027-01-22 | 2027-01-20 | the last working day of the year
2026-02-13 | 2026-03-02 | 2026-02-26 | 23 February off
2026-03-02 | 2026-03-17 | 2026-03-14 | 8 March falls on a Sunday
2026-04-24 | 2026-05-12 | 2026-05-07 | May, its Saturday moved for five days only
2026-04-30 | 2026-05-18 | 2026-05-14 | the eve of 1 May
2027-04-28 | 2027-05-14 | 2027-05-12 | May of a year without a decree
2026-06-05 | 2026-06-22 | 2026-06-18 | 12 June off
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in BY_HAND.strip().splitlines()]


def put(family: Family, key: str, value: object) -> None:
    change_setting(
        actor=Actor.system(family.school), key=key, value=value, clause="Положение",
        since_on=date(2026, 1, 1),
    )  # fmt: skip


@pytest.mark.requirement("SRV-009", "ACC-007")
@pytest.mark.parametrize("week", [5, 6])
@pytest.mark.parametrize("row", ROWS, ids=[row[3] for row in ROWS])
def test_due_day_is_the_one_counted_by_hand(family: Family, row: list[str], week: int) -> None:
    GuardianLink.objects.update(since_on=date(2025, 9, 1))
    put(family, "deadline.week", week)

    case = case_of(family.accepted(now=noon(date.fromisoformat(row[0]))))

    assert (str(case.due_on), case.week) == (row[1 if week == 5 else 2], week)
    assert case.is_provisional == row[1 if week == 5 else 2].startswith("2027")


@pytest.mark.requirement("SRV-009", part=True)
def test_year_without_a_decree_blocks_nothing_and_says_provisional(family: Family) -> None:
    case = case_of(family.accepted(now=noon(date(2026, 12, 25))))

    assert (case.state, case.is_provisional) == ("accepted", True)


def test_number_of_days_is_a_setting(family: Family) -> None:
    put(family, TERM, 3)

    assert str(case_of(family.accepted()).due_on) == "2026-11-25"


def test_changed_calendar_moves_open_terms_and_leaves_a_log_row(family: Family) -> None:
    case_id = family.accepted()
    put(family, "calendar.regional_days", {"2026-11-30": "off"})

    assert service.recount_terms(actor=family.system, now=noon()) == [case_id]
    assert service.recount_terms(actor=family.system, now=noon()) == []

    case = case_of(case_id)
    assert str(case.due_on) == "2026-12-07"
    event = case.log.get(action="recount")
    assert (event.note, str(event.due_on)) == ("изменился календарь: было 04.12.2026", "2026-12-07")


def test_calendar_that_moves_no_day_of_the_term_says_so(family: Family) -> None:
    """A day off after the term: the edition of the year changes, the due day does not."""
    case_id = family.accepted()
    put(family, "calendar.regional_days", {"2026-12-21": "off"})

    service.recount_terms(actor=family.system, now=noon())

    case = case_of(case_id)
    event = case.log.get(action="recount")
    assert str(case.due_on) == "2026-12-04"
    assert event.note == "изменился календарь: срок прежний"


def test_changed_calendar_leaves_what_is_granted_alone(family: Family) -> None:
    case_id = family.granted()
    put(family, "calendar.regional_days", {"2026-11-30": "off"})

    assert service.recount_terms(actor=family.system, now=noon()) == []
    assert str(case_of(case_id).due_on) == "2026-12-04"


def test_suspension_moves_the_due_day_by_the_working_days_it_took(family: Family) -> None:
    put(family, rules.SUSPENDED_GROUNDS, [["court", "Определение суда"]])
    case_id = family.accepted()
    actor = family.administrator
    service.suspend(actor=actor, case_id=case_id, ground="court", now=noon(date(2026, 11, 23)))
    service.resume(actor=actor, case_id=case_id, now=noon(date(2026, 11, 26)))

    case = case_of(case_id)

    # 24, 25 and 26 November did not count.
    assert (case.state, case.extra_days, str(case.due_on)) == ("accepted", 3, "2026-12-09")
    assert [step for step, _ in log_of(case_id)][-2:] == ["suspend", "resume"]


def test_shipped_regulation_knows_no_suspension(family: Family) -> None:
    case_id = family.accepted()
    view = get_case_view(actor=family.administrator, case_id=case_id, on=FRIDAY)

    assert "suspend" not in view.actions
    with pytest.raises(rules.GroundIsNotListed):
        service.suspend(actor=family.administrator, case_id=case_id, ground="court", now=noon())


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        ("2026-11-27", "", 5),
        ("2026-12-01", "nearing", 3),
        ("2026-12-04", "due", 0),
        ("2026-12-05", "overdue", 0),
        ("2026-12-07", "overdue", -1),
    ],
)
def test_term_nears_is_due_and_is_over(family: Family, today: str, state: str, left: int) -> None:
    case_id = family.accepted()

    day = date.fromisoformat(today)
    term = get_case_view(actor=family.administrator, case_id=case_id, on=day).row.term

    assert term is not None
    assert (term.state, term.days_left, term.is_running) == (state, left, True)


@pytest.mark.requirement("SRV-009", part=True)
def test_each_person_is_reminded_once_of_each_state(family: Family) -> None:
    Employee.objects.filter(pk=family.small.anna).update(account_id=13)
    family.accepted()

    for day in (1, 2, 4, 4, 7, 8):
        reminding.remind(actor=family.system, account_ids={10, 12}, today=date(2026, 12, day))

    told = Notice.objects.filter(kind="case-term").order_by("pk")
    titles = ["Приближается срок доступа", "Сегодня последний день срока доступа",
              "Срок доступа нарушен"]  # fmt: skip
    for account in (10, 12, 13):
        assert list(told.filter(account_id=account).values_list("title", flat=True)) == titles
    assert told.count() == 9


def test_counts_for_the_committee_name_nobody(family: Family) -> None:
    family.accepted()

    assert count_terms(on=date(2026, 12, 7)) == {"overdue": 1, "due": 0, "nearing": 0}
