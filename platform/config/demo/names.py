"""Invented people: names that agree in gender and patronymic, birth dates, phones, СНИЛС."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random

from kernel.names import FullName
from tenants.accounts.operations import login_base

MALE, FEMALE = "m", "f"
SNILS_WEIGHTS = range(9, 0, -1)


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of the demo."""
    source = files("config.demo").joinpath("data", name)
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@dataclass(frozen=True, slots=True)
class MaleName:
    """A first name with the patronymics of its bearer's children."""

    first: str
    son: str
    daughter: str


@dataclass(frozen=True, slots=True)
class NameLists:
    """The lists names are drawn from."""

    surnames: tuple[str, ...]
    male: tuple[MaleName, ...]
    female: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adult:
    """A grown-up as a school's file names him; СНИЛС "" when the file does not tell it."""

    name: FullName
    sex: str
    birth_date: date
    phone: str = ""
    email: str = ""
    snils: str = ""


@cache
def name_lists(suffix: str = "") -> NameLists:
    """Return the lists of the town, or of the republic with the suffix «_republic»."""
    return NameLists(
        surnames=tuple(row["surname"] for row in read_rows(f"surnames{suffix}.csv")),
        male=tuple(
            MaleName(row["first"], row["son"], row["daughter"])
            for row in read_rows(f"male_names{suffix}.csv")
        ),
        female=tuple(row["first"] for row in read_rows(f"female_names{suffix}.csv")),
    )


def feminine(surname: str) -> str:
    """Return the surname a woman bears: «Островский» → «Островская», «Белов» → «Белова»."""
    if surname.endswith(("ский", "цкий")):
        return f"{surname[:-2]}ая"
    return f"{surname}а"


class People:
    """Draws people of one school; the same seed draws the same people."""

    def __init__(self, seed: str, lists: Sequence[NameLists]) -> None:
        self.random = Random(seed)  # noqa: S311 invented people, not secrets
        self.lists = lists
        self.phones = 0
        self.snils = 0
        # Other schools draw other numbers: the first digits are the seed's own.
        self.series = sum(seed.encode()) % 90 + 10

    def draw_adult(self, *, sex: str, surname: str, birth_date: date) -> Adult:
        """Return a grown-up of a surname given in its masculine form."""
        lists = self.random.choice(self.lists)
        father = self.random.choice(lists.male)
        name = self.draw_child_name(sex=sex, surname=surname, patronymic=father)
        return Adult(name, sex, birth_date, self.draw_phone(), self._email(name))

    def draw_child_name(self, *, sex: str, surname: str, patronymic: MaleName) -> FullName:
        """Return a child's name with the father's patronymic."""
        lists = next(lists for lists in self.lists if patronymic in lists.male)
        if sex == MALE:
            return FullName(surname, self.random.choice(lists.male).first, patronymic.son)
        return FullName(feminine(surname), self.random.choice(lists.female), patronymic.daughter)

    def draw_surname(self) -> str:
        """Return a surname in its masculine form."""
        return self.random.choice(self.random.choice(self.lists).surnames)

    def draw_day(self, since: date, until: date) -> date:
        """Return a day of `[since, until)`."""
        return since + timedelta(days=self.random.randrange((until - since).days))

    def draw_phone(self) -> str:
        """Return a phone number nobody else of the district has."""
        self.phones += 1
        digits = f"{self.series:02}{self.phones:05}"
        return f"+7 900 {digits[:3]}-{digits[3:5]}-{digits[5:]}"

    def draw_snils(self) -> str:
        """Return a number that passes the check and is nobody's: series 99x are not issued."""
        self.snils += 1
        number = f"99{self.series:02}{self.snils:05}"
        control = sum(int(d) * w for d, w in zip(number, SNILS_WEIGHTS, strict=True)) % 101 % 100
        return f"{number[:3]}-{number[3:6]}-{number[6:]} {control:02}"

    def _email(self, name: FullName) -> str:
        if self.random.random() < 0.5:
            return ""
        return f"{login_base(name.short)}{self.phones}@example.ru"
