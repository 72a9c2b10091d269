"""The school year (учебный год), its periods by level, holidays and swapped days.

Source: JRN-024 (kinds of periods), JRN-025 (different kinds per level), TTC-003 (a day moved),
TTC-009 (set-up data). Regional days off are the regulation's: `calendar.regional_days`.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value

from kernel.school_year import TERM_KIND_LABELS, TermKind, school_year_title, term_title

TERM_KINDS = [(kind.value, label) for kind, label in TERM_KIND_LABELS.items()]
LEVELS = Q(level_from__gte=1, level_to__lte=11, level_from__lte=F("level_to"))


def days(first: str, last: str) -> Func:
    """Return the range of two columns, both days included."""
    return Func(F(first), F(last), Value("[]"), function="daterange")


def levels() -> Func:
    """Return the range of a row's levels, both included."""
    return Func(F("level_from"), F("level_to"), Value("[]"), function="int4range")


class SchoolYear(models.Model):
    """A school year as the school lives it: its first and its last day of lessons."""

    start_year = models.PositiveSmallIntegerField("год начала", unique=True)
    starts_on = models.DateField("первый день")
    ends_on = models.DateField("последний день")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")), name="schedule_year_is_forward"
            )
        ]

    def __str__(self) -> str:
        return school_year_title(self.start_year)


class Term(models.Model):
    """A period of study (четверть, триместр, полугодие…) of some levels; both days count."""

    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, related_name="+", verbose_name="учебный год"
    )
    kind = models.CharField("вид", max_length=10, choices=TERM_KINDS)
    number = models.PositiveSmallIntegerField("номер")
    level_from = models.PositiveSmallIntegerField("с класса", default=1)
    level_to = models.PositiveSmallIntegerField("по класс", default=11)
    starts_on = models.DateField("первый день")
    ends_on = models.DateField("последний день")
    closed_at = models.DateTimeField("закрыт", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="schedule_term_is_forward"
            ),
            models.CheckConstraint(condition=LEVELS, name="schedule_term_levels"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in TERM_KINDS]), name="schedule_term_kind"
            ),
            ExclusionConstraint(
                name="schedule_term_apart",
                deferrable=Deferrable.DEFERRED,
                expressions=[
                    (days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                    (levels(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return «1 четверть»."""
        return term_title(TermKind(self.kind), self.number)


class Holiday(models.Model):
    """School holidays (каникулы), for all levels or for some; both days count."""

    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, related_name="+", verbose_name="учебный год"
    )
    title = models.CharField("название", max_length=100)
    starts_on = models.DateField("первый день")
    ends_on = models.DateField("последний день")
    level_from = models.PositiveSmallIntegerField("с класса", default=1)
    level_to = models.PositiveSmallIntegerField("по класс", default=11)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="schedule_holiday_is_forward"
            ),
            models.CheckConstraint(condition=LEVELS, name="schedule_holiday_levels"),
            ExclusionConstraint(
                name="schedule_holiday_apart",
                deferrable=Deferrable.DEFERRED,
                expressions=[
                    (days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                    (levels(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SwappedDay(models.Model):
    """A school day moved (перенос учебного дня): `day` is taught by the timetable of another."""

    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, related_name="+", verbose_name="учебный год"
    )
    day = models.DateField("учебный день", unique=True)
    instead_of = models.DateField("вместо дня", unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(day=F("instead_of")), name="schedule_swapped_day_is_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} вместо {self.instead_of}"
