"""What a list says of people, as plain values ready to be compared with the school's cards."""

from dataclasses import dataclass, field
from datetime import date

from kernel.names import FullName
from services.people.imports.values import ClassName


@dataclass(slots=True)
class GuardianRow:
    """A guardian as one cell block says. СНИЛС lives only here, never in a report or a card."""

    row: int
    column: str
    name: FullName
    relation: str
    sex: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    snils: str = field(default="", repr=False)


@dataclass(slots=True)
class PupilRow:
    """A pupil with the guardians named in the same row, or in rows of the same pupil."""

    row: int
    name: FullName
    birth_date: date
    sex: str
    school_class: ClassName
    guardians: list[GuardianRow] = field(default_factory=list)


@dataclass(slots=True)
class EmployeeRow:
    """An employee."""

    row: int
    name: FullName
    post: str
    sex: str = ""
    birth_date: date | None = None
    grade_rank: str = ""
    category: str = ""
    functions: str = ""
    speciality: str = ""
