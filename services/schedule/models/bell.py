"""Bells (звонки): when a lesson of a number begins and ends, by shift, level and season."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from services.schedule.models.calendar import LEVELS, levels


class Bell(models.Model):
    """The time of one lesson number. First-graders have other bells in autumn than in spring."""

    shift = models.PositiveSmallIntegerField("смена")
    number = models.PositiveSmallIntegerField("урок")
    level_from = models.PositiveSmallIntegerField("с класса", default=1)
    level_to = models.PositiveSmallIntegerField("по класс", default=11)
    starts_at = models.TimeField("начало")
    ends_at = models.TimeField("конец")
    valid_from = models.DateField("действует с")
    valid_until = models.DateField("до", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="schedule_bell_is_forward"
            ),
            models.CheckConstraint(condition=LEVELS, name="schedule_bell_levels"),
            # СП 2.4.3648-20: two shifts at most, no zero lesson.
            models.CheckConstraint(
                condition=Q(shift__in=[1, 2], number__gte=1), name="schedule_bell_shift"
            ),
            ExclusionConstraint(
                name="schedule_bell_apart",
                expressions=[
                    ("shift", RangeOperators.EQUAL),
                    ("number", RangeOperators.EQUAL),
                    (levels(), RangeOperators.OVERLAPS),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} урок: {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
