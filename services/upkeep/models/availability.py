"""Was the product there (доступность): a sample a minute, and a school's day counted from them."""

from django.db import models


class Sample(models.Model):
    """One minute: was it ready, and how long a page of one school in turn took, in milliseconds."""

    minute = models.DateTimeField("минута", primary_key=True)
    is_ready = models.BooleanField("готова")
    school = models.ForeignKey(
        "registry.School", models.CASCADE, null=True, related_name="+", verbose_name="чья страница"
    )
    is_answered = models.BooleanField("страница ответила", null=True)
    answer_ms = models.PositiveIntegerField("мс", null=True)

    def __str__(self) -> str:
        return f"{self.minute}"


class AvailabilityDay(models.Model):
    """A school's day, from opening to closing on its own clock; a minute nobody measured is down.

    `round_…` goes from one opening to the next, for the diary (NFR-004): works count as absence.
    """

    school = models.ForeignKey(
        "registry.School", models.CASCADE, related_name="+", verbose_name="школа"
    )
    day = models.DateField("день")
    expected_minutes = models.PositiveSmallIntegerField("минут должно быть")
    up_minutes = models.PositiveSmallIntegerField("минут работала")
    round_expected_minutes = models.PositiveSmallIntegerField("минут в сутках")
    round_up_minutes = models.PositiveSmallIntegerField("минут работала за сутки")
    answers = models.PositiveSmallIntegerField("ответов")
    slow_answers = models.PositiveSmallIntegerField("из них медленных")
    answer_ms_total = models.PositiveIntegerField("мс всего")
    answer_ms_longest = models.PositiveIntegerField("мс самый долгий")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "day"], name="upkeep_day_once"),
            models.CheckConstraint(
                condition=models.Q(up_minutes__lte=models.F("expected_minutes")),
                name="upkeep_day_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} {self.day}"
