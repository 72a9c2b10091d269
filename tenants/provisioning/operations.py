"""Opening a school: registered, laid out, filled, checked, working. Safe to repeat at any step."""

import re
from collections.abc import Callable

from django.db import DatabaseError, transaction

from foundation.db.backend.base import quoted
from foundation.db.door import public_transaction, schema_of, school_transaction
from foundation.outbox.dispatch import count_waiting
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from kernel.roles import Role
from tenants.accounts.operations import give_role, open_account
from tenants.accounts.queries import count_members
from tenants.provisioning import roles, schema
from tenants.registry.models import District, School
from tenants.registry.operations import announce_regional_days
from tenants.registry.queries import forget_schools, get_regional_days, to_ref

Filler = Callable[[Actor], None]
_fillers: list[Filler] = []
ADDRESS = re.compile(r"(?=.{1,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")


class AddressIsUnusable(DomainError):
    """The school's address in the portal would not be one."""

    code = "address-is-unusable"
    message = "Адрес школы: строчные латинские буквы, цифры и дефис между ними, до 40 знаков."


class SchoolIsNotSound(DomainError):
    """The smoke check after opening failed; the school stays closed."""

    code = "school-not-sound"
    message = "Школа не открыта: проверка после создания не прошла."


def register_filler(filler: Filler) -> None:
    """Let a room fill its dictionaries in every new school; must be safe to repeat."""
    if filler not in _fillers:
        _fillers.append(filler)


def request_school(
    *, slug: str, name: str, short_name: str, timezone: str = "Europe/Moscow"
) -> int:
    """Register a school to be opened and return its id; the same slug again changes nothing.

    Raise `AddressIsUnusable`.
    """
    if not ADDRESS.fullmatch(slug):
        raise AddressIsUnusable
    district = District.objects.order_by("pk").first()
    if district is None:
        district = District.objects.create(
            name="Муниципальный округ", committee_name="Комитет по образованию"
        )
    school, _ = School.objects.get_or_create(
        slug=slug,
        defaults={
            "district": district,
            "name": name,
            "short_name": short_name,
            "timezone": timezone,
            "schema_name": f"new_{slug}".replace("-", "_"),
        },
    )
    if school.schema_name != schema_of(school.pk):
        school.schema_name = schema_of(school.pk)
        school.save(update_fields=["schema_name"])
    return int(school.pk)


def open_school(*, school_id: int, administrator: str | None = None) -> SchoolRef:
    """Bring a registered school to work: schema, dictionaries, first administrator, check.

    Each step leaves the school as it was or done; a second call goes on where the first stopped.
    Raise `SchoolIsNotSound` when the finished school does not answer.
    """
    school = School.objects.get(pk=school_id)
    ref = to_ref(school)
    if not school.schema_head:
        _lay_out(school)
    actor = Actor.system(ref)
    with school_transaction(actor, school_id):
        for filler in _fillers:
            filler(actor)
    if administrator:
        with public_transaction():
            _appoint_administrator(school_id, administrator)
    return put_to_work(school)


def put_to_work(school: School) -> SchoolRef:
    """Check a school that is laid out and filled, and let people in; safe to repeat.

    Raise `SchoolIsNotSound` when it does not answer.
    """
    ref = to_ref(school)
    _check(ref)
    # A frozen school is mended like any other and stays frozen.
    School.objects.filter(pk=school.pk).exclude(state=School.State.FROZEN).update(
        state=School.State.ACTIVE, opened_at=school.opened_at or school.requested_at
    )
    forget_schools()
    with public_transaction():
        if get_regional_days():
            announce_regional_days()  # the new school has none of them yet
    return ref


def _lay_out(school: School) -> None:
    """Replay the template, make the role, note the head: one transaction of the migrator."""
    template = schema.get_template()
    name = schema_of(school.pk)
    with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"open {name}"])
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [name])
        if not cursor.fetchone()[0]:
            schema.replay(cursor, template, name)
        roles.make_school_role(cursor, school.pk)
        cursor.execute(f"COMMENT ON SCHEMA {quoted(name)} IS 'Okrug: a school'")
        cursor.execute(
            "UPDATE registry_school SET schema_head = %s WHERE id = %s",
            [template.head, school.pk],
        )


def _appoint_administrator(school_id: int, name: str) -> None:
    if count_members(school_id=school_id, role=Role.ADMINISTRATOR):
        return
    account_id = open_account(name=name)
    give_role(account_id=account_id, role=Role.ADMINISTRATOR, school_id=school_id)


def _check(school: SchoolRef) -> None:
    """Read the school's own tables as the school itself."""
    try:
        with school_transaction(Actor.system(school), school.id):
            count_waiting()
    except DatabaseError as error:
        raise SchoolIsNotSound from error
