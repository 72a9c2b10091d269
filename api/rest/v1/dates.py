"""Days in addresses: within the years a school may have data for."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


class DayField(serializers.DateField):
    """A day, YYYY-MM-DD, or none."""

    def __init__(self, **options: Any) -> None:
        far = "Этот день слишком далеко."
        super().__init__(
            required=False,
            validators=[MinValueValidator(FIRST, far), MaxValueValidator(LAST, far)],
            **options,
        )
