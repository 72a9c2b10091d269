"""Classes (классы), groups (группы) and who is in them from when to when."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func

from services.people.models.persons import Employee, Pupil


def days(since: str, until: str) -> Func:
    """Return the half-open days from the first column until the second; open when it is empty."""
    return Func(F(since), F(until), function="daterange", output_field=DateRangeField())


class SchoolClass(models.Model):
    """A class of one school year: 7А of 2026."""

    start_year = models.PositiveSmallIntegerField("год начала учебного года")
    level = models.PositiveSmallIntegerField("параллель")
    letter = models.CharField("литера", max_length=10, blank=True, default="")
    shift = models.PositiveSmallIntegerField("смена", default=1)
    class_teacher = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name="классный руководитель"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["start_year", "level", "letter"], name="people_class_once"
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=11), name="people_class_level"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return «7А»; a class without a letter is «7»."""
        return f"{self.level}{self.letter}"


class ClassEnrollment(models.Model):
    """A pupil is in a class from a day until, not including, another; in one class at a time."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+", verbose_name="обучающийся")
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="+", verbose_name="класс"
    )
    since_on = models.DateField("зачислен")
    until = models.DateField("по день, не включая", null=True)
    order = models.CharField("приказ об отчислении", max_length=120, blank=True, default="")

    personal_data: ClassVar[dict[str, str]] = {
        "since_on": "learning",
        "until": "learning",
        "order": "learning",
    }
    retention: ClassVar[str] = "retention.summary_years"

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_one_class_at_a_time",
                expressions=[
                    ("pupil", RangeOperators.EQUAL),
                    (days("since_on", "until"), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(fields=["school_class", "since_on"], name="people_enrollment")]

    def __str__(self) -> str:
        return f"enrollment {self.pk}"


class TeachingGroup(models.Model):
    """Whom a lesson is given to: a whole class, a part of it, or an elective of several."""

    class Kind(models.TextChoices):
        WHOLE_CLASS = "class", "класс"
        SUBGROUP = "subgroup", "подгруппа"
        ELECTIVE = "elective", "элективный курс"

    start_year = models.PositiveSmallIntegerField("год начала учебного года")
    kind = models.CharField("вид", max_length=8, choices=Kind.choices)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, related_name="+", verbose_name="класс"
    )
    level = models.PositiveSmallIntegerField("параллель")
    title = models.CharField("название", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["start_year", "title"], name="people_group_once"),
            models.UniqueConstraint(
                fields=["school_class"],
                condition=models.Q(kind="class"),
                name="people_one_whole_class_group",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="elective") | models.Q(school_class__isnull=False),
                name="people_group_of_class",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GroupMember(models.Model):
    """A pupil of a subgroup or an elective; a whole class has its enrolments instead."""

    group = models.ForeignKey(
        TeachingGroup, models.PROTECT, related_name="+", verbose_name="группа"
    )
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+", verbose_name="обучающийся")
    since_on = models.DateField("с")
    until = models.DateField("по день, не включая", null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="people_member_once_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("pupil", RangeOperators.EQUAL),
                    (days("since_on", "until"), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(fields=["pupil"], name="people_member_pupil")]

    def __str__(self) -> str:
        return f"member {self.pk}"
