"""How old somebody is (возраст): full years on a day.

Source: ГК РФ ст. 21 (18 years), ст. 26 (14 years). Who was born on 29 February is a year older on
1 March of a common year: on 28 February the year is not over yet.
"""

from datetime import date


def birthday_in(birth_date: date, year: int) -> date:
    """Return the day of a year on which somebody becomes a year older."""
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Return the full years somebody has on a day; a day before the birth gives less than 0."""
    years = day.year - birth_date.year
    return years if birthday_in(birth_date, day.year) <= day else years - 1


def day_of_age(birth_date: date, years: int) -> date:
    """Return the day on which somebody becomes so many years old."""
    return birthday_in(birth_date, birth_date.year + years)


def latest_birth(day: date, years: int) -> date:
    """Return the latest birth date with which somebody is so many years old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, and no such day that many years ago
        return date(day.year - years, 2, 28)
