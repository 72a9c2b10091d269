"""The committee's pages: numbers, what is missing, who lags, and never a child."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from portal.district.board import natural
from portal.district.periods import choose_period, say_period
from portal.district.words import say_age, say_percent
from services.monitoring.models import SchoolFreshness
from services.people.models import Guardian, Pupil
from tenants.registry.queries import list_settings
from tests.factories.district import TwoSchools, sign_in
from tests.factories.facts import a_grade, count_day

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 20)
NAMES = {"алг": "Алгебра", "рус": "Русский язык"}
HOME = "/district/"
# What the page costs besides the session and the account, which every page pays.
BUDGET = 6
SIGN_IN_COST = 3


@pytest.fixture(autouse=True)
def _on_friday(monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY.isoformat())


@pytest.fixture
def officer(schools) -> Client:
    return sign_in((Role.DISTRICT_OFFICER, None, None))


@pytest.fixture
def counted(schools):
    """Alpha and Beta have a week, Gamma fell silent on Wednesday, Delta and Epsilon never came."""
    for number in range(5):
        day = MONDAY + timedelta(days=number)
        count_day(schools["alpha"], day, [*a_grade(7, "алг"), *a_grade(8, "рус")], NAMES)
        count_day(schools["beta"], day, a_grade(7, "алг", lessons_filled_same_day=4), NAMES)
        if number < 2:
            count_day(schools["gamma"], day, a_grade(7, "алг"), NAMES)
    return schools


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", sorted(SCHOOL_ROLES))
def test_nobody_of_a_school_sees_the_district(role, school):
    client = sign_in((role, school, 1))

    assert client.get(HOME).status_code == 404
    assert client.get(f"/district/schools/{school.slug}/").status_code == 404


@pytest.mark.parametrize("role", sorted(DISTRICT_ROLES))
def test_both_roles_of_the_committee_see_it(role, school):
    client = sign_in((role, None, None))

    assert client.get(HOME).status_code == 200
    assert client.get(f"/district/schools/{school.slug}/").status_code == 200


def test_signed_out_person_is_asked_to_sign_in(schools):
    assert Client().get(HOME)["Location"].startswith("/sign-in/")


def test_unknown_school_is_not_found(officer):
    assert officer.get("/district/schools/nowhere/").status_code == 404


@pytest.mark.parametrize("query", ["grade=12", "grade=-1", "grade=x", "subject=nothing"])
def test_choice_that_is_not_there_is_not_found(officer, counted, query):
    assert officer.get(f"/district/schools/alpha/?{query}").status_code == 404


def test_board_shows_every_school_and_the_district(officer, counted):
    text = page(officer, HOME)

    for school in counted.values():
        assert school.short_name in text
    assert "80,0\u00a0%" in text
    assert "16–22\u00a0ноября" in text


def test_missing_schools_are_named_with_the_day_and_never_shown_as_zero(officer, counted):
    text = page(officer, HOME)

    assert "нет данных с 18\u00a0ноября" in text
    assert "нет данных с 16\u00a0ноября" in text
    row = next(row for row in text.split("<tr>") if "Дельта" in row and "scope" in row)
    assert "нет данных с 16\u00a0ноября" in row
    assert "%" not in row


def test_lagging_school_is_named_with_its_distance(officer, counted):
    text = page(officer, HOME)

    assert "Уроки в день проведения" in text
    assert "40,0\u00a0%" in text


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        pytest.param("name", "Альфа", id="by name"),
        pytest.param("-name", "Эпсилон", id="by name, from the end"),
        pytest.param("filled", "Бета", id="the worst first"),
        pytest.param("-marks", "Альфа", id="the most marks first"),
        pytest.param("nonsense", "Альфа", id="anything else is by name"),
    ],
)
def test_schools_are_sorted_by_the_address(officer, counted, sort, first):
    table = page(officer, f"{HOME}?sort={sort}").split('id="schools-title">')[1]

    names = ("Альфа", "Бета", "Гамма", "Дельта", "Эпсилон")
    assert min(names, key=table.index) == first


@pytest.mark.parametrize("sort", ["filled", "-filled", "average", "-average"])
def test_schools_without_data_stand_last_in_any_order(officer, counted, sort):
    table = page(officer, f"{HOME}?sort={sort}").split('id="schools-title">')[1]

    silent = min(table.index("Дельта"), table.index("Эпсилон"))
    assert silent > max(table.index(name) for name in ("Альфа", "Бета", "Гамма"))


def test_sorting_keeps_the_days_and_the_days_keep_the_sorting(officer, counted):
    text = page(officer, f"{HOME}?period=today&sort=-marks")

    assert "?period=today&amp;sort=marks" in text
    assert "?sort=-marks&amp;period=week" in text
    assert 'aria-sort="descending"' in text


@pytest.mark.parametrize(
    ("query", "lessons"),
    [
        pytest.param("period=today", "30", id="today"),
        pytest.param("period=yesterday", "30", id="yesterday"),
        pytest.param("period=week", "30", id="the week"),
        pytest.param("period=term", "30", id="the quarter"),
        pytest.param("since=2026-11-16&last=2026-11-16", "40", id="one day with Gamma"),
    ],
)
def test_days_are_chosen_by_the_address(officer, counted, query, lessons):
    newest = page(officer, f"{HOME}?{query}").split("Числа по дням</summary>")[1]

    assert f'</th><td class="num">{lessons}</td>' in newest.split("</tr>")[1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=2026-11-20&last=2026-11-16", "Первый день позже последнего"),
        ("since=2026-11-31&last=2026-12-01", "Укажите обе даты"),
        ("since=2026-11-20", "Укажите обе даты"),
        ("since=2020-01-01&last=2026-11-20", "не больше года"),
    ],
)
def test_impossible_days_are_explained(officer, counted, query, sentence):
    assert sentence in page(officer, f"{HOME}?{query}")


def test_on_a_holiday_the_last_week_with_lessons_is_shown(officer, counted, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", "2027-07-10")

    text = page(officer, HOME)

    assert "последняя неделя с уроками" in text
    assert "16–22\u00a0ноября" in text


def test_days_without_lessons_lead_to_the_last_ones(officer, counted):
    text = page(officer, f"{HOME}?since=2026-11-22&last=2026-11-22")

    assert "В эти дни уроков не было" in text
    assert "Последняя неделя с уроками" in text


def test_before_the_first_mark_the_page_says_what_will_come(officer):
    assert "Показателей ещё нет" in page(officer, HOME)


def test_school_page_shows_grades_subjects_and_days(officer, counted):
    text = page(officer, "/district/schools/alpha/")

    for words in ("7 класс", "8 класс", "Алгебра", "Русский язык", "Числа по дням"):
        assert words in text
    assert "?grade=7" in text


def test_grade_and_subject_are_taken_further_apart(officer, counted):
    by_grade = page(officer, "/district/schools/alpha/?grade=7&period=week")
    by_subject = page(officer, "/district/schools/alpha/?subject=рус")

    assert "Алгебра" in by_grade
    assert "Русский язык" not in by_grade
    assert "8 класс" in by_subject
    assert "7 класс" not in by_subject


def test_silent_school_page_says_so(officer, counted):
    assert "За эти дни данных нет" in page(officer, "/district/schools/delta/")


def test_small_groups_are_hidden_and_explained(officer, school):
    counts = [*a_grade(7, "алг", pupils=3), *a_grade(8, "алг"), *a_grade(9, "алг", pupils=25)]
    count_day(school, FRIDAY, counts, NAMES)

    text = page(officer, "/district/schools/alpha/")

    assert "менее 5</abbr>" in text
    assert "скрыто</abbr>" in text
    assert "по нему можно узнать ребёнка" in text


def test_no_page_tells_about_a_child(officer, counted, two):
    small = two.alpha
    with school_transaction(Actor.system(counted["alpha"]), counted["alpha"].id):
        pupils = [p.last_name for p in Pupil.objects.filter(pk__in=small.pupils)]
        guardians = [p.last_name for p in Guardian.objects.order_by("pk")]

    for path in (HOME, "/district/schools/alpha/", "/district/schools/alpha/?grade=7"):
        text = page(officer, path)
        assert not [name for name in pupils + guardians if name in text]


@pytest.mark.parametrize(
    "path",
    [HOME, f"{HOME}?period=term&sort=-average", "/district/schools/alpha/"],
)
def test_page_stays_within_its_queries(officer, counted, path):
    officer.get(path)  # the schools are remembered from here on

    with CaptureQueriesContext(connection) as asked:
        officer.get(path)

    assert len(asked) <= BUDGET + SIGN_IN_COST


def test_drawings_have_names_and_numbers_beside_them(officer, counted):
    text = page(officer, HOME)

    drawings = text.count('class="bar"') + text.count('class="column"') + text.count('"spark"')
    assert drawings > 10
    assert text.count('role="img" aria-label=') >= drawings
    assert text.count("<title>") >= drawings
    assert " style=" not in text


def test_address_of_a_school_is_reversed_by_its_slug():
    assert reverse("district:school", kwargs={"slug": "sosh-1"}) == "/district/schools/sosh-1/"


def test_names_with_numbers_stand_in_the_order_people_count():
    names = ["Школа № 10", "Школа № 2", "Лицей", "Гимназия № 4"]

    assert sorted(names, key=natural) == ["Гимназия № 4", "Лицей", "Школа № 2", "Школа № 10"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 11, 16), (2026, 11, 22), "16–22 ноября"),
        ((2026, 10, 28), (2026, 11, 3), "28 октября – 3 ноября"),
        ((2026, 11, 20), (2026, 11, 20), "20 ноября, пт"),
        ((2026, 12, 28), (2027, 1, 10), "28 декабря 2026 – 10 января 2027"),
    ],
)
def test_period_is_said_as_people_say_it(first, last, words):
    query = {"since": date(*first).isoformat(), "last": date(*last).isoformat()}
    choice = choose_period(query, FRIDAY)

    assert choice.period is not None
    assert say_period(choice.period).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "только что"),
        (timedelta(minutes=3), "3 минуты назад"),
        (timedelta(hours=2, minutes=50), "2 часа назад"),
        (timedelta(days=3), "3 дня назад"),
    ],
)
def test_age_of_numbers_is_said_in_words(age, words):
    assert say_age(age).replace("\u00a0", " ") == words


def test_share_of_nothing_is_a_dash():
    assert say_percent(None) == "—"


# --- The regulation of the district --------------------------------------------------------------


def test_administrator_of_the_district_sets_a_value_and_an_officer_reads_it(two: TwoSchools):
    page = "/district/regulation/"
    admin, officer = (
        sign_in((Role.DISTRICT_ADMIN, None, None)),
        sign_in((Role.DISTRICT_OFFICER, None, None)),
    )
    form = admin.get(page, {"key": "complaint.review_workdays"}).text
    typed = {"key": "complaint.review_workdays", "value": "12", "clause": "приказ № 5"}
    wrong = admin.post(f"{page}change/", {**typed, "value": "много", "since_on": "2026-11-20"})
    done = admin.post(f"{page}change/", {**typed, "since_on": "2026-11-20"})

    assert 'name="value" value="15"' in form
    assert (wrong.status_code, done.status_code) == (400, 302)
    assert "Напишите целое число." in wrong.text
    seen = " ".join(officer.get(page).text.split())
    assert '<td data-label="Значение">12</td>' in seen
    assert "с 20.11.2026, установил комитет" in seen
    assert "Изменить" not in seen


@pytest.mark.parametrize("key", ["calendar.edition", "mark.values", "operator.name", "нет"])
def test_what_the_committee_does_not_rule_cannot_be_set(two: TwoSchools, key: str):
    admin = sign_in((Role.DISTRICT_ADMIN, None, None))

    answer = admin.post(
        "/district/regulation/change/",
        {"key": key, "value": "1", "clause": "п. 1", "since_on": "2026-01-01"},
    )

    assert answer.status_code == 302
    with public_transaction():
        assert list_settings() == []


# --- The quarter and the order --------------------------------------------------------------------


def keep_quarter(school, since: date, until: date) -> None:
    with public_transaction():
        SchoolFreshness.objects.update_or_create(
            school_id=school.id,
            defaults={"rolled_up_at": Now(), "quarter_since": since, "quarter_until": until},
        )


def test_quarter_is_the_one_most_schools_keep(officer, counted, schools):
    """Two schools began the quarter on the ninth, one on the second as recommended."""
    for slug, first in (("alpha", 9), ("beta", 9), ("gamma", 2)):
        keep_quarter(schools[slug], date(2026, 11, first), date(2026, 12, 31))

    whole = officer.get(HOME, {"period": "term"}).text
    gamma = officer.get("/district/schools/gamma/", {"period": "term"}).text
    delta = officer.get("/district/schools/delta/", {"period": "term"}).text

    assert 'name="since" value="2026-11-09"' in whole
    assert 'name="since" value="2026-11-02"' in gamma
    assert 'name="since" value="2026-11-02"' in delta  # nothing is known: the recommended one


def test_order_is_chosen_where_the_heads_are_not_seen(officer, counted):
    page = officer.get(HOME, {"sort": "-filled", "period": "week"}).text

    assert '<option value="-filled" selected>Уроки в срок: сначала больше</option>' in page
    assert '<option value="name">По названию</option>' in page
    assert '<input type="hidden" name="period" value="week">' in page
