"""How far each register of each year has come."""

from django.db import models


class RegisterCounter(models.Model):
    """The last place taken in one register of one calendar year.

    A trigger lets it go forward by one only, and lets nobody delete it.
    """

    register = models.CharField("журнал", max_length=60)
    year = models.PositiveSmallIntegerField("год")
    last_place = models.PositiveIntegerField("последний номер")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "year"], name="registers_counter_once"),
            models.CheckConstraint(
                condition=models.Q(last_place__gte=1, year__gte=1000, year__lte=9999),
                name="registers_counter_is_sound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.year}: {self.last_place}"
