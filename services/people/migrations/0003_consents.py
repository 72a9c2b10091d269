"""Consents, acts of destruction, requests for own data; what was signed cannot be changed."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.migration import TrackTable

# The school's own role, and the migrator as well: what was signed stays word for word, a register
# has no holes, and whatever may be written later is written once.
GUARD = """
CREATE FUNCTION people_keep_consent() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    ending constant text[] := ARRAY['withdrawn_at', 'withdrawn_manner', 'withdrawn_by',
        'withdrawal_number', 'destroy_due_on'];
    later constant text[] := ending || ARRAY['scan_id', 'destruction_id', 'erasure_id', 'snapshot'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a consent is never deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later)
        OR (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_manner,
            NEW.withdrawal_number, NEW.destroy_due_on) IS DISTINCT FROM (OLD.withdrawn_at,
            OLD.withdrawn_manner, OLD.withdrawal_number, OLD.destroy_due_on))
        OR (OLD.scan_id IS NOT NULL AND NEW.scan_id IS NOT NULL AND NEW.scan_id <> OLD.scan_id)
        OR (OLD.scan_id IS NOT NULL AND NEW.scan_id IS NULL AND NEW.erasure_id IS NULL)
        OR (OLD.destruction_id IS NOT NULL AND NEW.destruction_id IS DISTINCT FROM OLD.destruction_id)
        OR (OLD.erasure_id IS NOT NULL AND NEW.erasure_id IS DISTINCT FROM OLD.erasure_id)
        OR (NEW.snapshot IS DISTINCT FROM OLD.snapshot
            AND NOT (NEW.snapshot IS NULL AND NEW.erasure_id IS NOT NULL))
    THEN
        RAISE EXCEPTION 'a signed consent does not change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON people_consent
    FOR EACH ROW EXECUTE FUNCTION people_keep_consent();
CREATE FUNCTION people_keep_act() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'an act of destruction does not change' USING ERRCODE = 'check_violation';
END
$body$;
CREATE TRIGGER keep BEFORE UPDATE ON people_destructionact
    FOR EACH ROW EXECUTE FUNCTION people_keep_act();
