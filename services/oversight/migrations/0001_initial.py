import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.migration import TrackTable

FROZEN = """
CREATE FUNCTION oversight_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'what was written here is never changed' USING ERRCODE = 'check_violation';
END
$body$;
CREATE TRIGGER frozen BEFORE UPDATE ON oversight_casesnapshot
    FOR EACH ROW WHEN (OLD.taken_at IS NOT NULL) EXECUTE FUNCTION oversight_stays();
CREATE TRIGGER stays BEFORE UPDATE ON oversight_snapshotlook
    FOR EACH ROW EXECUTE FUNCTION oversight_stays();
CREATE TRIGGER stays BEFORE UPDATE ON oversight_complaintstep
    FOR EACH ROW EXECUTE FUNCTION oversight_stays();
"""
THAWED = """
DROP TRIGGER frozen ON oversight_casesnapshot;
DROP TRIGGER stays ON oversight_snapshotlook;
DROP TRIGGER stays ON oversight_complaintstep;
DROP FUNCTION oversight_stays();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(max_length=20, unique=True, verbose_name="номер в реестре"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "плановая"),
                            ("unplanned", "внеплановая"),
                            ("complaint", "по жалобе"),
                        ],
                        max_length=10,
                        verbose_name="вид",
                    ),
                ),
                ("subject", models.CharField(max_length=300, verbose_name="предмет проверки")),
                ("starts_on", models.DateField(verbose_name="начало")),
                ("ends_on", models.DateField(verbose_name="окончание")),
                ("inspectors", models.CharField(max_length=300, verbose_name="кто проверяет")),
                ("created_by", models.BigIntegerField(null=True, verbose_name="кто завёл")),
                ("closed_on", models.DateField(null=True, verbose_name="завершена")),
                ("conclusion", models.TextField(blank=True, verbose_name="вывод")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.school",
                        verbose_name="школа",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("employee", "Работник школы"),
                            ("organisation", "Школа в целом"),
                            ("director", "Директор школы или его решение"),
                            ("officer", "Специалист комитета"),
                        ],
                        max_length=12,
                        verbose_name="на кого",
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="орган, должностное лицо, работник"
                    ),
                ),
                (
                    "against_id",
                    models.BigIntegerField(null=True, verbose_name="на кого: номер карточки"),
                ),
                (
                    "grounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        size=None,
                        verbose_name="основания",
                    ),
                ),
                ("last_name", models.CharField(max_length=100, verbose_name="фамилия")),
                ("first_name", models.CharField(max_length=100, verbose_name="имя")),
                (
                    "middle_name",
                    models.CharField(blank=True, max_length=100, verbose_name="отчество"),
                ),
                ("residence", models.CharField(max_length=300, verbose_name="место жительства")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="телефон")),
                (
                    "email",
                    models.CharField(blank=True, max_length=200, verbose_name="электронная почта"),
                ),
                (
                    "postal_address",
                    models.CharField(max_length=300, verbose_name="почтовый адрес для ответа"),
                ),
                ("contested", models.TextField(verbose_name="обжалуемое решение или действие")),
                ("arguments", models.TextField(verbose_name="доводы")),
                (
                    "case_number",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="номер заявления на услугу"
                    ),
                ),
                (
                    "file_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="приложения",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "портал"),
                            ("anonymous", "портал, без входа"),
                            ("paper", "на бумаге"),
                            ("forwarded", "переслана"),
                        ],
                        max_length=10,
                        verbose_name="как поступила",
                    ),
                ),
                (
                    "account_id",
                    models.BigIntegerField(null=True, verbose_name="учётная запись заявителя"),
                ),
                ("request_key", models.UUIDField(unique=True, verbose_name="ключ запроса")),
                (
                    "reference",
                    models.CharField(
                        max_length=12, db_index=True, verbose_name="входящий номер для заявителя"
                    ),
                ),
                (
                    "code_digest",
                    models.CharField(max_length=64, verbose_name="отпечаток секретного кода"),
                ),
                ("received_at", models.DateTimeField(verbose_name="поступила")),
                ("received_on", models.DateField(verbose_name="поступила, день")),
                ("register_due_on", models.DateField(verbose_name="зарегистрировать до")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "поступила"),
                            ("registered", "на рассмотрении"),
                            ("forwarded", "переадресована"),
                            ("decided", "решение принято"),
                            ("answered", "ответ направлен"),
                            ("unanswered", "оставлена без ответа"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=20, null=True, unique=True, verbose_name="номер в реестре"
                    ),
                ),
                ("registered_on", models.DateField(null=True, verbose_name="зарегистрирована")),
                (
                    "review_workdays",
                    models.PositiveSmallIntegerField(null=True, verbose_name="срок, рабочих дней"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="рассмотреть до")),
                ("forward_due_on", models.DateField(null=True, verbose_name="переслать до")),
                (
                    "edition",
                    models.CharField(blank=True, max_length=80, verbose_name="редакция календаря"),
                ),
                (
                    "is_provisional",
                    models.BooleanField(default=False, verbose_name="срок предварительный"),
                ),
                ("forwarded_on", models.DateField(null=True, verbose_name="переслана")),
                (
                    "forwarded_to",
                    models.CharField(blank=True, max_length=300, verbose_name="куда переслана"),
                ),
                ("forward_reason", models.TextField(blank=True, verbose_name="почему переслана")),
                (
                    "unanswered_ground",
                    models.CharField(blank=True, max_length=20, verbose_name="почему без ответа"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "удовлетворена"),
                            ("refused", "отказано в удовлетворении"),
                        ],
                        max_length=10,
                        verbose_name="решение",
                    ),
                ),
                ("reasons", models.TextField(blank=True, verbose_name="основания решения")),
                ("measures", models.TextField(blank=True, verbose_name="что сделано")),
                ("apology", models.TextField(blank=True, verbose_name="извинения")),
                ("next_steps", models.TextField(blank=True, verbose_name="что делать заявителю")),
                ("appeal_order", models.TextField(blank=True, verbose_name="порядок обжалования")),
                ("cure_until", models.DateField(null=True, verbose_name="устранить до")),
                ("decided_on", models.DateField(null=True, verbose_name="решение принято")),
                ("decided_by", models.BigIntegerField(null=True, verbose_name="кто решил")),
                (
                    "decided_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="кто решил, имя"),
                ),
                ("answer_due_on", models.DateField(null=True, verbose_name="ответить до")),
                ("answered_on", models.DateField(null=True, verbose_name="ответ направлен")),
                (
                    "answer_manner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("post", "почтой"),
                            ("email", "по электронной почте"),
                            ("portal", "в портале"),
                            ("in-person", "вручён лично"),
                        ],
                        max_length=10,
                        verbose_name="как направлен ответ",
                    ),
                ),
                (
                    "offence_note",
                    models.TextField(blank=True, verbose_name="признаки правонарушения"),
                ),
                (
                    "offence_sent_on",
                    models.DateField(null=True, verbose_name="направлено в прокуратуру"),
                ),
                ("assigned_to", models.BigIntegerField(null=True, verbose_name="исполнитель")),
                (
                    "assigned_name",
                    models.CharField(blank=True, max_length=200, verbose_name="исполнитель, имя"),
                ),
                (
                    "came_from_school",
                    models.BooleanField(default=False, verbose_name="переслана школой"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.school",
                        verbose_name="школа",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=20, verbose_name="номер заявления")),
                ("asked_at", models.DateTimeField(verbose_name="запрошено")),
                ("asked_by", models.BigIntegerField(null=True, verbose_name="кто запросил")),
                (
                    "asked_by_name",
                    models.CharField(max_length=200, verbose_name="кто запросил, имя"),
                ),
                ("taken_at", models.DateTimeField(null=True, verbose_name="снято")),
                ("is_missing", models.BooleanField(default=False, verbose_name="такого дела нет")),
                ("content", models.JSONField(null=True, verbose_name="содержание")),
                (
                    "digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="отпечаток содержания"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="oversight.complaint",
                        verbose_name="жалоба",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=20, verbose_name="действие")),
                ("at", models.DateTimeField(verbose_name="когда")),
                ("account_id", models.BigIntegerField(null=True, verbose_name="кто")),
                ("by_name", models.CharField(blank=True, max_length=200, verbose_name="кто, имя")),
                ("state_before", models.CharField(blank=True, max_length=12, verbose_name="было")),
                ("state_after", models.CharField(max_length=12, verbose_name="стало")),
                ("note", models.TextField(blank=True, verbose_name="пояснение")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="oversight.complaint",
                        verbose_name="жалоба",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="нарушение")),
                (
                    "clause",
                    models.CharField(blank=True, max_length=200, verbose_name="что нарушено"),
                ),
                ("cure_until", models.DateField(verbose_name="устранить до")),
                ("sent_on", models.DateField(null=True, verbose_name="направлено школе")),
                ("reply", models.TextField(blank=True, verbose_name="ответ школы")),
                ("replied_on", models.DateField(null=True, verbose_name="отвечено")),
                (
                    "replied_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="кто ответил"),
                ),
                ("cured_on", models.DateField(null=True, verbose_name="устранено")),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="oversight.check",
                        verbose_name="проверка",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="о чём спрашиваем")),
                ("asked_on", models.DateField(verbose_name="направлено")),
                ("asked_by", models.BigIntegerField(null=True, verbose_name="кто направил")),
                (
                    "asked_by_name",
                    models.CharField(max_length=200, verbose_name="кто направил, имя"),
                ),
                ("due_on", models.DateField(verbose_name="ответить до")),
                ("reply", models.TextField(blank=True, verbose_name="пояснения школы")),
                ("replied_on", models.DateField(null=True, verbose_name="получено")),
                (
                    "replied_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="кто ответил"),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inquiries",
                        to="oversight.complaint",
                        verbose_name="жалоба",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SnapshotLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="когда")),
                ("account_id", models.BigIntegerField(null=True, verbose_name="кто")),
                ("by_name", models.CharField(max_length=200, verbose_name="кто, имя")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looks",
                        to="oversight.casesnapshot",
                        verbose_name="снимок",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(fields=["school", "starts_on"], name="oversight_check_school"),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="oversight_check_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("conclusion", "")),
                    models.Q(
                        ("closed_on__isnull", False), models.Q(("conclusion", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="oversight_check_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["state", "due_on"], name="oversight_complaint_queue"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["account_id"], name="oversight_complaint_applicant"),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", True), ("state", "received")),
                    models.Q(
                        models.Q(("state", "received"), _negated=True),
                        ("number__isnull", False),
                        ("registered_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="oversight_complaint_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                "decided",
                                "answered",
                            ],
                        ),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("reasons", ""), _negated=True),
                        ("decided_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state__in",
                                [
                                    "decided",
                                    "answered",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="oversight_complaint_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "answered"),
                        ("answered_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "answered"), _negated=True),
                        ("answered_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="oversight_complaint_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "unanswered"),
                        models.Q(("unanswered_ground", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "unanswered"), _negated=True),
                        ("unanswered_ground", ""),
                    ),
                    _connector="OR",
                ),
                name="oversight_complaint_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "forwarded"),
                        ("forwarded_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "forwarded"), _negated=True),
                        ("forwarded_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="oversight_complaint_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="casesnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", True), ("digest", ""), ("taken_at__isnull", True)),
                    models.Q(
                        ("content__isnull", True), ("is_missing", True), ("taken_at__isnull", False)
                    ),
                    models.Q(
                        ("content__isnull", False),
                        ("is_missing", False),
                        ("taken_at__isnull", False),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="oversight_snapshot_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replied_on__isnull", True), ("sent_on__isnull", False), _connector="OR"
                ),
                name="oversight_finding_reply",
            ),
        ),
        migrations.AddConstraint(
            model_name="inquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_on__isnull", True), ("reply", "")),
                    models.Q(("replied_on__isnull", False), models.Q(("reply", ""), _negated=True)),
                    _connector="OR",
                ),
                name="oversight_inquiry_reply",
            ),
        ),
        TrackTable("oversight_complaint"),
        TrackTable("oversight_casesnapshot", exclude=("content",)),
        TrackTable("oversight_snapshotlook"),
        TrackTable("oversight_inquiry"),
        TrackTable("oversight_check"),
        TrackTable("oversight_finding"),
        migrations.RunSQL(FROZEN, THAWED),
    ]
