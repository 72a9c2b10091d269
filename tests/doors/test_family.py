"""The family's pages over HTTP: who may, who may not, and nothing of another child on them."""

import gzip
import re
from datetime import date

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import DISTRICT_ROLES, FAMILY_ROLES, STAFF_ROLES, Role
from services.diary import access
from services.diary.models import AccessGrant
from services.journal.models import WorkKind
from services.people.models import GuardianLink
from services.schedule.models import Lesson
from tests.factories.district import ALPHA, BETA, TwoSchools, open_account, sign_in
from tests.rooms.diary.conftest import Diary

pytestmark = pytest.mark.django_db
PAGES = ["day", "week", "marks", "absences", "calendar"]
FOREIGN = ["Зоин", "Егоров", "Дмитриев", "карточка Зои", "по секрету"]


def url_of(page: str, child: int, school: str = ALPHA, query: str = "") -> str:
    return reverse(f"guardian:{page}", kwargs={"school": school, "child": child}) + query


@pytest.fixture
def filled(two: TwoSchools) -> TwoSchools:
    """Alpha's journal with marks, absences and tasks of Gleb and, beside them, of Zoya."""
    school = two.refs[ALPHA]
    small = two.alpha
    with school_transaction(Actor.system(school), school.id):
        diary = Diary(small, school)
        for lesson in small.lessons[:4]:
            diary.record(lesson, topic="Линейные уравнения")
        diary.put(small.lessons[0], small.gleb, 5, kind="КР")
        diary.put(small.lessons[1], small.gleb, 4)
        diary.put(small.lessons[1], small.zoya, 2)
        diary.miss(small.lessons[2], small.gleb, "Н")
        diary.miss(small.lessons[3], small.zoya, "Б")
        diary.give(small.lessons[3], "№ 214 всему классу")
        diary.give(small.lessons[3], "карточка Глеба", pupil_id=small.gleb)
        diary.give(small.lessons[3], "карточка Зои", pupil_id=small.zoya)
        Lesson.objects.filter(pk=small.lessons[1]).update(state="cancelled", note="по секрету")
        assert WorkKind.objects.exists()
    return two


@pytest.fixture
def vera(filled: TwoSchools) -> Client:
    return filled.sign_in(Role.GUARDIAN)


# --- Who may and who may not ---------------------------------------------------------------------


@pytest.mark.requirement("ROL-023", "ROL-027", "PDP-005")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", sorted(FAMILY_ROLES))
def test_mother_and_pupil_see_the_child(filled, role, page):
    answer = filled.sign_in(role).get(url_of(page, filled.alpha.gleb))

    assert answer.status_code == 200
    assert "Глебов Глеб" in answer.text


@pytest.mark.requirement("ROL-023", "PDP-005")
@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_sees_the_child_and_nothing_changes(filled, page):
    small, alpha, beta = filled.alpha, filled.refs[ALPHA], filled.refs[BETA]
    strangers: dict[str, Client] = {
        "Dmitry, a father in this school": sign_in((Role.GUARDIAN, alpha, small.dmitry)),
        "Zoya of the same class": sign_in((Role.PUPIL, alpha, small.zoya)),
        "Vera's card as a pupil": sign_in((Role.PUPIL, alpha, small.vera)),
        "Gleb's number as a guardian": sign_in((Role.GUARDIAN, alpha, small.gleb)),
        "mother of another school": filled.sign_in(Role.GUARDIAN, BETA),
        "the same card numbers, another school": sign_in((Role.GUARDIAN, beta, small.vera)),
        "mother without a card": sign_in((Role.GUARDIAN, alpha, None)),
        "account without a role": sign_in(),
        **{role: filled.sign_in(role) for role in sorted(STAFF_ROLES)},
        **{role: filled.sign_in(role, None) for role in sorted(DISTRICT_ROLES)},
    }
    before = filled.count_everything()

    answers = {
        who: client.get(url_of(page, small.gleb)).status_code for who, client in strangers.items()
    }

    assert {who: status for who, status in answers.items() if status != 404} == {}
    assert filled.count_everything() == before


@pytest.mark.parametrize("page", PAGES)
def test_addresses_that_are_not_the_mothers_look_like_not_there(filled, vera, page):
    small = filled.alpha
    foreign = [
        url_of(page, small.zoya),
        url_of(page, small.yegor),
        url_of(page, 0),
        url_of(page, 2**40),
        url_of(page, small.gleb, BETA),
        url_of(page, filled.beta.gleb, BETA),
        url_of(page, small.gleb, "no-such-school"),
    ]

    bodies = {(vera.get(url).status_code, vera.get(url).content) for url in foreign}

    assert {status for status, _ in bodies} == {404}
    assert not any("Глебов".encode() in body for _, body in bodies)


