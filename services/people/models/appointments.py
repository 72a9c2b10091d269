"""Who answers for what by order (реестр назначений), and every role given or taken.

Source: ROL-029, ROL-030, ROL-031, PDP-009 (duties by order), ROL-005 (roles).
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from kernel.roles import STAFF_ROLES
from services.people.models.persons import Employee


class Appointment(models.Model):
    """A duty of an employee by an order, from a day until another, not included."""

    class Duty(models.TextChoices):
        ORGANISING = "organising", "организация ведения электронного журнала"
        TECHNICAL = "technical", "администрирование на уровне школы"
        CARDS = "cards", "ведение личных карт"
        WORKING_GROUP = "working_group", "член рабочей группы по контролю журналов"
        COORDINATOR = "coordinator", "координатор электронного журнала и дневника"
        PROCESS = "process", "заполнение модуля «Учебный процесс» и контроль сроков"
        METHODICAL = "methodical", "методическая поддержка"
        CLASS_FAMILIES = "class_families", "деление класса на группы и регистрация родителей"
        MARKS_CONTROL = "marks_control", "своевременность и достоверность записей в журнале"
        DATA_DOCUMENTS = "data_documents", "документы по защите персональных данных"
        DATA_PROCESSING = "data_processing", "координация обработки персональных данных"
        ARCHIVE = "archive", "электронный архив и резервное копирование"
        ORDER_CONTROL = "order_control", "контроль исполнения приказа"
        OTHER = "other", "иное поручение"

    duty = models.CharField("обязанность", max_length=20, choices=Duty.choices)
    note = models.CharField("уточнение", max_length=200, blank=True, default="")
    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name="работник"
    )
    order_number = models.CharField("номер приказа", max_length=30)
    order_on = models.DateField("дата приказа")
    since_on = models.DateField("с")
    until = models.DateField("по день, не включая", null=True)
    added_by = models.BigIntegerField("кто внёс", null=True)

    personal_data: ClassVar[dict[str, str]] = {"duty": "work", "note": "work"}
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "employee", "since_on", "note"], name="people_appointment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since_on")),
                name="people_appointment_days",
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"


class RoleChange(models.Model):
    """A role given to an employee or taken; `done_at` is when the account got or lost it."""

    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name="работник"
    )
    role = models.CharField(
        "роль", max_length=20, choices=[(role.value, role.label) for role in sorted(STAFF_ROLES)]
    )
    is_given = models.BooleanField("выдана")
    made_at = models.DateTimeField("когда", db_default=Now())
    made_by = models.BigIntegerField("кто", null=True)
    done_at = models.DateTimeField("исполнено", null=True)
    refusal = models.CharField("почему не исполнено", max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["employee"], name="people_role_change_employee")]

    def __str__(self) -> str:
        return f"role change {self.pk}"
