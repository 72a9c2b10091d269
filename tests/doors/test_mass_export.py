"""Mass export: a class, a school or a register leaves as a file only after a fresh confirmation.

One person's paper is the day's work and asks for nothing more.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kernel.roles import Role
from tenants.accounts.operations import set_password
from tests.doors.knocks.knock import column, page
from tests.doors.knocks.teacher import a_class, a_report_of_gleb, book
from tests.factories.accounts import let_time_pass
from tests.factories.district import ALPHA, PASSWORD, TwoSchools, open_account

pytestmark = pytest.mark.django_db
PAGE = "http://testserver/s/alpha/office/service/?state=active"
FROM = {"referer": PAGE}
BACK = f"/account/confirm/?{urlencode({'next': PAGE})}"

# Files about many people.
MASS = {
    "teacher:class-paper-file": (Role.MANAGEMENT, book, ""),
    "reports:class": (Role.MANAGEMENT, a_class, "?as=xlsx"),
    "office:service-table": (Role.MANAGEMENT, None, ""),
    "office:service-register": (Role.MANAGEMENT, None, ""),
    "office:consents-table": (Role.MANAGEMENT, None, ""),
    "office:consents-register": (Role.MANAGEMENT, None, ""),
    "office:printouts-table": (Role.MANAGEMENT, None, ""),
    "office:printouts-paper": (Role.MANAGEMENT, None, ""),
    "office:complaints-export": (Role.MANAGEMENT, None, ""),
    "office:complaints-print": (Role.MANAGEMENT, None, ""),
    "office:sheets-register": (Role.ADMINISTRATOR, "staff", ""),
    "district:complaints-export": (Role.DISTRICT_OFFICER, None, ""),
    "district:complaints-print": (Role.DISTRICT_OFFICER, None, ""),
}
# Files about one person, one subject, or nobody at all.
OF_ONE = {
    "teacher:subject-paper",
    "guardian:service-paper",
    "guardian:consent-paper",
    "guardian:complaint-paper",
    "guardian:committee-complaint-paper",
    "guardian:withdrawal-paper",
    "guardian:data-answer",
    "office:service-paper",
    "office:complaint-paper",
    "office:data-answer",
    "office:my-data-answer",
    "district:complaint-paper",
    "public:blank",
    "public:poster",
}


def sign_in(two: TwoSchools, role: Role, *, minutes_ago: int) -> Client:
    client = two.sign_in(role, None if role is Role.DISTRICT_OFFICER else ALPHA)
    let_time_pass(60 * minutes_ago)
    return client


def address(two: TwoSchools, route: str) -> str:
    _, place, query = MASS[route]
    where: dict[str, Any] = {} if route.startswith("district:") else {"school": ALPHA}
    if place == "staff":
        where["group"] = "staff"
    elif callable(place):
        where = place(two, ALPHA)
    return reverse(route, kwargs=where) + query


@pytest.mark.parametrize("route", MASS)
def test_file_about_many_asks_once_more_who_it_is(full, route):
    client = sign_in(full, MASS[route][0], minutes_ago=11)

    asked = client.get(address(full, route), headers=FROM)

    assert (asked.status_code, asked["Location"]) == (302, BACK)


@pytest.mark.parametrize("route", MASS)
def test_who_has_just_confirmed_gets_the_file(full, route):
    client = sign_in(full, MASS[route][0], minutes_ago=9)

    answer = client.get(address(full, route), headers=FROM)

    assert answer.status_code == 200
    assert answer["Content-Type"].split("/")[0] == "application"


def test_person_comes_back_to_the_page_with_the_button_and_is_told_so(full):
    """A download would leave him before the form of the password."""
    place = (Role.MANAGEMENT, full.refs[ALPHA], full.person_of(Role.MANAGEMENT))
    set_password(account_id=open_account(place, login="boris").pk, password=PASSWORD)
    client = Client()
    client.post("/sign-in/", {"login": "boris", "password": PASSWORD})
    let_time_pass(660)
    asked = client.get(address(full, "office:service-table"), headers=FROM)

    back = client.post("/account/confirm/", {"password": PASSWORD, "next": PAGE})

    assert asked["Location"] == BACK
    assert back["Location"] == PAGE
    assert "Подтверждено на 10 минут." in client.get(PAGE).text
    assert client.get(address(full, "office:service-table")).status_code == 200


def test_without_the_page_he_came_from_the_file_itself_follows(full):
    client = sign_in(full, Role.MANAGEMENT, minutes_ago=11)

    asked = client.get(address(full, "office:service-table"))

    assert asked["Location"] == (
        "/account/confirm/?next=%2Fs%2Falpha%2Foffice%2Fservice%2Fregister.xlsx"
    )


def test_keys_of_a_whole_class_are_printed_after_a_confirmation(full):
    client = sign_in(full, Role.ADMINISTRATOR, minutes_ago=11)
    where = {"school": ALPHA, "group": "staff"}
    keys = people_of(client, where)

    many = client.post(reverse("office:sheets", kwargs=where), {"person": keys}, headers=FROM)
    one = client.post(reverse("office:sheets", kwargs=where), {"person": keys[:1]}, headers=FROM)

    assert len(keys) > 1
    assert (many.status_code, many["Location"]) == (302, BACK)
    assert not one.get("Location", "").startswith("/account/confirm/")


@pytest.mark.parametrize(
    ("route", "place", "query"),
    [
        ("teacher:subject-paper", page, ""),
        ("reports:subject", column, "?as=xlsx"),
        ("reports:pupil", a_report_of_gleb, "?as=xlsx"),
        ("reports:class", a_class, ""),
    ],
    ids=["a page of one's journal", "a subject", "a pupil", "the class on the screen"],
)
def test_what_is_not_mass_asks_for_nothing(full, route, place, query):
    client = sign_in(full, Role.MANAGEMENT, minutes_ago=11)

    assert client.get(reverse(route, kwargs=place(full, ALPHA)) + query).status_code == 200


def test_every_file_of_the_portal_is_either_mass_or_of_one():
    """A new door with a file is to be thought of."""
    files = {name for name, path in routes() if path.endswith((".pdf", ".xlsx", ".zip"))}

    assert files - OF_ONE - set(MASS) == set()


def people_of(client: Client, where: dict[str, str]) -> list[str]:
    page = client.get(reverse("office:accounts-of", kwargs=where)).context
    return [one["row"].person.key for one in page["rows"]]


def routes() -> Iterator[tuple[str, str]]:
    def walk(patterns: list[Any], space: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, one.namespace or space)
            elif isinstance(one, URLPattern):
                yield f"{space}:{one.name}", str(one.pattern)

    yield from walk(get_resolver().url_patterns, "")
