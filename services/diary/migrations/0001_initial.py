import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.migration import TrackTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="предоставлен")),
                (
                    "ground",
                    models.CharField(
                        choices=[("import", "списки школы"), ("case", "заявление")],
                        max_length=20,
                        verbose_name="основание",
                    ),
                ),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="прекращён")),
                (
                    "revoked_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "отозвано согласие"),
                            ("rights", "прекращены права представителя"),
                            ("left", "обучающийся выбыл"),
                            ("mistake", "предоставлен по ошибке"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="основание прекращения",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.guardian",
                        verbose_name="представитель",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.pupil",
                        verbose_name="ребёнок",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["guardian"], name="diary_grant_guardian")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("guardian", "pupil"),
                        name="diary_one_live_grant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_ground", "")),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoked_ground", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="diary_grant_ends_with_a_ground",
                    ),
                ],
            },
        ),
        TrackTable("diary_accessgrant"),
    ]