@pytest.mark.parametrize("url", ["/family/", url_of("day", 1)])
def test_signed_out_person_is_led_to_the_sign_in(client, url):
    answer = client.get(url)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_pages_are_for_looking_only(vera, filled):
    urls = ["/family/", *(url_of(page, filled.alpha.gleb) for page in PAGES)]

    assert {vera.post(url).status_code for url in urls} == {405}


def test_access_that_was_taken_back_closes_the_next_page(filled, vera):
    alpha = filled.refs[ALPHA]
    with school_transaction(Actor.system(alpha), alpha.id):
        AccessGrant.objects.filter(guardian_id=filled.alpha.vera).update(
            revoked_at="2026-11-19T10:00Z", revoked_ground="consent"
        )

    assert vera.get(url_of("day", filled.alpha.gleb)).status_code == 404
    assert "Дневник пока не открыт" in vera.get("/family/").text


@pytest.mark.requirement("PDP-005")
@pytest.mark.parametrize("page", PAGES)
def test_broken_predicate_would_be_seen_by_these_tests(filled, monkeypatch, page):
    dmitry = sign_in((Role.GUARDIAN, filled.refs[ALPHA], filled.alpha.dmitry))
    assert dmitry.get(url_of(page, filled.alpha.gleb)).status_code == 404

    monkeypatch.setattr(access, "is_asked_for", lambda *_: True)

    assert dmitry.get(url_of(page, filled.alpha.gleb)).status_code == 200


# --- Nothing of another child --------------------------------------------------------------------


@pytest.mark.requirement("ROL-026", "HWK-008", "PDP-005")
@pytest.mark.parametrize("role", sorted(FAMILY_ROLES))
def test_no_page_of_a_family_tells_of_another_child(filled, role):
    family = filled.sign_in(role)
    small = filled.alpha
    days = [f"?day=2026-11-{day}" for day in range(16, 22)]
    urls = ["/family/", *(url_of(page, small.gleb) for page in PAGES)]
    urls += [url_of(page, small.gleb, query=day) for page in ("day", "week") for day in days]

    text = "".join(family.get(url, follow=True).text for url in urls)

    assert "карточка Глеба" in text
    assert "№ 214 всему классу" in text
    assert [name for name in FOREIGN if name in text] == []


@pytest.mark.requirement("MRK-019")
def test_marks_page_shows_the_average_and_what_it_comes_from(filled, vera):
    text = vera.get(url_of("marks", filled.alpha.gleb)).text

    assert "<b>4,75</b>" in text  # a test of weight 3 and an answer: (3 × 5 + 4) / 4
    assert "Контрольная работа" in text
    assert "Линейные уравнения" in text


@pytest.mark.requirement("TTC-013", part=True)
def test_cancelled_lesson_is_shown_as_not_held(filled, vera):
    text = vera.get(url_of("day", filled.alpha.gleb, query="?day=2026-11-17")).text

    assert "урока не было" in text


def test_absences_page_names_what_waits_for_a_reason(filled, vera):
    text = vera.get(url_of("absences", filled.alpha.gleb)).text

    assert "18\u00a0ноября, ср" in text
    assert "Отсутствует" in text
    assert "Есть пропуски без причины" in text


# --- What the addresses say ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("?day=2026-99-99", 200, id="impossible day"),
        pytest.param("?day=0001-01-01", 200, id="the beginning of time"),
        pytest.param("?day=9999-12-31", 200, id="the end of time"),
        pytest.param("?day='--", 200, id="hostile"),
    ],
)
@pytest.mark.parametrize("page", ["day", "week"])
def test_odd_days_show_today(filled, vera, page, query, status):
    answer = vera.get(url_of(page, filled.alpha.gleb, query=query))

    assert answer.status_code == status
    assert "ноября" in answer.text


@pytest.mark.parametrize(
    "query",
    ["?term=0", "?term=x", "?term=-1", "?year=1900", "?year=²", "?term=99999999999999999999"],
)
def test_odd_periods_are_not_there(filled, vera, query):
    assert vera.get(url_of("marks", filled.alpha.gleb, query=query)).status_code == 404


def test_whole_year_of_marks_can_be_asked(filled, vera):
    text = vera.get(url_of("marks", filled.alpha.gleb, query="?year=2026&term=year")).text

    assert "Алгебра" in text


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-11-22", "20\u00a0ноября, пт", id="Sunday shows the last school day"),
        pytest.param("2027-07-14", "Летние каникулы", id="July names the holidays"),
    ],
)
def test_free_days_are_not_empty(filled, vera, monkeypatch, day, expected):
    monkeypatch.setenv("OKRUG_TODAY", day)

    text = vera.get("/family/", follow=True).text

    assert expected in text
    assert "Учебный год" in text


# --- Several children ----------------------------------------------------------------------------


