"""The files, every change of which is in the audit."""

import uuid

from django.db import migrations, models
from django.db.models.functions import Now

from foundation.audit.migration import TrackTable


class Migration(migrations.Migration):
    initial = True
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="имя на диске"),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="что это")),
                ("name", models.CharField(max_length=120, verbose_name="название")),
                ("media_type", models.CharField(max_length=40, verbose_name="вид")),
                ("size", models.PositiveIntegerField(verbose_name="байт")),
                ("sha256", models.CharField(max_length=64, verbose_name="отпечаток")),
                ("account_id", models.BigIntegerField(null=True, verbose_name="кто принёс")),
                ("stored_at", models.DateTimeField(db_default=Now(), verbose_name="когда")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)), name="files_file_not_empty"
                    )
                ]
            },
        ),
        TrackTable("files_storedfile"),
    ]
