"""Terms counted day by day: the vectors of the law, and the words beside every skipped day."""

from datetime import date

import pytest

from kernel.terms import TermIsUnreadable, count_term
from kernel.working_days import DayKind, calendar_fingerprint, load_calendar

FIVE, SIX = load_calendar(5), load_calendar(6)


def due(start: str, number: int, week: int = 5, unit: str = "working", move: bool = True) -> str:
    term = count_term(
        calendar=SIX if week == 6 else FIVE,
        start=date.fromisoformat(start),
        number=number,
        unit="calendar" if unit == "calendar" else "working",
        move=move,
    )
    return term.due_on.isoformat()


@pytest.mark.requirement("SRV-009", part=True)
@pytest.mark.parametrize(
    ("start", "number", "five", "six"),
    [
        pytest.param("2026-12-28", 10, "2027-01-20", "2027-01-18", id="access over New Year"),
        pytest.param("2026-12-30", 10, "2027-01-22", "2027-01-20", id="the last working day"),
        pytest.param("2027-01-01", 10, "2027-01-22", "2027-01-20", id="consent on a holiday"),
        pytest.param("2026-01-01", 5, "2026-01-16", "2026-01-14", id="January moved by decree"),
        pytest.param("2026-04-27", 10, "2026-05-13", "2026-05-11", id="May"),
        pytest.param("2026-05-08", 1, "2026-05-12", "2026-05-11", id="the day after 9 May"),
        pytest.param("2025-10-27", 5, "2025-11-01", "2025-11-01", id="a working Saturday"),
        pytest.param("2027-02-15", 5, "2027-02-20", "2027-02-20", id="Saturday in February"),
        pytest.param("2026-11-22", 10, "2026-12-04", "2026-12-03", id="an ordinary Sunday"),
        pytest.param("2027-12-27", 10, "2028-01-18", "2028-01-17", id="into a computed year"),
        pytest.param("2026-11-23", 0, "2026-11-23", "2026-11-23", id="the same day"),
    ],
)
def test_working_days_end_when_a_hand_made_table_says(
    start: str, number: int, five: str, six: str
) -> None:
    assert (due(start, number), due(start, number, week=6)) == (five, six)


@pytest.mark.parametrize(
    ("start", "number", "moved", "exact"),
    [
        pytest.param("2026-11-22", 30, "2026-12-22", "2026-12-22", id="ends on a working day"),
        pytest.param("2026-12-03", 30, "2027-01-11", "2027-01-02", id="ends in the holidays"),
        pytest.param("2026-04-09", 30, "2026-05-12", "2026-05-09", id="ends on Victory Day"),
        pytest.param("2025-10-02", 30, "2025-11-01", "2025-11-01", id="a working Saturday"),
        pytest.param("2026-11-22", 0, "2026-11-23", "2026-11-22", id="nothing from a Sunday"),
    ],
)
def test_calendar_days_move_from_a_day_off_unless_told_not_to(
    start: str, number: int, moved: str, exact: str
) -> None:
    assert due(start, number, unit="calendar") == moved
    assert due(start, number, unit="calendar", move=False) == exact


def test_every_skipped_day_has_its_reason() -> None:
    term = count_term(calendar=FIVE, start=date(2026, 12, 28), number=5)

    assert [(f"{day:%d.%m}", why) for day, why in term.skipped] == [
        ("31.12", "выходной (четверг): перенос"),
        ("01.01", "праздник: Новогодние каникулы"),
        ("02.01", "праздник: Новогодние каникулы"),
        ("03.01", "праздник: Новогодние каникулы"),
        ("04.01", "праздник: Новогодние каникулы"),
        ("05.01", "праздник: Новогодние каникулы"),
        ("06.01", "праздник: Новогодние каникулы"),
        ("07.01", "праздник: Рождество Христово"),
        ("08.01", "праздник: Новогодние каникулы"),
        ("09.01", "выходной: суббота"),
        ("10.01", "выходной: воскресенье"),
    ]
    assert [one.place for one in term.days if one.place] == [1, 2, 3, 4, 5]
    assert (term.edition, term.is_provisional) == ("2026.1-5, 2027.0-5", True)


def test_working_saturday_counts_and_says_so() -> None:
    term = count_term(calendar=FIVE, start=date(2025, 10, 27), number=5)

    assert (term.days[-1].place, term.days[-1].reason) == (5, "рабочая суббота: перенос")
    assert not term.is_provisional


def test_moved_end_shows_the_days_it_passed_over() -> None:
    term = count_term(calendar=FIVE, start=date(2026, 4, 9), number=30, unit="calendar")

    assert [(f"{one.day:%d.%m}", one.place) for one in term.days[-4:]] == [
        ("09.05", None),
        ("10.05", None),
        ("11.05", None),
        ("12.05", 30),
    ]
    assert term.skipped[-1][1] == "выходной (понедельник): перенос"


def test_regional_days_are_skipped_and_worked() -> None:
    regional: dict[date, DayKind] = {date(2026, 3, 20): "off", date(2026, 3, 28): "work"}
    calendar = load_calendar(5, regional)

    term = count_term(calendar=calendar, start=date(2026, 3, 19), number=6)

    assert term.due_on == date(2026, 3, 28)
    assert term.skipped[0] == (date(2026, 3, 20), "нерабочий день региона")
    assert term.days[-1].reason == "рабочий день региона"
    assert term.edition.startswith("2026.1-5+")


def test_computed_year_is_provisional_and_never_blocks() -> None:
    term = count_term(calendar=FIVE, start=date(2028, 4, 28), number=3)

    assert (term.due_on, term.edition) == (date(2028, 5, 4), "2028.computed-5")
    assert term.is_provisional
    assert count_term(calendar=FIVE, start=date(2027, 12, 27), number=10).is_provisional


@pytest.mark.parametrize(("number", "unit"), [(-1, "working"), (1001, "working"), (5, "weeks")])
def test_what_is_no_term_is_refused(number: int, unit: str) -> None:
    with pytest.raises(TermIsUnreadable):
        count_term(calendar=FIVE, start=date(2026, 11, 22), number=number, unit=unit)  # type: ignore[arg-type]


def test_fingerprint_changes_with_the_region_only_when_it_changes() -> None:
    day = date(2026, 10, 5)

    assert calendar_fingerprint({}) == calendar_fingerprint({})
    rows: list[dict[date, DayKind]] = [{}, {day: "off"}, {day: "work"}]
    assert len({calendar_fingerprint(one) for one in rows}) == 3
