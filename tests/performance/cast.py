"""Who acts in the bench: teachers with a page of their own, guardians with a child, the officer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.people.models import GuardianLink
from services.schedule.models import Lesson, Subject, TeachingLoad
from tenants.accounts.models import Account, Membership
from tenants.registry.queries import list_schools
from tests.performance.load.district import OFFICER
from tests.performance.load.shape import PAGE_SUBJECT, TODAY

PAGE_GROUP = 1  # the class of thirty is the first of the first school


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher, the journal page of one load, the lesson that is on today or was the last."""

    account_id: int
    school: str
    group_id: int
    subject_id: int
    term_id: int
    lesson_id: int

    @property
    def page(self) -> str:
        """Return the address of the page."""
        place = f"{self.group_id}/{self.subject_id}/{self.term_id}"
        return f"/s/{self.school}/journal/{place}/"

    @property
    def cells(self) -> str:
        """Return the address of the page's data."""
        return f"{self.page}cells.json"

    @property
    def saving(self) -> str:
        """Return where saves are sent."""
        return f"/s/{self.school}/journal/cells/"


@dataclass(frozen=True, slots=True)
class Parent:
    """A guardian with one child."""

    account_id: int
    school: str
    pupil_id: int

    @property
    def week(self) -> str:
        """Return the address of the child's week."""
        return f"/family/{self.school}/{self.pupil_id}/week/"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody; the first teacher keeps the page of 30 × 60."""

    teachers: Sequence[Teacher]
    parents: Sequence[Parent]
    officer: int
    logins: Sequence[str]  # the parents'
    board: str = "/district/"


def read_cast(teachers_a_school: int, parents_a_school: int) -> Cast:
    """Return who acts in each school."""
    teachers: list[Teacher] = []
    parents: list[Parent] = []
    for school in list_schools():
        accounts = _accounts(school)
        with school_transaction(Actor.system(school), school.id):
            teachers += _list_teachers(school, accounts, teachers_a_school)
            links = GuardianLink.objects.order_by("pk")[: parents_a_school * 7 : 7]
            parents += [
                Parent(accounts[Role.GUARDIAN, one.guardian_id], school.slug, one.pupil_id)
                for one in links
            ]
    wanted = [one.account_id for one in parents]
    logins = Account.objects.filter(pk__in=wanted).order_by("pk").values_list("login", flat=True)
    return Cast(teachers, parents, OFFICER.account_id, list(logins))


def _accounts(school: SchoolRef) -> Mapping[tuple[str, int | None], int]:
    rows = Membership.objects.filter(school_id=school.id)
    return {
        (role, person_id): account_id
        for role, person_id, account_id in rows.values_list("role", "person_id", "account_id")
    }


def _list_teachers(
    school: SchoolRef, accounts: Mapping[tuple[str, int | None], int], count: int
) -> list[Teacher]:
    page_subject = Subject.objects.filter(code=PAGE_SUBJECT).values_list("pk", flat=True)[0]
    graded = TeachingLoad.objects.filter(level__gt=1).order_by("pk")
    loads = graded.values_list("employee_id", "group_id", "subject_id")
    chosen: dict[int, tuple[int, int]] = {}
    for employee_id, group_id, subject_id in loads:
        if (group_id, subject_id) == (PAGE_GROUP, page_subject):
            chosen = {employee_id: (group_id, subject_id), **chosen}
        chosen.setdefault(employee_id, (group_id, subject_id))
    found = []
    for employee_id, (group_id, subject_id) in list(chosen.items())[:count]:
        lesson = (
            Lesson.objects.filter(group_id=group_id, subject_id=subject_id, date__lte=TODAY)
            .order_by("-date", "-number")
            .values("pk", "term_id")[0]
        )
        account_id = accounts[Role.TEACHER, employee_id]
        found.append(
            Teacher(account_id, school.slug, group_id, subject_id, lesson["term_id"], lesson["pk"])
        )
    return found


def open_session(account_id: int) -> dict[str, str]:
    """Return the cookie of somebody signed in, without spending a password check on it."""
    account = Account.objects.get(pk=account_id)
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    return {settings.SESSION_COOKIE_NAME: store.session_key}
