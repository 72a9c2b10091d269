"""`manage.py migrate_schools`: bring every school to the code's head; those there are skipped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from foundation.db.door import schema_of
from tenants.provisioning import roles, schema
from tenants.registry.models import School


class Command(BaseCommand):
    help = "Обновить схемы школ"

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate the schools behind the head one by one; a failed one does not stop the rest."""
        head = schema.code_head()
        behind = School.objects.using("admin").exclude(schema_head__in=["", head]).order_by("pk")
        failed = []
        for school in behind:
            try:
                schema.migrate_schema(schema_of(school.pk))
                with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
                    roles.make_school_role(cursor, school.pk)
                    School.objects.using("admin").filter(pk=school.pk).update(schema_head=head)
            except DatabaseError as error:
                failed.append(school.slug)
                self.stderr.write(f"{school.slug}: {error}")
            else:
                self.stdout.write(f"{school.slug}: обновлена")
        if failed:
            raise CommandError(f"Не обновлены школы: {', '.join(failed)}. Они работают по-старому.")
