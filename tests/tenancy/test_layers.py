"""A foreign school is stopped by membership, role and path: switch any one off, the others hold."""

from dataclasses import replace

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from foundation.db.door import WrongSchool, school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.regulation.models import RegulationSetting
from tenants.accounts.models import Account
from tenants.accounts.operations import give_role
from tenants.accounts.visitor import get_visitor

pytestmark = [pytest.mark.postgresql15, pytest.mark.django_db]


def steal(actor: Actor, school_id: int) -> int:
    """Try to read another school's rows as an actor."""
    with school_transaction(actor, school_id):
        return RegulationSetting.objects.count()


@pytest.fixture
def dmitry(school, other_school):
    """Dmitry, a guardian of the other school, with nothing in this one."""
    account = Account.objects.create(login="dmitry", display_name="Дмитриев Дмитрий")
    give_role(account_id=account.pk, role=Role.GUARDIAN, school_id=other_school.id, person_id=1)
    return get_visitor(account)


@pytest.mark.requirement("ACC-018", "PDP-013", part=True)
def test_all_layers_on(school, other_school, dmitry):
    with pytest.raises(NotFound):
        dmitry.actor_in(school.slug)
    with pytest.raises(WrongSchool):
        steal(dmitry.actor_in(other_school.slug), school.id)


def test_without_the_check_of_membership_the_role_is_refused_at_the_path(
    school, other_school, dmitry
):
    """The check in `school_transaction` is switched off by lying about the school's id."""
    liar = replace(dmitry.actor_in(other_school.slug), school=replace(other_school, id=school.id))

    with pytest.raises(InternalError):
        steal(liar, school.id)


def test_without_the_role_membership_and_path_refuse(school, other_school, dmitry, settings):
    settings.DB_ROLES = False
    with pytest.raises(NotFound):
        dmitry.actor_in(school.slug)
    with pytest.raises(WrongSchool):
        steal(dmitry.actor_in(other_school.slug), school.id)


def test_without_the_path_the_role_refuses_every_foreign_table(school, other_school):
    with school_transaction(Actor.system(other_school), other_school.id):
        foreign = f'"{school.schema}".regulation_regulationsetting'
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT count(*) FROM {foreign}")


def test_the_role_refuses_accounts_and_sessions(school, system):
    for table in ("accounts_account", "accounts_session", "accounts_membership"):
        with (
            pytest.raises(ProgrammingError),
            school_transaction(system, school.id),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT count(*) FROM public.{table}")


def test_the_public_role_refuses_a_schools_tables(school):
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{school.schema}".regulation_regulationsetting')
