"""Заявление: who applies for whom, what was decided, and how far the term runs.

Source: SRV-003 (applicants), SRV-009 (the term), SRV-010 (documents), SRV-032 (delivery).
The typed names stay as they were typed; `pupil` and `guardian` are the cards the clerk recognised.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.cases.rules import ApplicantKind, Delivery, State


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Filters of applications."""

    def registered(self) -> "ApplicationQuerySet":
        """Keep what is in the register: everything but drafts."""
        return self.exclude(number="")

    def in_states(self, *states: State) -> "ApplicationQuerySet":
        """Keep the applications that stand in one of the states."""
        return self.filter(state__in=states)

    def of_pair(self, pupil_id: int, guardian_id: int | None) -> "ApplicationQuerySet":
        """Keep the applications of a pupil and a guardian; None: of the pupil himself."""
        rows = self.filter(pupil_id=pupil_id)
        if guardian_id is None:
            return rows.filter(guardian_id__isnull=True)
        return rows.filter(guardian_id=guardian_id)


class Application(models.Model):
    """An application for the service, from its draft to the end of the service."""

    class States(models.TextChoices):
        DRAFT = State.DRAFT, "черновик"
        SUBMITTED = State.SUBMITTED, "подано"
        REGISTERED = State.REGISTERED, "зарегистрировано"
        ACCEPTED = State.ACCEPTED, "согласие принято"
        SUSPENDED = State.SUSPENDED, "приостановлено"
        ACCESS_GRANTED = State.ACCESS_GRANTED, "доступ предоставлен"
        ACTIVE = State.ACTIVE, "услуга оказывается"
        TERMINATED = State.TERMINATED, "прекращено"
        NOT_ACCEPTED = State.NOT_ACCEPTED, "отказано в приёме"
        REFUSED = State.REFUSED, "отказано в предоставлении"
        WITHDRAWN = State.WITHDRAWN, "отозвано заявителем"
        RESUBMITTED = State.RESUBMITTED, "подано повторно"

    class Kinds(models.TextChoices):
        PARENT = ApplicantKind.PARENT, "родитель (законный представитель)"
        ADULT_PUPIL = ApplicantKind.ADULT_PUPIL, "совершеннолетний обучающийся"
        PUPIL_WITH_CONSENT = (
            ApplicantKind.PUPIL_WITH_CONSENT,
            "обучающийся с согласия родителей",
        )

    class Channel(models.TextChoices):
        PORTAL = "portal", "портал, после входа"
        ANONYMOUS = "anonymous", "портал, без входа"
        IN_PERSON = "in_person", "лично в школе"
        TRANSFER = "transfer", "перевод из другой школы"

    class Deliveries(models.TextChoices):
        PORTAL = Delivery.PORTAL, "в дневнике на портале"
        EMAIL = Delivery.EMAIL, "письмом на электронную почту"
        SMS = Delivery.SMS, "сообщениями на телефон"
        PAPER = Delivery.PAPER, "на бумаге в школе"

    state = models.CharField("состояние", max_length=16, choices=States.choices)
    channel = models.CharField("способ подачи", max_length=10, choices=Channel.choices)
    kind = models.CharField(
        "заявитель", max_length=20, choices=Kinds.choices, blank=True, default=""
    )
    request_key = models.UUIDField("ключ запроса", unique=True)
    account_id = models.BigIntegerField("учётная запись заявителя", null=True)
    is_account_holder = models.BooleanField("подано владельцем учётной записи", default=False)
    secret_digest = models.CharField("отпечаток кода проверки", max_length=64, blank=True)
    network_digest = models.CharField("отпечаток сети, на сутки", max_length=64, blank=True)
    typed = models.JSONField("черновик: как набрано", default=dict)

    applicant_last_name = models.CharField("фамилия заявителя", max_length=60, blank=True)
    applicant_first_name = models.CharField("имя заявителя", max_length=60, blank=True)
    applicant_middle_name = models.CharField("отчество заявителя", max_length=60, blank=True)
    relation = models.CharField("кем приходится", max_length=8, blank=True)
    phone = models.CharField("телефон", max_length=20, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    child_last_name = models.CharField("фамилия обучающегося", max_length=60, blank=True)
    child_first_name = models.CharField("имя обучающегося", max_length=60, blank=True)
    child_middle_name = models.CharField("отчество обучающегося", max_length=60, blank=True)
    child_birth_date = models.DateField("дата рождения обучающегося", null=True)
    child_class = models.CharField("класс, как набран", max_length=10, blank=True)
    delivery = models.CharField(
        "как получать сведения",
        max_length=6,
        choices=Deliveries.choices,
        default=Delivery.PORTAL.value,
    )

    created_at = models.DateTimeField("начато")
    submitted_at = models.DateTimeField("подано", null=True)
    number = models.CharField("регистрационный номер", max_length=20, blank=True)
    registered_on = models.DateField("зарегистрировано", null=True)
    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, null=True, related_name="+", verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.PROTECT, null=True, related_name="+", verbose_name="представитель"
    )
    consent_id = models.BigIntegerField("согласие", null=True)
    accepted_on = models.DateField("согласие принято", null=True)
    term_days = models.PositiveSmallIntegerField("срок, рабочих дней", null=True)
    extra_days = models.PositiveSmallIntegerField("дней приостановки", default=0)
    suspended_on = models.DateField("приостановлено", null=True)
    week = models.PositiveSmallIntegerField("неделя для срока", null=True)
    edition = models.CharField("редакция календаря", max_length=120, blank=True)
    due_on = models.DateField("доступ не позднее", null=True)
    is_provisional = models.BooleanField("срок предварительный", default=False)
    granted_on = models.DateField("доступ предоставлен", null=True)
    grant_id = models.BigIntegerField("запись о доступе", null=True)
    ended_on = models.DateField("завершено", null=True)
    ground = models.CharField("основание", max_length=30, blank=True)
    leaves_as = models.CharField("основание выбытия по приказу", max_length=30, blank=True)
    leaves_for_id = models.BigIntegerField("школа, в которую выбывает", null=True)
    resubmits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="вместо заявления"
    )
    moved_to_school_id = models.BigIntegerField("продолжается в школе", null=True)
    came_from_school_id = models.BigIntegerField("пришло из школы", null=True)
    came_from_case_id = models.BigIntegerField("заявление прежней школы", null=True)

    objects = ApplicationQuerySet.as_manager()

    personal_data: ClassVar[dict[str, str]] = {
        "applicant_last_name": "name",
        "applicant_first_name": "name",
        "applicant_middle_name": "name",
        "relation": "family",
        "phone": "contact",
        "email": "contact",
        "child_last_name": "name",
        "child_first_name": "name",
        "child_middle_name": "name",
        "child_birth_date": "birth",
        "typed": "name",
        "network_digest": "identity",
    }
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="cases_number_once"
            ),
            # The same child and applicant have one case that is under way.
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=Q(
                    state__in=[
                        State.ACCEPTED.value,
                        State.SUSPENDED.value,
                        State.ACCESS_GRANTED.value,
                        State.ACTIVE.value,
                    ]
                ),
                nulls_distinct=False,
                name="cases_one_service_for_a_pair",
            ),
            models.UniqueConstraint(
                fields=["came_from_school_id", "came_from_case_id"],
                condition=Q(came_from_case_id__isnull=False),
                name="cases_one_continuation",
            ),
            models.UniqueConstraint(
                fields=["resubmits"],
                condition=Q(resubmits__isnull=False),
                name="cases_resubmitted_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT.value, State.SUBMITTED.value], number="")
                | (~Q(state__in=[State.DRAFT.value, State.SUBMITTED.value]) & ~Q(number="")),
                name="cases_registered_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[State.ACCEPTED.value, State.ACCESS_GRANTED.value, State.ACTIVE.value]
                )
                | Q(due_on__isnull=False, pupil__isnull=False, consent_id__isnull=False),
                name="cases_accepted_has_a_term",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="cases_queue"),
            models.Index(fields=["account_id"], name="cases_applicant"),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"


class Attachment(models.Model):
    """A paper of an application: a stored file, or a paper somebody at the desk has seen."""

    class Kind(models.TextChoices):
        APPLICATION = "application", "заявление"
        CONSENT = "consent", "согласие на обработку персональных данных"
        PARENTAL_CONSENT = "parental_consent", "письменное согласие родителей"

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="attachments", verbose_name="заявление"
    )
    kind = models.CharField("вид", max_length=20, choices=Kind.choices)
    file_id = models.BigIntegerField("файл; пусто: бумага в школе", null=True)
    name = models.CharField("имя файла", max_length=200, blank=True)
    added_at = models.DateTimeField("добавлено")
    account_id = models.BigIntegerField("кто добавил", null=True)

    class Meta:
        indexes = [models.Index(fields=["application"], name="cases_attachment_of")]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
