"""The counters of registers, and the trigger that keeps them unbroken."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION registers_forward_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.register, NEW.year, NEW.last_place) = (OLD.register, OLD.year, OLD.last_place + 1)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'INSERT' AND NEW.last_place = 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a register goes forward by one' USING ERRCODE = 'check_violation';
END
$body$;
CREATE TRIGGER forward_only BEFORE INSERT OR UPDATE OR DELETE ON registers_registercounter
    FOR EACH ROW EXECUTE FUNCTION registers_forward_only();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="RegisterCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=60, verbose_name="журнал")),
                ("year", models.PositiveSmallIntegerField(verbose_name="год")),
                ("last_place", models.PositiveIntegerField(verbose_name="последний номер")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("register", "year"), name="registers_counter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_place__gte", 1), ("year__gte", 1000), ("year__lte", 9999)
                        ),
                        name="registers_counter_is_sound",
                    ),
                ]
            },
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER forward_only ON registers_registercounter;"
            "DROP FUNCTION registers_forward_only();",
        ),
    ]
