"""The pupils of a school and their families; and the people everybody knows by first name.

Anna teaches in two schools, Boris is head teacher, Vera is the mother of Gleb and of Maya in
another school, Dmitry is a stranger from a third one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from config.demo.district import ClassSpec, SchoolSpec
from config.demo.names import FEMALE, MALE, Adult, MaleName, NameLists, People, name_lists
from kernel.names import FullName

SHARE_OF_SIBLINGS = 0.2
SHARE_OF_BOTH_PARENTS = 0.72
SHARE_OF_MOTHERS_ALONE = 0.94
SHARE_OF_FATHERS_ALONE = 0.985


@dataclass(frozen=True, slots=True)
class Family:
    """Who stands for the children of one family; `guardian` is there when parents are not."""

    surname: str
    patronymic: MaleName
    mother: Adult | None = None
    father: Adult | None = None
    guardian: Adult | None = None


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil as the school's list names him."""

    name: FullName
    sex: str
    birth_date: date
    school_class: ClassSpec
    family: Family


ROMAN = MaleName("Роман", "Романович", "Романовна")
OLEG = MaleName("Дмитрий", "Дмитриевич", "Дмитриевна")
VERA = Adult(
    FullName("Орлова", "Вера", "Николаевна"),
    FEMALE,
    date(1986, 3, 14),
    "+7 900 555-01-01",
    "vera@example.ru",
    "990-555-101 30",
)
DMITRY = Adult(
    FullName("Волков", "Дмитрий", "Олегович"),
    MALE,
    date(1983, 7, 2),
    "+7 900 555-02-02",
    "dmitry@example.ru",
    "990-555-202 34",
)
ORLOVS = Family(
    "Орлов",
    ROMAN,
    mother=VERA,
    father=Adult(FullName("Орлов", "Роман", "Ильич"), MALE, date(1984, 11, 20), "+7 900 555-01-02"),
)
VOLKOVS = Family("Волков", OLEG, father=DMITRY)
GLEB = FullName("Орлов", "Глеб", "Романович")
MAYA = FullName("Орлова", "Майя", "Романовна")
TIMUR = FullName("Волков", "Тимур", "Дмитриевич")
# School, class → the known pupil of that class: name, sex, family.
KNOWN_PUPILS = {
    ("school-5", "7А"): (GLEB, MALE, ORLOVS),
    ("lyceum-1", "5А"): (MAYA, FEMALE, ORLOVS),
    ("school-16", "8А"): (TIMUR, MALE, VOLKOVS),
}


def lists_of(school: SchoolSpec) -> list[NameLists]:
    """Return the lists a school's names are drawn from."""
    if school.is_republic:
        return [name_lists("_republic"), name_lists("_republic"), name_lists()]
    return [name_lists()]


def draw_pupils(school: SchoolSpec, start_year: int) -> list[Pupil]:
    """Return the pupils of a school, class by class."""
    people = People(f"{school.slug} pupils", lists_of(school))
    families: list[tuple[Family, set[int]]] = []
    pupils: list[Pupil] = []
    for school_class in school.classes:
        known = KNOWN_PUPILS.get((school.slug, school_class.title))
        for place in range(school_class.size):
            if place == 0 and known:
                name, sex, family = known
                pupils.append(_pupil(people, name, sex, school_class, family, start_year))
                continue
            family = _draw_family(people, families, school_class.level, start_year)
            sex = people.random.choice((MALE, FEMALE))
            name = people.draw_child_name(
                sex=sex, surname=family.surname, patronymic=family.patronymic
            )
            pupils.append(_pupil(people, name, sex, school_class, family, start_year))
    return pupils


def count_guardians(pupils: Iterable[Pupil]) -> int:
    """Return how many different grown-ups stand for the pupils."""
    adults = {
        adult
        for pupil in pupils
        for adult in (pupil.family.mother, pupil.family.father, pupil.family.guardian)
        if adult
    }
    return len(adults)


def _pupil(
    people: People,
    name: FullName,
    sex: str,
    school_class: ClassSpec,
    family: Family,
    start_year: int,
) -> Pupil:
    # First-graders are seven, some of them soon.
    born = start_year - school_class.level - 6
    birth_date = people.draw_day(date(born - 1, 10, 1), date(born, 10, 1))
    return Pupil(name, sex, birth_date, school_class, family)


def _draw_family(
    people: People, families: list[tuple[Family, set[int]]], level: int, start_year: int
) -> Family:
    """Return a new family, or one that has a child two years apart or more in the school."""
    dice = people.random.random()
    if families and dice < SHARE_OF_SIBLINGS:
        family, levels = people.random.choice(families)
        if len(levels) < 3 and all(abs(level - other) >= 2 for other in levels):
            levels.add(level)
            return family
    family = _new_family(people, start_year - level)
    families.append((family, {level}))
    return family


def _new_family(people: People, birth_of_child: int) -> Family:
    surname = people.draw_surname()
    lists = people.random.choice(people.lists)
    father_name = people.random.choice(lists.male)
    dice = people.random.random()
    mother = father = guardian = None
    born = date(birth_of_child - 6 - people.random.randrange(20, 36), 1, 1)
    if dice < SHARE_OF_MOTHERS_ALONE:
        mother = _adult(people, FEMALE, surname, born)
    if dice < SHARE_OF_BOTH_PARENTS or SHARE_OF_MOTHERS_ALONE <= dice < SHARE_OF_FATHERS_ALONE:
        drawn = _adult(people, MALE, surname, born)
        father = Adult(
            FullName(surname, father_name.first, drawn.name.middle),
            MALE,
            drawn.birth_date,
            drawn.phone,
            drawn.email,
            drawn.snils,
        )
    if mother is None and father is None:
        guardian = _adult(people, FEMALE, people.draw_surname(), born)
    return Family(surname, father_name, mother, father, guardian)


def _adult(people: People, sex: str, surname: str, born: date) -> Adult:
    birth_date = people.draw_day(born, date(born.year + 1, 1, 1))
    adult = people.draw_adult(sex=sex, surname=surname, birth_date=birth_date)
    snils = people.draw_snils() if people.random.random() < 0.4 else ""
    return Adult(adult.name, sex, birth_date, adult.phone, adult.email, snils)
