"""Cards of people: обучающийся, родитель (законный представитель), работник.

Fields: ACC-011 (staff), ACC-012 (pupil), ACC-013 (parent). Each personal field has a category;
`retention` names the setting of the regulation that says how long the card is kept.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Concat, Lower, Now, Replace

NAMES = {"last_name": "name", "first_name": "name", "middle_name": "name", "sort_key": "name"}
CONTACTS = {"phone": "contact", "email": "contact", "address": "contact"}
BY_NAME = ("sort_key", "last_name", "first_name", "middle_name", "pk")


class Sex(models.TextChoices):
    """The sex as cards keep it."""

    MALE = "m", "мужской"
    FEMALE = "f", "женский"


class Person(models.Model):
    """What all cards share. `account_id` lies in the public schema: an id, no foreign key."""

    last_name = models.CharField("фамилия", max_length=60)
    first_name = models.CharField("имя", max_length=60)
    middle_name = models.CharField("отчество", max_length=60, blank=True, default="")
    sex = models.CharField("пол", max_length=1, choices=Sex.choices, blank=True, default="")
    birth_date = models.DateField("дата рождения", null=True)
    account_id = models.BigIntegerField("учётная запись", null=True)
    entered_at = models.DateTimeField("карточка заведена", db_default=Now())
    # Additional fields, by the school's decision: `people.extra_fields` (ACC-014).
    phone = models.CharField("телефон", max_length=20, blank=True, default="")
    email = models.EmailField("электронная почта", blank=True, default="")
    address = models.CharField("адрес", max_length=300, blank=True, default="")
    # «ё» sorts as «е» on every server, with ICU or without (stack.md §3).
    sort_key = models.GeneratedField(
        expression=Replace(
            Lower(
                Concat(
                    models.F("last_name"),
                    models.Value(" "),
                    models.F("first_name"),
                    models.Value(" "),
                    models.F("middle_name"),
                )
            ),
            models.Value("ё"),
            models.Value("е"),
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name="порядок",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class Pupil(Person):
    """Обучающийся."""

    personal_data: ClassVar[dict[str, str]] = {
        **NAMES,
        **CONTACTS,
        "sex": "birth",
        "birth_date": "birth",
    }
    retention: ClassVar[str] = "retention.summary_years"

    class Meta:
        indexes = [
            models.Index(fields=["sort_key"], name="people_pupil_order"),
            models.Index(fields=["account_id"], name="people_pupil_account"),
        ]


class Guardian(Person):
    """Родитель (законный представитель). СНИЛС is never kept, only its keyed digest."""

    identity_digest = models.CharField(
        "отпечаток СНИЛС и даты рождения", max_length=64, blank=True, default=""
    )

    personal_data: ClassVar[dict[str, str]] = {
        **NAMES,
        **CONTACTS,
        "sex": "birth",
        "birth_date": "birth",
        "identity_digest": "identity",
    }
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        indexes = [
            models.Index(fields=["sort_key"], name="people_guardian_order"),
            models.Index(fields=["account_id"], name="people_guardian_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_digest"],
                condition=~models.Q(identity_digest=""),
                name="people_guardian_one_per_identity",
            )
        ]


class Employee(Person):
    """Работник: основная должность, разряд, категория, функции, специальность по диплому."""

    post = models.CharField("должность", max_length=120)
    grade_rank = models.CharField("разряд", max_length=30, blank=True, default="")
    category = models.CharField("категория", max_length=60, blank=True, default="")
    functions = models.CharField("функции", max_length=300, blank=True, default="")
    speciality = models.CharField(
        "специальность по диплому", max_length=200, blank=True, default=""
    )
    hired_on = models.DateField("приказ о приёме", null=True)
    first_day_on = models.DateField("первый рабочий день", null=True)
    left_on = models.DateField("последний рабочий день", null=True)
    leaving_order = models.CharField("приказ об увольнении", max_length=120, blank=True, default="")
    access_ended_at = models.DateTimeField("доступ закрыт", null=True)

    personal_data: ClassVar[dict[str, str]] = {
        **NAMES,
        **CONTACTS,
        "sex": "birth",
        "birth_date": "birth",
        "post": "work",
        "grade_rank": "work",
        "category": "work",
        "functions": "work",
        "speciality": "work",
        "hired_on": "work",
        "first_day_on": "work",
        "left_on": "work",
        "leaving_order": "work",
    }
    retention: ClassVar[str] = "retention.summary_years"

    class Meta:
        indexes = [
            models.Index(fields=["sort_key"], name="people_employee_order"),
            models.Index(fields=["account_id"], name="people_employee_account"),
        ]
