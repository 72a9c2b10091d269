"""Days of the region, every change of which is in the audit."""

from django.db import migrations, models
from django.db.models.functions import Now

from foundation.audit.migration import TrackTable


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("registry", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="RegionalDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True, verbose_name="день")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "нерабочий"), ("work", "рабочий")],
                        max_length=4,
                        verbose_name="какой",
                    ),
                ),
                ("act", models.CharField(max_length=300, verbose_name="основание")),
                ("set_by", models.BigIntegerField(null=True, verbose_name="кто внёс")),
                ("set_at", models.DateTimeField(db_default=Now(), verbose_name="когда внесён")),
            ],
        ),
        TrackTable("registry_regionalday"),
    ]
