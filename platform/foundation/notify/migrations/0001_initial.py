"""The notices."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField(verbose_name="кому")),
                ("key", models.CharField(max_length=120, verbose_name="ключ")),
                ("kind", models.CharField(max_length=60, verbose_name="о чём")),
                ("title", models.CharField(max_length=200, verbose_name="заголовок")),
                ("text", models.TextField(blank=True, verbose_name="текст")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="страница")),
                ("created_at", models.DateTimeField(db_default=Now(), verbose_name="когда")),
                ("read_at", models.DateTimeField(null=True, verbose_name="прочитано")),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("waiting", "ждёт отправки"),
                            ("sent", "отправлено"),
                            ("unwanted", "не нужно"),
                            ("failed", "не отправлено"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="письмо",
                    ),
                ),
                (
                    "mail_attempts",
                    models.PositiveSmallIntegerField(db_default=0, verbose_name="попыток"),
                ),
                (
                    "mail_retry_at",
                    models.DateTimeField(null=True, verbose_name="письмо не раньше"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["account_id"],
                        name="notify_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail", "waiting")),
                        fields=["id"],
                        name="notify_unsent",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "key"), name="notify_notice_once")
                ],
            },
        ),
    ]
