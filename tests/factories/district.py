"""Two small schools with signed-in people: what the doors are knocked at with."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.people.models import ImportJob, Pupil
from services.people.operations import upload_import
from tenants.accounts.models import Account, Membership
from tests.factories.school import SmallSchool, make_small_school

PASSWORD = "верный пароль 42"
LIST_OF_PUPILS = "ФИО;Класс;Дата рождения\r\nСоколов Лев Петрович;7А;01.05.2013\r\n".encode()
ALPHA, BETA = "alpha", "beta"


@dataclass
class TwoSchools:
    """Schools «Альфа» and «Бета», each a small school of its own."""

    refs: dict[str, SchoolRef]
    small: dict[str, SmallSchool]
    jobs: dict[str, int] = field(default_factory=dict)

    @property
    def alpha(self) -> SmallSchool:
        """The school most tests happen in."""
        return self.small[ALPHA]

    @property
    def beta(self) -> SmallSchool:
        """The other one."""
        return self.small[BETA]

    def person_of(self, role: Role, slug: str = ALPHA) -> int | None:
        """Return the card of the person who holds a role in a school."""
        small = self.small[slug]
        cards = {
            Role.TEACHER: small.anna,
            Role.MANAGEMENT: small.boris,
            Role.PUPIL: small.gleb,
            Role.GUARDIAN: small.vera,
        }
        return cards.get(role)

    def sign_in(self, role: Role, slug: str | None = ALPHA, **client: Any) -> Client:
        """Return the browser of somebody with one role: Anna, Boris, Gleb, Vera, the others."""
        if slug is None:
            return sign_in((role, None, None), **client)
        return sign_in((role, self.refs[slug], self.person_of(role, slug)), **client)

    def count_everything(self) -> dict[str, tuple[int, ...]]:
        """Return how much is written in each school: a refused knock must not change it."""
        counts = {}
        for slug, school in self.refs.items():
            with school_transaction(Actor.system(school), school.id), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM audit_log")
                audit = cursor.fetchone()[0]
                models = (OutboxEvent, LessonRecord, Mark, Absence, Homework, ImportJob, Pupil)
                counts[slug] = (audit, *(model.objects.count() for model in models))
        return counts


def make_two_schools(schools: dict[str, SchoolRef]) -> TwoSchools:
    """Build both; the second has other ids, so that nothing fits by chance."""
    refs = {slug: schools[slug] for slug in (ALPHA, BETA)}
    two = TwoSchools(refs, {})
    for slug, school in refs.items():
        with school_transaction(Actor.system(school), school.id):
            if slug == BETA:
                _skip_numbers()
            two.small[slug] = make_small_school(Actor.system(school))
    return two


def upload_list(school: SchoolRef) -> int:
    """Let a list of one new pupil wait in a school for its import; return the job's id."""
    with school_transaction(Actor.system(school), school.id):
        job_id, _ = upload_import(
            actor=Actor.system(school),
            kind="pupils",
            filename="7А.csv",
            content=LIST_OF_PUPILS,
            today=date(2026, 11, 20),
        )
    return job_id


def _skip_numbers() -> None:
    """Leave a gap in every numbering of the school that is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            cursor.execute("SELECT count(nextval(%s)) FROM generate_series(1, 1000)", [name])


def open_account(
    *places: tuple[Role, SchoolRef | None, int | None], login: str = "", name: str = "Анина Анна"
) -> Account:
    """Return a new account with roles in places: (role, school, card); a card is taken over."""
    for role, school, person_id in places:
        if person_id is not None:
            assert school is not None
            Membership.objects.filter(role=role, school_id=school.id).filter(
                person_id=person_id
            ).delete()
    account = Account.objects.create(login=login or uuid.uuid4().hex, display_name=name)
    Membership.objects.bulk_create(
        Membership(
            account=account, role=role, school_id=school.id if school else None, person_id=person_id
        )
        for role, school, person_id in places
    )
    return account


def sign_in(*places: tuple[Role, SchoolRef | None, int | None], **client: Any) -> Client:
    """Return the browser of a new account with roles in places."""
    browser = Client(**client)
    browser.force_login(open_account(*places))
    return browser
