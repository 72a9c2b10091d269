"""The people of a school of the load model: drawn from its seed, with accounts and roles."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from kernel.roles import Role
from services.diary.models import AccessGrant
from services.people.models import (
    ClassEnrollment,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from tests.performance.load.copying import Table
from tests.performance.load.shape import FIRST_DAY, START_YEAR, SchoolShape, count_teachers
from tests.performance.load.words import FATHERS, FEMALE, MALE, SURNAMES

ACCOUNTS_A_SCHOOL = 10_000  # account ids of a school begin at its seed times this
SHARE_OF_FATHERS = 0.67
Row = tuple[object, ...]
NAME = ("id", "last_name", "first_name", "middle_name", "sex", "birth_date", "account_id")


@dataclass(frozen=True, slots=True)
class Login:
    """An account with its one role and card."""

    account_id: int
    login: str
    name: str
    role: Role
    person_id: int


@dataclass(slots=True)
class SchoolPeople:
    """Rows of the room of people; ids are given here, so that the year can point at them."""

    tables: list[Table] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)
    pupils_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    teachers_of: dict[str, list[int]] = field(default_factory=dict)


def draw_people(shape: SchoolShape) -> SchoolPeople:
    """Return the people of a school; the same seed draws the same people."""
    drawing = _Drawing(shape)
    drawing.employ()
    drawing.enrol()
    drawing.found_families()
    return drawing.people


class _Drawing:
    def __init__(self, shape: SchoolShape) -> None:
        self.shape = shape
        self.dice = Random(shape.seed)
        self.people = SchoolPeople()
        self.next_account = shape.seed * ACCOUNTS_A_SCHOOL

    def employ(self) -> None:
        """Hire a head teacher, then as many teachers as the hours ask for."""
        rows: list[Row] = [
            (*self._person(1, self._draw_name(""), 1975, Role.MANAGEMENT), "директор")
        ]
        for subject, number in count_teachers(len(self.shape.classes)).items():
            first = len(rows) + 1
            rows += [
                (*self._person(first + place, self._draw_name(""), 1980, Role.TEACHER), "учитель")
                for place in range(number)
            ]
            self.people.teachers_of[subject] = list(range(first, first + number))
        self._keep(Employee, (*NAME, "post"), rows)

    def enrol(self) -> None:
        """Fill the classes; class, whole-class group and their place in the shape share an id."""
        classes: list[Row] = []
        groups: list[Row] = []
        pupils: list[Row] = []
        enrolments: list[Row] = []
        for pk, one in enumerate(self.shape.classes, start=1):
            classes.append((pk, START_YEAR, one.level, one.letter))
            kind = TeachingGroup.Kind.WHOLE_CLASS.value
            groups.append((pk, START_YEAR, kind, pk, one.level, f"{one.level}{one.letter}"))
            for _ in range(one.size):
                pupil = len(pupils) + 1
                name = self._draw_name("")
                born = START_YEAR - 6 - one.level
                pupils.append(self._person(pupil, name, born, Role.PUPIL))
                enrolments.append((pupil, pupil, pk, FIRST_DAY))
                self.people.pupils_of[pk].append(pupil)
        self._keep(SchoolClass, ("id", "start_year", "level", "letter"), classes)
        of_group = ("id", "start_year", "kind", "school_class_id", "level", "title")
        self._keep(TeachingGroup, of_group, groups)
        self._keep(Pupil, NAME, pupils)
        of_enrolment = ("id", "pupil_id", "school_class_id", "since_on")
        self._keep(ClassEnrollment, of_enrolment, enrolments)

    def found_families(self) -> None:
        """Give each pupil a mother, two of three a father, and open them the diary."""
        guardians: list[Row] = []
        links: list[Row] = []
        grants: list[Row] = []
        granted_at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
        for pupil in range(1, self.shape.pupils + 1):
            relations = (
                ["mother", "father"] if self.dice.random() < SHARE_OF_FATHERS else ["mother"]
            )
            for relation in relations:
                pk = len(guardians) + 1
                name = self._draw_name("f" if relation == "mother" else "m")
                guardians.append(self._person(pk, name, 1985, Role.GUARDIAN))
                links.append((pk, pupil, pk, relation, FIRST_DAY))
                grants.append((pk, pupil, pk, granted_at, AccessGrant.Ground.IMPORT.value))
        self._keep(Guardian, NAME, guardians)
        self._keep(GuardianLink, ("id", "pupil_id", "guardian_id", "relation", "since_on"), links)
        self._keep(AccessGrant, ("id", "pupil_id", "guardian_id", "granted_at", "ground"), grants)

    def _draw_name(self, sex: str) -> tuple[str, str, str, str]:
        sex = sex or self.dice.choice("mf")
        surname, father = self.dice.choice(SURNAMES), self.dice.choice(FATHERS)
        if sex == "m":
            return surname, self.dice.choice(MALE), f"{father}ич", sex
        return f"{surname}а", self.dice.choice(FEMALE), f"{father}на", sex

    def _person(self, pk: int, name: tuple[str, str, str, str], born: int, role: Role) -> Row:
        account_id = self.next_account
        self.next_account += 1
        login = f"{self.shape.slug}.{role.value}.{pk}"
        self.people.logins.append(Login(account_id, login, " ".join(name[:3]), role, pk))
        birth_date = date(born, 1, 1) + timedelta(days=self.dice.randrange(365))
        return (pk, *name, birth_date, account_id)

    def _keep(self, model: type, fields: tuple[str, ...], rows: list[Row]) -> None:
        self.people.tables.append(Table(model, fields, rows))
