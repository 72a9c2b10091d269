"""A dated value of the regulation: the district's default as copied here, or the school's own."""

from django.db import models


class RegulationSetting(models.Model):
    """Key, value, the clause it cites, and the day from which it holds."""

    class Source(models.TextChoices):
        DISTRICT = "district", "округ"
        SCHOOL = "school", "школа"

    key = models.CharField("ключ", max_length=60)
    source = models.CharField("чьё", max_length=8, choices=Source.choices)
    since_on = models.DateField("действует с")
    value = models.JSONField("значение", null=True)
    clause = models.CharField("пункт регламента", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "source", "since_on"], name="regulation_setting_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} с {self.since_on}"