def link(two: TwoSchools, slug: str, guardian_id: int, pupil_id: int) -> None:
    school = two.refs[slug]
    with school_transaction(Actor.system(school), school.id):
        GuardianLink.objects.create(
            guardian_id=guardian_id, pupil_id=pupil_id, relation="mother",
            since_on=date(2026, 9, 1),
        )  # fmt: skip
        AccessGrant.objects.create(
            guardian_id=guardian_id, pupil_id=pupil_id, ground="import",
            granted_at="2026-09-01T09:00Z",
        )  # fmt: skip


@pytest.fixture
def mother_of_two_schools(filled: TwoSchools) -> Client:
    """Vera with Gleb in «Альфа» and, in «Бета», the namesake of him."""
    return sign_in(
        (Role.GUARDIAN, filled.refs[ALPHA], filled.alpha.vera),
        (Role.GUARDIAN, filled.refs[BETA], filled.beta.vera),
    )


@pytest.mark.requirement("ACC-020")
def test_children_of_two_schools_stand_on_one_page_each_one_tap_apart(
    filled, mother_of_two_schools, monkeypatch
):
    monkeypatch.setenv("OKRUG_TODAY", "2026-11-19")
    own = url_of("day", filled.alpha.gleb)
    other = url_of("day", filled.beta.gleb, BETA)

    home = mother_of_two_schools.get("/family/").text
    child = mother_of_two_schools.get(own).text

    assert home.count("Завтра, 20\u00a0ноября") == 2
    assert "№ 214 всему классу" in home
    for page in (home, child):
        assert f'href="{own}"' in page
        assert f'href="{other}"' in page


def test_switch_between_children_keeps_the_section(filled, mother_of_two_schools):
    page = mother_of_two_schools.get(url_of("marks", filled.alpha.gleb)).text

    assert f'href="{url_of("marks", filled.beta.gleb, BETA)}"' in page


def test_two_children_of_one_school_stand_beside_each_other(filled, vera):
    link(filled, ALPHA, filled.alpha.vera, filled.alpha.yegor)

    home = vera.get("/family/").text

    assert home.index("Глеб") < home.index("Егор")
    assert vera.get(url_of("week", filled.alpha.yegor)).status_code == 200


def test_family_with_one_child_goes_straight_to_the_child(filled, vera):
    answer = vera.get("/family/")

    assert (answer.status_code, answer["Location"]) == (302, url_of("day", filled.alpha.gleb))


# --- Where a person lands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param([(Role.GUARDIAN, ALPHA)], "/family/", id="mother"),
        pytest.param([(Role.PUPIL, ALPHA)], "/family/", id="pupil"),
        pytest.param(
            [(Role.GUARDIAN, ALPHA), (Role.GUARDIAN, BETA)], "/family/", id="mother of two schools"
        ),
        pytest.param([(Role.TEACHER, ALPHA)], "/s/alpha/today/", id="teacher"),
        pytest.param([(Role.SECRETARY, ALPHA)], "/s/alpha/office/", id="secretary"),
        pytest.param([(Role.DISTRICT_OFFICER, None)], "/district/", id="committee"),
        pytest.param([(Role.TEACHER, ALPHA), (Role.TEACHER, BETA)], "", id="two schools"),
        pytest.param([(Role.TEACHER, ALPHA), (Role.GUARDIAN, BETA)], "", id="teacher and mother"),
        pytest.param([(Role.NURSE, ALPHA)], "", id="role without pages yet"),
        pytest.param([], "", id="no role"),
    ],
)
def test_one_role_leads_straight_there(filled, places, expected):
    browser = sign_in(*((role, filled.refs[slug] if slug else None, None) for role, slug in places))

    answer = browser.get("/")

    assert answer.status_code == (302 if expected else 200)
    assert answer.get("Location", "") == expected


def test_home_page_has_a_card_for_each_school_and_child(filled):
    account = open_account(
        (Role.TEACHER, filled.refs[ALPHA], filled.alpha.anna),
        (Role.TEACHER, filled.refs[BETA], filled.beta.anna),
        (Role.GUARDIAN, filled.refs[ALPHA], filled.alpha.vera),
    )
    browser = Client()
    browser.force_login(account)

    text = browser.get("/").text

    for url in (url_of("day", filled.alpha.gleb), "/s/alpha/today/", "/s/beta/today/"):
        assert f'href="{url}"' in text
    assert [name for name in FOREIGN if name in text] == []


# --- What a phone has to fetch -------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_page_is_light(filled, vera, page):
    answer = vera.get(url_of(page, filled.alpha.gleb))
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', answer.text)

    repeat = len(gzip.compress(answer.content))
    sizes = []
    for name in set(files):
        path = finders.find(name)
        assert isinstance(path, str)
        with open(path, "rb") as file:
            sizes.append(len(gzip.compress(file.read())))

    assert repeat <= 25_000
    assert repeat + sum(sizes) <= 100_000
