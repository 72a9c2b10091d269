import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.migration import TrackTable

STEPS_STAY = """
CREATE FUNCTION cases_step_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'a step of a complaint is never changed' USING ERRCODE = 'check_violation';
END
$body$;
CREATE TRIGGER stays BEFORE UPDATE ON cases_complaintstep
    FOR EACH ROW EXECUTE FUNCTION cases_step_stays();
CREATE TRIGGER stays BEFORE UPDATE ON cases_casehandover
    FOR EACH ROW EXECUTE FUNCTION cases_step_stays();
"""
FORGET = """
DROP TRIGGER stays ON cases_complaintstep;
DROP TRIGGER stays ON cases_casehandover;
DROP FUNCTION cases_step_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseHandover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "committee_id",
                    models.BigIntegerField(unique=True, verbose_name="снимок в комитете"),
                ),
                ("case_number", models.CharField(max_length=20, verbose_name="номер заявления")),
                ("taken_at", models.DateTimeField(verbose_name="передано")),
                ("asked_by_name", models.CharField(max_length=200, verbose_name="кому")),
                ("digest", models.CharField(max_length=64, verbose_name="отпечаток содержания")),
            ],
        ),
        migrations.CreateModel(
            name="CommitteeLetter",
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
                            ("inquiry", "запрос пояснений по жалобе"),
                            ("finding", "нарушение, найденное проверкой"),
                        ],
                        max_length=8,
                        verbose_name="что это",
                    ),
                ),
                ("committee_id", models.BigIntegerField(verbose_name="номер в комитете")),
                ("subject", models.CharField(max_length=300, verbose_name="о чём")),
                ("text", models.TextField(verbose_name="текст")),
                (
                    "sent_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="кто направил"),
                ),
                ("sent_on", models.DateField(verbose_name="направлено")),
                ("due_on", models.DateField(verbose_name="ответить до")),
                ("reply", models.TextField(blank=True, verbose_name="ответ школы")),
                ("replied_on", models.DateField(null=True, verbose_name="отвечено")),
                ("replied_by", models.BigIntegerField(null=True, verbose_name="кто ответил")),
                (
                    "replied_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="кто ответил, имя"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "committee_id"), name="cases_committee_letter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_on__isnull", True), ("reply", "")),
                            models.Q(
                                ("replied_on__isnull", False),
                                models.Q(("reply", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_committee_letter_reply",
                    ),
                ],
            },
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
                (
                    "committee_id",
                    models.BigIntegerField(
                        null=True, unique=True, verbose_name="жалоба в комитете"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="cases_complaint_queue"),
                    models.Index(fields=["account_id"], name="cases_complaint_applicant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("number__isnull", True),
                                ("state", "received"),
                            ),
                            models.Q(
                                models.Q(("state", "received"), _negated=True),
                                ("number__isnull", False),
                                ("registered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_complaint_number",
                    ),
                    models.CheckConstraint(
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
                        name="cases_complaint_decision",
                    ),
                    models.CheckConstraint(
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
                        name="cases_complaint_answer",
                    ),
                    models.CheckConstraint(
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
                        name="cases_complaint_ground",
                    ),
                    models.CheckConstraint(
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
                        name="cases_complaint_forward",
                    ),
                ],
            },
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
                        to="cases.complaint",
                        verbose_name="жалоба",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        TrackTable("cases_complaint"),
        TrackTable("cases_committeeletter"),
        TrackTable("cases_casehandover"),
        migrations.RunSQL(STEPS_STAY, FORGET),
    ]
