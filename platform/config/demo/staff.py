"""The employees of a school, as many as the hours of its curriculum ask for.

A teacher belongs to a chair (кафедра): a set of subjects one person may teach. Primary classes
have a teacher of their own. In a village one person holds several chairs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from config.demo.district import ClassSpec, SchoolSpec
from config.demo.families import lists_of
from config.demo.names import FEMALE, MALE, Adult, People
from config.demo.plans import Course
from kernel.names import FullName

MOST_HOURS = Decimal(26)
PRIMARY_OWN = frozenset(
    {"russian", "reading", "mathematics", "nature", "art", "technology", "religions_and_ethics"}
)
CHAIRS: Mapping[str, tuple[str, frozenset[str]]] = {
    "language": ("учитель русского языка и литературы", frozenset({"russian", "literature"})),
    "mathematics": (
        "учитель математики",
        frozenset({"mathematics", "algebra", "geometry", "statistics", "calculus"}),
    ),
    "informatics": ("учитель информатики", frozenset({"informatics", "project"})),
    "english": ("учитель английского языка", frozenset({"english"})),
    "physics": ("учитель физики", frozenset({"physics"})),
    "chemistry": ("учитель химии и биологии", frozenset({"chemistry", "biology"})),
    "geography": ("учитель географии", frozenset({"geography"})),
    "history": (
        "учитель истории и обществознания",
        frozenset({"history", "social_studies", "russian_culture"}),
    ),
    "native": ("учитель родного языка", frozenset({"native_language", "native_literature"})),
    "arts": ("учитель музыки и изобразительного искусства", frozenset({"music", "art"})),
    "technology": ("учитель труда (технологии)", frozenset({"technology"})),
    "sport": (
        "учитель физической культуры и ОБЗР",
        frozenset({"physical_education", "safety"}),
    ),
}
VILLAGE_CHAIRS = (
    ("language", "native"),
    ("mathematics", "informatics", "physics"),
    ("english",),
    ("chemistry", "geography"),
    ("history",),
    ("arts", "technology"),
    ("sport",),
)
ANNA = Adult(FullName("Лебедева", "Анна", "Сергеевна"), FEMALE, date(1988, 5, 17))
BORIS = Adult(FullName("Соколов", "Борис", "Андреевич"), MALE, date(1975, 2, 9))
OLGA = Adult(FullName("Кузнецова", "Ольга", "Петровна"), FEMALE, date(1979, 10, 4))
ELENA = Adult(FullName("Крылова", "Елена", "Викторовна"), FEMALE, date(1990, 12, 1))
GALINA = Adult(FullName("Журавлёва", "Галина", "Ивановна"), FEMALE, date(1982, 8, 23))


@dataclass(slots=True)
class Teacher:
    """A teacher with the courses given to him."""

    person: Adult
    post: str
    subjects: frozenset[str]
    category: str = ""
    room: str = ""
    hours: Decimal = Decimal(0)
    own_class: ClassSpec | None = None


@dataclass(slots=True)
class Staff:
    """Everybody who works in a school, and who teaches each course."""

    teachers: list[Teacher] = field(default_factory=list)
    others: list[Teacher] = field(default_factory=list)
    teacher_of: dict[Course, Teacher] = field(default_factory=dict)
    class_teacher_of: dict[ClassSpec, Teacher] = field(default_factory=dict)


def draw_staff(school: SchoolSpec, courses: Sequence[Course], start_year: int) -> Staff:
    """Return the staff of a school; every course has a teacher of its subject."""
    drawing = _Drawing(school, People(f"{school.slug} staff", lists_of(school)), start_year)
    drawing.appoint_primary(courses)
    drawing.appoint_chairs(courses)
    drawing.appoint_class_teachers()
    drawing.hire_others()
    return drawing.staff


class _Drawing:
    """Gives courses out, hiring a teacher whenever those there are full."""

    def __init__(self, school: SchoolSpec, people: People, start_year: int) -> None:
        self.school, self.people, self.start_year = school, people, start_year
        self.staff = Staff()
        self.rooms = iter(range(101, 200))

    def appoint_primary(self, courses: Iterable[Course]) -> None:
        """Give each primary class its teacher for most of its subjects."""
        own: dict[ClassSpec, Teacher] = {}
        for course in courses:
            one = course.school_class
            if one.level > 4 or course.subject not in PRIMARY_OWN or course.joint:
                continue
            if one not in own:
                own[one] = self._hire("учитель начальных классов", PRIMARY_OWN)
                own[one].own_class = one
                self.staff.class_teacher_of[one] = own[one]
            self._give(course, own[one])

    def appoint_chairs(self, courses: Iterable[Course]) -> None:
        """Give the other courses to the chairs; Anna and Boris have theirs first."""
        self._appoint_known(courses)
        alone: tuple[tuple[str, ...], ...] = tuple((name,) for name in CHAIRS)
        chairs = VILLAGE_CHAIRS if self.school.is_village else alone
        for chair in chairs:
            subjects = frozenset(one for name in chair for one in CHAIRS[name][1])
            post = CHAIRS[chair[0]][0]
            left = [
                course
                for course in courses
                if course.subject in subjects and course not in self.staff.teacher_of
            ]
            for bundle in _bundles(left):
                hours = sum((course.hours for course in bundle), Decimal(0))
                teacher = self._least_busy(subjects, bundle, hours) or self._hire(post, subjects)
                for course in bundle:
                    self._give(course, teacher)

    def _appoint_known(self, courses: Iterable[Course]) -> None:
        known: dict[str, list[tuple[Adult, str, tuple[str, ...]]]] = {
            "school-5": [
                (ANNA, "mathematics", ("7А", "7Б", "8А")),
                (BORIS, "history", ("10А", "11А")),
                (OLGA, "language", ("7А", "7Б")),
            ],
            "lyceum-1": [(ANNA, "mathematics", ("5А",))],
        }
        for person, chair, titles in known.get(self.school.slug, []):
            post, subjects = CHAIRS[chair]
            if person is BORIS:
                post = f"заместитель директора, {post}"
            teacher = self._hire(post, subjects, person)
            for course in courses:
                if course.subject in subjects and course.school_class.title in titles:
                    self._give(course, teacher)

    def appoint_class_teachers(self) -> None:
        """Give each class from grade 5 on a class teacher who teaches it, each one class."""
        hours: dict[ClassSpec, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for course, teacher in self.staff.teacher_of.items():
            if course.school_class.level > 4:
                place = self.staff.teachers.index(teacher)
                hours[course.school_class][place] += course.hours
        for one, by_teacher in hours.items():
            ranked = sorted(by_teacher, key=lambda place: (-by_teacher[place], place))
            free = [self.staff.teachers[p] for p in ranked if not self.staff.teachers[p].own_class]
            wanted = [t for t in free if t.person is OLGA and one.title == "7А"]
            choice = (wanted or [t for t in free if t.person not in (ANNA, BORIS, OLGA)])[:1]
            for teacher in choice:
                teacher.own_class = one
                self.staff.class_teacher_of[one] = teacher

    def hire_others(self) -> None:
        """Hire those who do not teach: head, secretary, administrator, and some more."""
        posts = ["директор", "секретарь", "педагог-психолог", "медицинская сестра"]
        if not self.school.is_village:
            posts += ["заместитель директора", "заведующий хозяйством", "библиотекарь"]
        known = {"секретарь": ELENA} if self.school.slug == "school-5" else {}
        for post in posts:
            person = known.get(post) or self._draw()
            self.staff.others.append(Teacher(person, post, frozenset()))
        if self.school.slug == "school-5":
            self.staff.others.append(
                Teacher(GALINA, "администратор информационной системы", frozenset())
            )

    def _least_busy(
        self, subjects: frozenset[str], bundle: Sequence[Course], hours: Decimal
    ) -> Teacher | None:
        """Return who of the chair has most room; subgroups of one lesson need different people."""
        fit = []
        for teacher in self.staff.teachers:
            if teacher.subjects != subjects or teacher.hours + hours > MOST_HOURS:
                continue
            if teacher.person not in (ANNA, BORIS, OLGA) and not self._leads_parallel(
                teacher, bundle
            ):
                fit.append(teacher)
        return max(fit, key=lambda teacher: teacher.hours, default=None)

    def _leads_parallel(self, teacher: Teacher, bundle: Sequence[Course]) -> bool:
        """Return whether the teacher has the other group of one of these courses."""
        groups = {(course.school_class, course.subject) for course in bundle if course.part}
        return any(
            (course.school_class, course.subject) in groups
            for course, other in self.staff.teacher_of.items()
            if other is teacher and course.part
        )

    def _give(self, course: Course, teacher: Teacher) -> None:
        self.staff.teacher_of[course] = teacher
        teacher.hours += course.hours

    def _hire(self, post: str, subjects: frozenset[str], person: Adult | None = None) -> Teacher:
        category = self.people.random.choice(("высшая", "первая", "первая", ""))
        teacher = Teacher(
            person or self._draw(), post, subjects, category, room=str(next(self.rooms))
        )
        self.staff.teachers.append(teacher)
        return teacher

    def _draw(self) -> Adult:
        """Return somebody whose name nobody else of the staff has."""
        taken = {one.person.name for one in (*self.staff.teachers, *self.staff.others)}
        while True:
            sex = FEMALE if self.people.random.random() < 0.84 else MALE
            birth_date = self.people.draw_day(
                date(self.start_year - 62, 1, 1), date(self.start_year - 23, 1, 1)
            )
            adult = self.people.draw_adult(
                sex=sex, surname=self.people.draw_surname(), birth_date=birth_date
            )
            if adult.name not in taken:
                return adult


def _bundles(courses: Iterable[Course]) -> list[list[Course]]:
    """Return the courses of one class or group together: one teacher leads them all."""
    bundles: dict[tuple[object, ...], list[Course]] = defaultdict(list)
    for course in courses:
        pair = course.joint.partition(":")[0]
        bundles[pair or course.school_class, course.part].append(course)
    return sorted(bundles.values(), key=lambda one: -sum(course.hours for course in one))
