"""A count of the municipal service on a school's day (показатель услуги): never a person."""

from django.db import models


class ServiceFact(models.Model):
    """School × day × measure × detail → count; zeros are left out.

    What happened on a day stays; of what stands only the newest day is kept.
    """

    school = models.ForeignKey(
        "registry.School", models.CASCADE, related_name="+", verbose_name="школа"
    )
    day = models.DateField("день")
    measure = models.CharField("показатель", max_length=30)
    detail = models.CharField("какой", max_length=40, blank=True)
    count = models.PositiveIntegerField("сколько")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "measure", "detail"], name="monitoring_service_once"
            ),
            models.CheckConstraint(
                condition=models.Q(count__gt=0), name="monitoring_service_is_not_zero"
            ),
        ]
        indexes = [models.Index(fields=["day", "school"], name="monitoring_service_day")]

    def __str__(self) -> str:
        return f"{self.school_id} {self.day} {self.measure}={self.count}"
