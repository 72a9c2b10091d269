"""The outbox, and the trigger that wakes the dispatcher at commit."""

from django.db import migrations, models
from django.db.models.functions import Now

NOTIFY = """
CREATE FUNCTION outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM pg_notify('okrug_outbox', TG_TABLE_SCHEMA);
    RETURN NULL;
END
$body$;
CREATE TRIGGER wake AFTER INSERT ON outbox_outboxevent
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="событие")),
                ("payload", models.JSONField(verbose_name="данные: номера и даты, без имён")),
                ("created_at", models.DateTimeField(db_default=Now(), verbose_name="когда")),
                (
                    "request_key",
                    models.UUIDField(null=True, unique=True, verbose_name="ключ запроса"),
                ),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="доставлено")),
                (
                    "attempts",
                    models.PositiveIntegerField(db_default=0, verbose_name="попыток"),
                ),
                (
                    "retry_at",
                    models.DateTimeField(null=True, verbose_name="повторить не раньше"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(delivered_at__isnull=True),
                        fields=["id"],
                        name="outbox_waiting",
                    )
                ]
            },
        ),
        migrations.RunSQL(
            NOTIFY, "DROP TRIGGER wake ON outbox_outboxevent; DROP FUNCTION outbox_notify();"
        ),
    ]
