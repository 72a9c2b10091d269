"""Who teaches what to whom (нагрузка), and when in the week (расписание)."""

from django.db import models
from django.db.models import F, Q

from services.schedule.models.curriculum import Subject


class TeachingLoad(models.Model):
    """An employee teaches a subject to a group. A group with a load of a subject has a journal.

    `level` and `shift` are the group's as the load was assigned: they choose terms and bells.
    """

    employee = models.ForeignKey(
        "people.Employee", models.PROTECT, related_name="+", verbose_name="учитель"
    )
    group = models.ForeignKey(
        "people.TeachingGroup", models.PROTECT, related_name="+", verbose_name="группа"
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="предмет")
    start_year = models.PositiveSmallIntegerField("учебный год")
    level = models.PositiveSmallIntegerField("параллель")
    shift = models.PositiveSmallIntegerField("смена", default=1)
    hours = models.DecimalField("часов в неделю", max_digits=4, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "group", "subject"], name="schedule_load_once"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=11, shift__in=[1, 2], hours__gt=0),
                name="schedule_load_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id}: {self.group_id}, {self.subject_id}"


class TimetableSlot(models.Model):
    """A place of a load in the week; `weekday` 1 is Monday. It holds up to `valid_until`."""

    load = models.ForeignKey(
        TeachingLoad, models.CASCADE, related_name="+", verbose_name="нагрузка"
    )
    weekday = models.PositiveSmallIntegerField("день недели")
    number = models.PositiveSmallIntegerField("урок")
    room = models.CharField("кабинет", max_length=20, blank=True, default="")
    valid_from = models.DateField("действует с")
    valid_until = models.DateField("до", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["load", "weekday", "number", "valid_from"], name="schedule_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=6, number__gte=1),
                name="schedule_slot_values",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
                name="schedule_slot_is_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}/{self.number}: {self.load_id}"