"""
UNGUARD = """
DROP TRIGGER keep ON people_destructionact;
DROP FUNCTION people_keep_act();
DROP TRIGGER keep ON people_consent;
DROP FUNCTION people_keep_consent();
"""
# The journal of actions holds what contacts were before each change. Only those, only of a card
# whose contacts are empty already, and only through this function of the migrator's can they go.
FORGET = """
DO $do$ BEGIN EXECUTE format($format$
CREATE FUNCTION people_forget_contacts(card_table text, card_id bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
DECLARE
    contacts constant text[] := ARRAY['phone', 'email', 'address', 'identity_digest'];
    card jsonb;
    forgotten integer;
BEGIN
    IF card_table = 'people_guardian' THEN
        SELECT to_jsonb(one) INTO card FROM people_guardian AS one WHERE one.id = card_id;
    ELSIF card_table = 'people_pupil' THEN
        SELECT to_jsonb(one) INTO card FROM people_pupil AS one WHERE one.id = card_id;
    ELSIF card_table = 'people_employee' THEN
        SELECT to_jsonb(one) INTO card FROM people_employee AS one WHERE one.id = card_id;
    END IF;
    IF card IS NULL OR coalesce(card ->> 'phone', '') <> '' OR coalesce(card ->> 'email', '') <> ''
        OR coalesce(card ->> 'address', '') <> ''
        OR coalesce(card ->> 'identity_digest', '') <> ''
    THEN
        RAISE EXCEPTION 'the contacts are still there' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE audit_auditrecord SET before = before - contacts, after = after - contacts
    WHERE table_name = card_table AND row_id = card_id
        AND (before ?| contacts OR after ?| contacts);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$body$
$format$, current_schema()); END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_roles_and_family"),
    ]

    operations = [
        migrations.CreateModel(
            name="DestructionAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="номер")),
                ("made_on", models.DateField(verbose_name="дата")),
                ("made_at", models.DateTimeField(verbose_name="составлен")),
                ("made_by", models.BigIntegerField(null=True, verbose_name="учётная запись")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("withdrawal", "отзыв согласия"),
                            ("term", "истёк срок хранения согласия"),
                        ],
                        max_length=10,
                        verbose_name="причина",
                    ),
                ),
                ("subject_name", models.CharField(max_length=200, verbose_name="чьи данные")),
                ("content", models.JSONField(verbose_name="содержание акта и выгрузка")),
                ("kept_until", models.DateField(verbose_name="хранить до")),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
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
                            ("parent", "родитель (законный представитель)"),
                            ("adult_pupil", "совершеннолетний обучающийся"),
                            ("pupil", "обучающийся 14–17 лет"),
                            ("employee", "работник"),
                        ],
                        max_length=11,
                        verbose_name="чьё",
                    ),
                ),
                (
                    "number",
                    models.CharField(max_length=20, unique=True, verbose_name="номер в журнале"),
                ),
                ("accepted_on", models.DateField(verbose_name="дата")),
                ("accepted_at", models.DateTimeField(verbose_name="принято")),
                (
                    "accepted_by",
                    models.BigIntegerField(null=True, verbose_name="учётная запись принявшего"),
                ),
                ("accepter_name", models.CharField(max_length=200, verbose_name="кто принял")),
                (
                    "identified_by",
                    models.CharField(
                        choices=[
                            ("in_person", "лично, по документу"),
                            ("esia", "через ЕСИА"),
                            ("account", "учётной записью, подтверждённой школой"),
                        ],
                        max_length=9,
                        verbose_name="как установлена личность",
                    ),
                ),
                ("edition", models.CharField(max_length=40, verbose_name="редакция текста")),
                ("digest", models.CharField(max_length=64, verbose_name="отпечаток подписанного")),
                (
                    "snapshot",
                    models.BinaryField(null=True, verbose_name="подписанное, зашифровано"),
                ),
                (
                    "request_key",
                    models.UUIDField(null=True, unique=True, verbose_name="ключ запроса"),
                ),
                ("scan_id", models.BigIntegerField(null=True, verbose_name="скан")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="отозвано")),
                (
                    "withdrawn_manner",
                    models.CharField(
                        blank=True,
                        choices=[("desk", "письменно, в школе"), ("account", "в личном кабинете")],
                        default="",
                        max_length=7,
                        verbose_name="как отозвано",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.BigIntegerField(null=True, verbose_name="учётная запись отозвавшего"),
                ),
                (
                    "withdrawal_number",
                    models.CharField(
                        blank=True, default="", max_length=20, verbose_name="номер отзыва"
                    ),
                ),
                ("destroy_due_on", models.DateField(null=True, verbose_name="уничтожить до")),
                (
                    "employee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.employee",
                        verbose_name="работник",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.guardian",
                        verbose_name="представитель",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.pupil",
                        verbose_name="обучающийся",
                    ),
                ),
                (
                    "destruction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.destructionact",
                        verbose_name="акт",
                    ),
                ),
                (
                    "erasure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.destructionact",
                        verbose_name="акт об уничтожении самого согласия",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["guardian"], name="people_consent_guardian"),
                    models.Index(fields=["-accepted_on", "-id"], name="people_consent_register"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("kind", "pupil", "guardian", "employee"),
                        name="people_one_live_consent",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("employee__isnull", True),
                                ("guardian__isnull", False),
                                ("kind__in", ["parent", "pupil"]),
                                ("pupil__isnull", False),
                            ),
                            models.Q(
                                ("employee__isnull", True),
                                ("guardian__isnull", True),
                                ("kind", "adult_pupil"),
                                ("pupil__isnull", False),
                            ),
                            models.Q(
                                ("employee__isnull", False),
                                ("guardian__isnull", True),
                                ("kind", "employee"),
                                ("pupil__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="people_consent_is_of_its_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destroy_due_on__isnull", True),
                                ("destruction__isnull", True),
                                ("erasure__isnull", True),
                                ("withdrawal_number", ""),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_manner", ""),
                            ),
                            models.Q(
                                ("destroy_due_on__isnull", False),
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_manner", ""), _negated=True),
                                models.Q(("withdrawal_number", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="people_consent_ends_wholly",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("snapshot__isnull", False), ("erasure__isnull", False), _connector="OR"
                        ),
                        name="people_consent_keeps_what_was_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="номер")),
                ("asked_on", models.DateField(verbose_name="поступил")),
                ("asked_at", models.DateTimeField(verbose_name="время")),
                ("asked_by", models.BigIntegerField(null=True, verbose_name="учётная запись")),
                (
                    "channel",
                    models.CharField(
                        choices=[("account", "в личном кабинете"), ("desk", "письменно, в школе")],
                        max_length=7,
                        verbose_name="как подан",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="ответить до")),
                (
                    "calendar_edition",
                    models.CharField(max_length=64, verbose_name="редакция календаря"),
                ),
                ("extended_on", models.DateField(null=True, verbose_name="продлён")),
                (
                    "extension_reason",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="почему продлён"
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="отвечено")),
                (
                    "answered_by",
                    models.BigIntegerField(null=True, verbose_name="учётная запись ответившего"),
                ),
                (
                    "answer_digest",
                    models.CharField(
                        blank=True, default="", max_length=64, verbose_name="отпечаток ответа"
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.employee",
                        verbose_name="работник",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.guardian",
                        verbose_name="представитель",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.pupil",
                        verbose_name="обучающийся",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("employee__isnull", True), ("guardian__isnull", False)),
                            models.Q(
                                ("employee__isnull", True),
                                ("guardian__isnull", True),
                                ("pupil__isnull", False),
                            ),
                            models.Q(
                                ("employee__isnull", False),
                                ("guardian__isnull", True),
                                ("pupil__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="people_request_is_of_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("guardian", "pupil", "employee"),
                        name="people_one_open_request",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(FORGET, "DROP FUNCTION people_forget_contacts(text, bigint);"),
        TrackTable("people_consent", exclude=("snapshot",)),
        TrackTable("people_destructionact", exclude=("content", "subject_name")),
        TrackTable("people_subjectrequest"),
    ]
