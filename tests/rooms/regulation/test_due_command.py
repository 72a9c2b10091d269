"""`manage.py due`: the same day as the law's own table, with the reason for every skipped one."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.regions import find_region, list_regions
from services.regulation.operations import change_setting


def due(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("due", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.requirement("SRV-009", part=True)
def test_access_over_new_year_is_explained_day_by_day() -> None:
    lines = due("--start", "2026-12-28", "--days", "10")

    assert lines[0] == "20.01.2027 ср: последний день срока"
    assert lines[2] == "  календарь 2026.1-5, 2027.0-5"
    assert "предварительно" in lines[3]
    assert "   —  31.12.2026 че  выходной (четверг): перенос" in lines
    assert "   —  07.01.2027 че  праздник: Рождество Христово" in lines
    assert lines[-1] == "  10  20.01.2027 ср"


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--week", "6"], "18.01.2027 по"),
        (["--unit", "calendar"], "11.01.2027 по"),
        (["--unit", "calendar", "--no-move"], "07.01.2027 че"),
    ],
    ids=str,
)
def test_options_change_the_count(arguments: list[str], first: str) -> None:
    assert due("--start", "2026-12-28", "--days", "10", *arguments)[0].startswith(first)


def test_region_is_named_by_code_or_title() -> None:
    for name in ("adygea", "Республика Адыгея"):
        lines = due("--start", "2026-10-02", "--days", "1", "--region", name)
        assert lines[0].startswith("06.10.2026")
        assert "   —  05.10.2026 по  нерабочий день региона" in lines
    with pytest.raises(CommandError, match="неизвестен"):
        due("--start", "2026-10-02", "--days", "1", "--region", "Атлантида")


@pytest.mark.django_db
def test_school_counts_by_its_own_week_and_days(school: SchoolRef, system: Actor) -> None:
    with school_transaction(system, school.id):
        for key, value in (
            ("deadline.week", 6),
            ("calendar.regional_days", {"2026-11-24": "off"}),
        ):
            change_setting(
                actor=system, key=key, value=value, clause="п. 1", since_on=date(2026, 9, 1)
            )

    lines = due("--start", "2026-11-20", "--days", "3", "--school", school.slug)

    assert lines[0].startswith("25.11.2026")
    assert "неделя 6 дн." in lines[1]
    assert due("--start", "2026-11-20", "--days", "3", "--school", school.slug, "--week", "5")[
        0
    ].startswith("26.11.2026")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--start", "28.12.2026", "--days", "10"], "День пишется так"),
        (["--start", "2026-12-28", "--days", "-1"], "Срок — от 0"),
        (["--start", "2026-12-28", "--days", "5000"], "Срок — от 0"),
        (["--start", "2026-12-28", "--days", "5", "--school", "no"], "Школы «no» нет"),
        (["--start", "2026-12-28", "--days", "5", "--week", "7"], "7"),
    ],
    ids=str,
)
def test_what_cannot_be_counted_is_said(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        due(*arguments)


def test_regions_say_which_years_they_know_whole() -> None:
    adygea = find_region("adygea")

    assert [one.title for one in list_regions()] == ["Республика Адыгея", "Чеченская Республика"]
    assert adygea is not None
    assert adygea.whole_years == {2025}
    assert adygea.days[date(2025, 4, 26)] == "work"
