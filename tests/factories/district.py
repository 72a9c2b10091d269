"""Two small schools with signed-in people: what the doors are knocked at with."""

import uuid
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.test import Client

from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.names import FullName
from kernel.roles import Role
from services.cases.models import Application
from services.cases.operations.applying import Door, Paper, Receipt, Typed, submit_application
from services.cases.operations.desk import Match, recognise
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.people.models import Employee, GuardianLink, ImportJob, Pupil
from services.people.operations import upload_import
from tenants.accounts.models import Account, Compromise, Membership
from tenants.accounts.operations import freeze_account
from tests.factories.complaints import Filed
from tests.factories.consents import SignedPapers
from tests.factories.printouts import PaperRows
from tests.factories.school import SmallSchool, make_small_school

PASSWORD = "верный пароль 42"
LIST_OF_PUPILS = "ФИО;Класс;Дата рождения\r\nСоколов Лев Петрович;7А;01.05.2013\r\n".encode()
ALPHA, BETA = "alpha", "beta"
A_PICTURE = b64decode(  # one white point
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


@dataclass
class TwoSchools:
    """Schools «Альфа» and «Бета», each a small school of its own."""

    refs: dict[str, SchoolRef]
    small: dict[str, SmallSchool]
    jobs: dict[str, int] = field(default_factory=dict)
    thefts: dict[str, int] = field(default_factory=dict)
    cases: dict[str, Receipt] = field(default_factory=dict)
    papers: dict[str, SignedPapers] = field(default_factory=dict)
    printouts: dict[str, PaperRows] = field(default_factory=dict)
    complaints: dict[str, Filed] = field(default_factory=dict)

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

    def steal_sign_in(self, slug: str) -> int:
        """Return the case of a sign-in of the school that was stolen just now."""
        if not Compromise.objects.filter(pk=self.thefts.get(slug, 0)).exists():  # or undone since
            account = open_account((Role.SECRETARY, self.refs[slug], None))
            now = clock.now()
            self.thefts[slug] = freeze_account(
                account_id=account.pk, noticed_at=now, reported_by=None, now=now, due_on=now.date()
            )
        return self.thefts[slug]

    def system_of(self, slug: str = ALPHA) -> Actor:
        """Return the system in a school."""
        return Actor.system(self.refs[slug])

    def link_of_vera(self, slug: str = ALPHA) -> int:
        """Return the id of what Vera is to Gleb in a school."""
        school = self.refs[slug]
        with school_transaction(Actor.system(school), school.id):
            return GuardianLink.objects.get(guardian_id=self.small[slug].vera).pk

    def note_account_of_anna(self, slug: str = ALPHA) -> None:
        """Let Anna's card know of an account."""
        school, account = self.refs[slug], open_account(name="Анина Анна")
        with school_transaction(Actor.system(school), school.id):
            Employee.objects.filter(pk=self.small[slug].anna).update(account_id=account.pk)

    def count_everything(self) -> dict[str, tuple[int, ...]]:
        """Return how much is written in each school: a refused knock must not change it."""
        counts = {}
        for slug, school in self.refs.items():
            with school_transaction(Actor.system(school), school.id), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM audit_log")
                audit = cursor.fetchone()[0]
                models = (
                    OutboxEvent,
                    LessonRecord,
                    Mark,
                    Absence,
                    Homework,
                    ImportJob,
                    Pupil,
                    Application,
                )
                counts[slug] = (audit, *(model.objects.count() for model in models))
        return counts


def make_two_schools(schools: dict[str, SchoolRef]) -> TwoSchools:
    """Build both; each table of each has ids of its own, so that nothing fits by chance."""
    refs = {slug: schools[slug] for slug in (ALPHA, BETA)}
    two = TwoSchools(refs, {})
    for slug, school in refs.items():
        with school_transaction(Actor.system(school), school.id):
            _skip_numbers(1000 if slug == BETA else 0)
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


def take_application(school: SchoolRef, small: SmallSchool) -> Receipt:
    """Let Vera's application for Gleb be taken in person, with a scan, and recognised."""
    desk = Actor(1, school, frozenset({Role.ADMINISTRATOR}))
    typed = Typed(
        is_pupil=False,
        child=FullName("Глебов", "Глеб"),
        child_birth_date=date(2013, 5, 5),
        child_class="7А",
        applicant=FullName("Верина", "Вера"),
        relation="mother",
        phone="+79001234567",
    )
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with school_transaction(desk, school.id):
        receipt = submit_application(
            actor=desk,
            door=Door("in_person", uuid.uuid4()),
            typed=typed,
            papers=[Paper("application", "скан.png", A_PICTURE)],
            now=now,
        )
        match = Match(small.gleb, small.vera)
        recognise(actor=desk, case_id=receipt.case_id, match=match, now=now)
    return receipt


def _skip_numbers(gap: int) -> None:
    """Leave a gap in every numbering of the school that is open, in each another one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"
        )
        for place, (name,) in enumerate(cursor.fetchall(), start=1):
            query = "SELECT count(nextval(%s)) FROM generate_series(1, %s)"
            cursor.execute(query, [name, gap + 5 * place])


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
