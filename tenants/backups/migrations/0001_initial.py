"""Places of copies, every change in the audit; the journal is only added to."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from foundation.audit.migration import AppendOnly, TrackTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0002_regionalday"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(max_length=300, unique=True, verbose_name="папка на сервере"),
                ),
                (
                    "carrier",
                    models.CharField(
                        choices=[
                            ("server", "диск сервера"),
                            ("network", "сетевое хранилище"),
                            ("external", "внешний диск"),
                            ("tape", "лента"),
                        ],
                        max_length=8,
                        verbose_name="носитель",
                    ),
                ),
                ("room", models.CharField(max_length=200, verbose_name="помещение")),
                ("responsible", models.CharField(max_length=200, verbose_name="ответственный")),
                ("set_by", models.BigIntegerField(null=True, verbose_name="кто внёс")),
                (
                    "set_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="когда внесено",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BackupEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("base", "копия всей базы"),
                            ("school", "копия школы"),
                            ("public", "копия общих данных"),
                            ("files", "копия файлов"),
                            ("verify", "проверка копии"),
                            ("prune", "удаление старых копий"),
                            ("restore-school", "восстановление школы"),
                            ("restore-all", "восстановление округа"),
                        ],
                        max_length=14,
                        verbose_name="что сделано",
                    ),
                ),
                ("place", models.CharField(max_length=300, verbose_name="куда")),
                ("name", models.CharField(max_length=200, verbose_name="копия")),
                ("size", models.BigIntegerField(default=0, verbose_name="размер, байт")),
                (
                    "digest",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=64,
                        verbose_name="контрольная сумма SHA-256",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="начато")),
                ("finished_at", models.DateTimeField(verbose_name="закончено")),
                ("is_good", models.BooleanField(verbose_name="удалось")),
                ("made_by", models.CharField(max_length=200, verbose_name="кто")),
                ("note", models.TextField(blank=True, default="", verbose_name="подробности")),
                (
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.school",
                        verbose_name="школа",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "-finished_at"], name="backups_newest"),
                    models.Index(fields=["school", "-finished_at"], name="backups_of_school"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "place", "name", "started_at"), name="backups_line_once"
                    )
                ],
            },
        ),
        TrackTable("backups_backupplace"),
        AppendOnly("backups_backupentry"),
    ]
