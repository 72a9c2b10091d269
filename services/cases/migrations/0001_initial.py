import django.db.models.deletion
from django.db import migrations, models

from foundation.audit.migration import TrackTable

APPEND_ONLY = """
CREATE FUNCTION cases_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the log of a case is only added to' USING ERRCODE = 'check_violation';
END
$body$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION cases_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "черновик"),
                            ("submitted", "подано"),
                            ("registered", "зарегистрировано"),
                            ("accepted", "согласие принято"),
                            ("suspended", "приостановлено"),
                            ("access_granted", "доступ предоставлен"),
                            ("active", "услуга оказывается"),
                            ("terminated", "прекращено"),
                            ("not_accepted", "отказано в приёме"),
                            ("refused", "отказано в предоставлении"),
                            ("withdrawn", "отозвано заявителем"),
                            ("resubmitted", "подано повторно"),
                        ],
                        max_length=16,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "портал, после входа"),
                            ("anonymous", "портал, без входа"),
                            ("in_person", "лично в школе"),
                            ("transfer", "перевод из другой школы"),
                        ],
                        max_length=10,
                        verbose_name="способ подачи",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("parent", "родитель (законный представитель)"),
                            ("adult_pupil", "совершеннолетний обучающийся"),
                            ("pupil_with_consent", "обучающийся с согласия родителей"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="заявитель",
                    ),
                ),
                ("request_key", models.UUIDField(unique=True, verbose_name="ключ запроса")),
                (
                    "is_account_holder",
                    models.BooleanField(
                        default=False, verbose_name="подано владельцем учётной записи"
                    ),
                ),
                (
                    "account_id",
                    models.BigIntegerField(null=True, verbose_name="учётная запись заявителя"),
                ),
                (
                    "secret_digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="отпечаток кода проверки"
                    ),
                ),
                (
                    "network_digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="отпечаток сети, на сутки"
                    ),
                ),
                ("typed", models.JSONField(default=dict, verbose_name="черновик: как набрано")),
                (
                    "applicant_last_name",
                    models.CharField(blank=True, max_length=60, verbose_name="фамилия заявителя"),
                ),
                (
                    "applicant_first_name",
                    models.CharField(blank=True, max_length=60, verbose_name="имя заявителя"),
                ),
                (
                    "applicant_middle_name",
                    models.CharField(blank=True, max_length=60, verbose_name="отчество заявителя"),
                ),
                (
                    "relation",
                    models.CharField(blank=True, max_length=8, verbose_name="кем приходится"),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="телефон")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="электронная почта"),
                ),
                (
                    "child_last_name",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="фамилия обучающегося"
                    ),
                ),
                (
                    "child_first_name",
                    models.CharField(blank=True, max_length=60, verbose_name="имя обучающегося"),
                ),
                (
                    "child_middle_name",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="отчество обучающегося"
                    ),
                ),
                (
                    "child_birth_date",
                    models.DateField(null=True, verbose_name="дата рождения обучающегося"),
                ),
                (
                    "child_class",
                    models.CharField(blank=True, max_length=10, verbose_name="класс, как набран"),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("portal", "в дневнике на портале"),
                            ("email", "письмом на электронную почту"),
                            ("sms", "сообщениями на телефон"),
                            ("paper", "на бумаге в школе"),
                        ],
                        default="portal",
                        max_length=6,
                        verbose_name="как получать сведения",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="начато")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="подано")),
                (
                    "number",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="регистрационный номер"
                    ),
                ),
                ("registered_on", models.DateField(null=True, verbose_name="зарегистрировано")),
                ("consent_id", models.BigIntegerField(null=True, verbose_name="согласие")),
                ("accepted_on", models.DateField(null=True, verbose_name="согласие принято")),
                (
                    "term_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="срок, рабочих дней"),
                ),
                (
                    "extra_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="дней приостановки"),
                ),
                ("suspended_on", models.DateField(null=True, verbose_name="приостановлено")),
                (
                    "week",
                    models.PositiveSmallIntegerField(null=True, verbose_name="неделя для срока"),
                ),
                (
                    "edition",
                    models.CharField(blank=True, max_length=120, verbose_name="редакция календаря"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="доступ не позднее")),
                (
                    "is_provisional",
                    models.BooleanField(default=False, verbose_name="срок предварительный"),
                ),
                ("granted_on", models.DateField(null=True, verbose_name="доступ предоставлен")),
                ("grant_id", models.BigIntegerField(null=True, verbose_name="запись о доступе")),
                ("ended_on", models.DateField(null=True, verbose_name="завершено")),
                ("ground", models.CharField(blank=True, max_length=30, verbose_name="основание")),
                (
                    "moved_to_school_id",
                    models.BigIntegerField(null=True, verbose_name="продолжается в школе"),
                ),
                (
                    "came_from_school_id",
                    models.BigIntegerField(null=True, verbose_name="пришло из школы"),
                ),
                (
                    "came_from_case_id",
                    models.BigIntegerField(null=True, verbose_name="заявление прежней школы"),
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
                    "resubmits",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.application",
                        verbose_name="вместо заявления",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
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
                            ("application", "заявление"),
                            ("consent", "согласие на обработку персональных данных"),
                            ("parental_consent", "письменное согласие родителей"),
                        ],
                        max_length=20,
                        verbose_name="вид",
                    ),
                ),
                (
                    "file_id",
                    models.BigIntegerField(null=True, verbose_name="файл; пусто: бумага в школе"),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="имя файла")),
                ("added_at", models.DateTimeField(verbose_name="добавлено")),
                ("account_id", models.BigIntegerField(null=True, verbose_name="кто добавил")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="cases.application",
                        verbose_name="заявление",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="когда")),
                ("action", models.CharField(max_length=20, verbose_name="действие")),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "черновик"),
                            ("submitted", "подано"),
                            ("registered", "зарегистрировано"),
                            ("accepted", "согласие принято"),
                            ("suspended", "приостановлено"),
                            ("access_granted", "доступ предоставлен"),
                            ("active", "услуга оказывается"),
                            ("terminated", "прекращено"),
                            ("not_accepted", "отказано в приёме"),
                            ("refused", "отказано в предоставлении"),
                            ("withdrawn", "отозвано заявителем"),
                            ("resubmitted", "подано повторно"),
                        ],
                        max_length=16,
                        verbose_name="было",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "черновик"),
                            ("submitted", "подано"),
                            ("registered", "зарегистрировано"),
                            ("accepted", "согласие принято"),
                            ("suspended", "приостановлено"),
                            ("access_granted", "доступ предоставлен"),
                            ("active", "услуга оказывается"),
                            ("terminated", "прекращено"),
                            ("not_accepted", "отказано в приёме"),
                            ("refused", "отказано в предоставлении"),
                            ("withdrawn", "отозвано заявителем"),
                            ("resubmitted", "подано повторно"),
                        ],
                        max_length=16,
                        verbose_name="стало",
                    ),
                ),
                ("party", models.CharField(max_length=16, verbose_name="кто")),
                ("account_id", models.BigIntegerField(null=True, verbose_name="учётная запись")),
                ("ground", models.CharField(blank=True, max_length=30, verbose_name="основание")),
                (
                    "ground_clause",
                    models.CharField(blank=True, max_length=200, verbose_name="пункт регламента"),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="примечание")),
                ("paper", models.CharField(blank=True, max_length=12, verbose_name="документ")),
                (
                    "paper_number",
                    models.CharField(blank=True, max_length=20, verbose_name="номер документа"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="срок после шага")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="cases.application",
                        verbose_name="заявление",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["state", "due_on"], name="cases_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["account_id"], name="cases_applicant"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number",),
                name="cases_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "accepted",
                            "suspended",
                            "access_granted",
                            "active",
                        ],
                    )
                ),
                fields=("pupil", "guardian"),
                name="cases_one_service_for_a_pair",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("came_from_case_id__isnull", False)),
                fields=("came_from_school_id", "came_from_case_id"),
                name="cases_one_continuation",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resubmits__isnull", False)),
                fields=("resubmits",),
                name="cases_resubmitted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("number", ""),
                        (
                            "state__in",
                            [
                                "draft",
                                "submitted",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                ],
                            ),
                            _negated=True,
                        ),
                        models.Q(("number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_registered_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                "accepted",
                                "access_granted",
                                "active",
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        ("consent_id__isnull", False),
                        ("due_on__isnull", False),
                        ("pupil__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="cases_accepted_has_a_term",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["application"], name="cases_attachment_of"),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["application", "at"], name="cases_log"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paper_number", ""), _negated=True),
                fields=("paper_number",),
                name="cases_paper_number_once",
            ),
        ),
        TrackTable("cases_application", exclude=("typed", "network_digest")),
        TrackTable("cases_attachment"),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER append_only ON cases_caseevent; DROP FUNCTION cases_append_only();",
        ),
    ]
