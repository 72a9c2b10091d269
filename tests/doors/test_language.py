"""Everything a person reads is Russian (NFR-012): pages, errors, forms, answers to programs."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from foundation.db.door import school_transaction
from kernel.roles import Role
from tenants.accounts.models import Account
from tenants.accounts.operations import give_role
from tests.factories.school import make_small_school

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("NFR-012")]

# Names of formats and keys that are written so in Russian too.
LATIN = {"excel", "xlsx", "ods", "csv", "esc", "tab", "enter", "del", "ctrl", "home", "end"}


class Words(HTMLParser):
    """Collects the text people read: content and labels, not code."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipping += tag in ("script", "style", "svg")
        values = dict(attrs)
        for name in ("aria-label", "placeholder", "title", "alt"):
            self.text.append(values.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.text.append(data)


def foreign_words(html: str) -> set[str]:
    """Return the Latin words of a page that are no names of formats or keys."""
    words = Words()
    words.feed(html)
    text = re.sub(r"\S*[/.@]\S*", " ", " ".join(words.text))  # addresses and file names
    return {word.lower() for word in re.findall(r"[A-Za-z]{3,}", text)} - LATIN


@pytest.fixture
def small(school, system):
    with school_transaction(system, school.id):
        return make_small_school(system)


PAGES = {
    Role.TEACHER: [
        "/s/alpha/today/",
        "/s/alpha/journals/",
        "/s/alpha/journal/{group}/{subject}/{term}/",
        "/s/alpha/journal/{group}/{subject}/{term}/lessons/",
        "/s/alpha/lessons/{lesson}/",
    ],
    Role.GUARDIAN: [
        "/family/alpha/{gleb}/",
        "/family/alpha/{gleb}/week/",
        "/family/alpha/{gleb}/marks/",
        "/family/alpha/{gleb}/absences/",
        "/family/alpha/{gleb}/calendar/",
    ],
    Role.SECRETARY: [
        "/s/alpha/office/",
        "/s/alpha/office/employees/",
        "/s/alpha/office/imports/",
    ],
    Role.DISTRICT_OFFICER: ["/district/", "/district/schools/alpha/"],
}


@pytest.mark.parametrize("role", list(PAGES), ids=lambda role: role.value)
def test_pages_speak_russian(school, small, role):
    persons = {Role.TEACHER: small.anna, Role.GUARDIAN: small.vera, Role.SECRETARY: small.boris}
    account = Account.objects.create(login="кто-то", display_name="Кто-то Имя Отчество")
    place = None if role is Role.DISTRICT_OFFICER else school.id
    give_role(account_id=account.pk, role=role, school_id=place, person_id=persons.get(role))
    client = Client()
    client.force_login(account)
    ids = {
        "group": small.group_id,
        "subject": small.subject_id,
        "term": small.term_id,
        "lesson": small.lessons[0],
        "gleb": small.gleb,
    }
    for address in PAGES[role]:
        answer = client.get(address.format(**ids))
        assert answer.status_code == 200, address
        assert '<html lang="ru"' in answer.text
        assert foreign_words(answer.text) == set(), address


def test_signing_in_and_errors_speak_russian(client):
    for answer in (
        client.get("/sign-in/"),
        client.post("/sign-in/", {"login": "anna", "password": "1"}),
        client.get("/no-such-page/"),
    ):
        assert foreign_words(answer.text) - {"anna"} == set()


@pytest.mark.parametrize("address", ["/api/v1/me/", "/api/v1/no-such/", "/api/v1/token/"])
def test_programs_are_answered_in_russian(client, address):
    problem = client.get(address).json()

    assert re.search("[а-я]", problem["title"])
    assert re.search("[а-я]", problem["detail"])
    assert not re.search("[A-Za-z]{4,}", problem["detail"])
