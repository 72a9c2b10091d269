"""Run as a program: two schools with the people of the story; prints their ids as JSON."""

import json

import django
from django.core.management import call_command

django.setup()

from foundation.db.door import public_transaction, school_transaction  # noqa: E402 Django must be set up first
from kernel.actor import Actor, SchoolRef  # noqa: E402
from kernel.roles import Role  # noqa: E402
from services.people.models import Employee  # noqa: E402
from tenants.accounts.models import Account  # noqa: E402
from tenants.accounts.operations import give_role, open_account, set_password  # noqa: E402
from tenants.provisioning.operations import open_school, request_school  # noqa: E402
from tenants.registry.models import District  # noqa: E402
from tests.browser.stack import PASSWORD  # noqa: E402
from tests.factories.archives import keep_archive  # noqa: E402
from tests.factories.complaints import file_complaints  # noqa: E402
from tests.factories.marks import class_of  # noqa: E402
from tests.factories.school import SmallSchool, make_small_school  # noqa: E402


def build() -> dict[str, int]:
    """Build both schools and every account of the story."""
    call_command("migrate_public")
    call_command("sync_roles")
    District.objects.create(
        name="Заречный городской округ", committee_name="Комитет по образованию"
    )
    first, second = (_open(slug, title) for slug, title in SCHOOLS)
    (school, small), (other, other_small) = first, second
    anna = open_login("anna", "Анина Анна Петровна")
    give_role(account_id=anna, role=Role.TEACHER, school_id=school.id, person_id=small.anna)
    give_role(account_id=anna, role=Role.TEACHER, school_id=other.id, person_id=other_small.anna)
    oksana = open_login("oksana", "Петрова Оксана Игоревна")
    give_role(account_id=oksana, role=Role.TEACHER, school_id=school.id, person_id=small.oksana)
    vera = open_login("vera", "Верина Вера Ильинична")
    give_role(account_id=vera, role=Role.GUARDIAN, school_id=school.id, person_id=small.vera)
    give_role(account_id=vera, role=Role.GUARDIAN, school_id=other.id, person_id=other_small.vera)
    dmitry = open_login("dmitry", "Дмитриев Дмитрий Олегович")
    give_role(account_id=dmitry, role=Role.GUARDIAN, school_id=school.id, person_id=small.dmitry)
    gleb = open_login("gleb", "Глебов Глеб")
    give_role(account_id=gleb, role=Role.PUPIL, school_id=school.id, person_id=small.gleb)
    boris = open_login("boris", "Борин Борис Борисович")
    give_role(account_id=boris, role=Role.MANAGEMENT, school_id=school.id, person_id=small.boris)
    sofia = open_login("sofia", "Секретова Софья Ильинична")
    give_role(account_id=sofia, role=Role.SECRETARY, school_id=school.id, person_id=small.boris)
    oleg = open_login("oleg", "Районов Олег Игоревич")
    give_role(account_id=oleg, role=Role.DISTRICT_OFFICER)
    give_role(account_id=oleg, role=Role.DISTRICT_ADMIN)
    with school_transaction(Actor.system(school), school.id):
        Employee.objects.filter(pk=small.anna).update(account_id=anna)
        Employee.objects.filter(pk=small.oksana).update(account_id=oksana)
        class_id = class_of(small.group_id)
    keep_archive(school)
    filed = file_complaints(school)
    return {
        "complaint": filed.complaint_id,
        "letter": filed.letter_id,
        "committee_complaint": filed.committee_id,
        "snapshot": filed.snapshot_id,
        "check": filed.check_id,
        "group": small.group_id,
        "subject": small.subject_id,
        "term": small.term_id,
        "lesson": small.lessons[4],
        "gleb": small.gleb,
        "class": class_id,
        "other_gleb": other_small.gleb,
        "other_group": other_small.group_id,
        "other_subject": other_small.subject_id,
        "other_term": other_small.term_id,
        "yegor": small.yegor,
    }


SCHOOLS = (("alpha", "Школа № 1"), ("beta", "Лицей № 4"))


def _open(slug: str, title: str) -> tuple[SchoolRef, SmallSchool]:
    school_id = request_school(slug=slug, name=f"МБОУ «{title}»", short_name=title)
    school = open_school(school_id=school_id)
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        return school, make_small_school(actor, pupils=30)


def open_login(login: str, name: str) -> int:
    """Return an account with the password everybody here has."""
    account_id = open_account(name=name)
    Account.objects.filter(pk=account_id).update(login=login)
    with public_transaction():
        set_password(account_id=account_id, password=PASSWORD)
    return account_id


if __name__ == "__main__":
    print(json.dumps(build()))  # noqa: T201
