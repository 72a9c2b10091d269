"""Run as a program: two schools and the families who come for the service; prints ids as JSON.

«Альфа» works five days a week, «Бета» six. Vera's cards stand in both schools with one identity and
no account: she comes for the service. Her husband Igor reads the diary of Gleb already.
"""

import json
from datetime import date

import django
from django.core.management import call_command

django.setup()

from foundation.db.door import school_transaction  # noqa: E402 Django must be set up first
from kernel.actor import Actor, SchoolRef  # noqa: E402
from kernel.roles import Role  # noqa: E402
from services.diary.models import AccessGrant  # noqa: E402
from services.people.models import (  # noqa: E402
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
)
from services.regulation.operations import change_setting  # noqa: E402
from tenants.accounts.operations import give_role  # noqa: E402
from tenants.provisioning.operations import open_school, request_school  # noqa: E402
from tenants.registry.models import District  # noqa: E402
from tests.browser.story_data import open_login  # noqa: E402
from tests.factories.school import SmallSchool, at, make_small_school  # noqa: E402

SCHOOLS = (("alpha", "Школа № 1", 5), ("beta", "Лицей № 4", 6))
VERA = "7e" * 32
SEPTEMBER = date(2026, 9, 1)


def build() -> dict[str, int]:
    """Build both schools and every account of the walk."""
    call_command("migrate_public")
    call_command("sync_roles")
    District.objects.create(
        name="Заречный городской округ", committee_name="Комитет по образованию"
    )
    first, second = (_open(*one) for one in SCHOOLS)
    (school, small), (other, other_small) = first, second
    anna = open_login("anna", "Анина Анна Петровна")
    for there, people in (first, second):
        give_role(account_id=anna, role=Role.TEACHER, school_id=there.id, person_id=people.anna)
        with school_transaction(Actor.system(there), there.id):
            Employee.objects.filter(pk=people.anna).update(account_id=anna)
    boris = open_login("boris", "Борин Борис Борисович")
    give_role(
        account_id=boris, role=Role.MANAGEMENT, school_id=other.id, person_id=other_small.boris
    )
    with school_transaction(Actor.system(other), other.id):
        Employee.objects.filter(pk=other_small.boris).update(account_id=boris)
        Pupil.objects.filter(pk=other_small.gleb).update(last_name="Глебова", first_name="Галина")
    igor = open_login("igor", "Глебов Игорь Ильич")
    with school_transaction(Actor.system(school), school.id):
        father = _make_father(small.gleb, igor)
    give_role(account_id=igor, role=Role.GUARDIAN, school_id=school.id, person_id=father)
    oleg = open_login("oleg", "Районов Олег Игоревич")
    give_role(account_id=oleg, role=Role.DISTRICT_OFFICER)
    return {"gleb": small.gleb, "galina": other_small.gleb}


def _open(slug: str, title: str, week: int) -> tuple[SchoolRef, SmallSchool]:
    name = f"МБОУ «{title}»"
    school_id = request_school(slug=slug, name=name, short_name=title)
    school = open_school(school_id=school_id)
    actor = Actor.system(school)
    settings = {
        "deadline.week": week,
        "print.parent_interval_days": 14,
        "operator.name": name,
        "operator.address": "Заречный, Школьная, 1",
    }
    with school_transaction(actor, school.id):
        small = make_small_school(actor)
        for key, value in settings.items():
            change_setting(
                actor=actor, key=key, value=value, clause="Положение", since_on=SEPTEMBER
            )
        SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)
        Guardian.objects.filter(pk=small.vera).update(
            identity_digest=VERA, birth_date=date(1985, 3, 8)
        )
        AccessGrant.objects.filter(guardian_id=small.vera).delete()
        return school, small


def _make_father(pupil_id: int, account_id: int) -> int:
    father = Guardian.objects.create(
        last_name="Глебов", first_name="Игорь", middle_name="Ильич", account_id=account_id
    )
    GuardianLink.objects.create(
        guardian=father, pupil_id=pupil_id, relation="father", since_on=SEPTEMBER
    )
    AccessGrant.objects.create(
        guardian=father, pupil_id=pupil_id, granted_at=at(SEPTEMBER, 12), ground="import"
    )
    return int(father.pk)


if __name__ == "__main__":
    print(json.dumps(build()))  # noqa: T201
