"""A count of a school's day (показатель дня): never a percentage, never a person."""

from django.db import models


class Fact(models.Model):
    """School × day × grade × subject × measure → count. Rows of grade -1 are the whole school's.

    Zeros are left out. The dashboard reads the rows of whole schools only: about fifteen per
    school and day, through an index of their own.
    """

    school = models.ForeignKey(
        "registry.School", models.CASCADE, related_name="+", verbose_name="школа"
    )
    day = models.DateField("день")
    grade = models.SmallIntegerField("параллель")
    subject_code = models.CharField("код предмета", max_length=40, blank=True)
    measure = models.CharField("показатель", max_length=30)
    count = models.PositiveIntegerField("сколько")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "grade", "subject_code", "measure"],
                name="monitoring_fact_once",
            ),
            models.CheckConstraint(
                condition=models.Q(count__gt=0), name="monitoring_fact_is_not_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(grade__gte=-1, grade__lte=11), name="monitoring_fact_grade"
            ),
        ]
        indexes = [
            models.Index(
                fields=["day", "school", "measure"],
                include=["count"],
                name="monitoring_fact_whole",
                condition=models.Q(grade=-1),
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_id} {self.day} {self.measure}={self.count}"
