"""`manage.py sync_roles`: make every role and right as the code wants it; also after a restore."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from tenants.provisioning import roles, schema
from tenants.registry.models import School


class Command(BaseCommand):
    help = "Создать роли базы данных и выдать права"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the public role, then each school's."""
        schools = School.objects.using("admin").exclude(schema_head="").order_by("pk")
        with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
            roles.make_public_role(cursor)
            for school in schools:
                roles.make_school_role(cursor, school.pk)
