"""What an import of pupils would write, as plain values: the preview counts it, writing does it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from foundation.spreadsheets import Problem
from services.people.imports.known import KnownEnrollment, KnownLink, KnownPerson
from services.people.imports.people import GuardianRow, PupilRow
from services.people.imports.report import Count
from services.people.imports.values import ClassName


@dataclass(slots=True, eq=False)
class PlannedPupil:
    """A pupil of the list: the card there is, or none; what changes; the class."""

    row: PupilRow
    known: KnownPerson | None
    changes: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@dataclass(slots=True, eq=False)
class PlannedGuardian:
    """A guardian of one or several pupils of the list, or of the school."""

    known: KnownPerson | None
    row: GuardianRow | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    id: int | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """Return the fields that the list states otherwise than the card."""
        card = self.known.fields if self.known else {}
        return {name: value for name, value in self.stated.items() if card.get(name) != value}

    def value(self, name: str) -> Any:
        """Return what the list states, else what the card says."""
        return self.stated.get(name) or (self.known.fields.get(name) if self.known else None)


@dataclass(slots=True, eq=False)
class PlannedLink:
    """Whose guardian; `known` is the tie there is."""

    pupil: PlannedPupil
    guardian: PlannedGuardian
    relation: str
    known: KnownLink | None


@dataclass(slots=True, eq=False)
class PlannedEnrollment:
    """A class from a day on; `ends` is the enrolment that ends, or moves if it began no earlier."""

    pupil: PlannedPupil
    school_class: ClassName
    since_on: date
    ends: KnownEnrollment | None


@dataclass(slots=True)
class FamiliesPlan:
    """Everything an import of pupils writes; `day` is the first day of new ties."""

    day: date
    classes: list[ClassName] = field(default_factory=list)
    pupils: list[PlannedPupil] = field(default_factory=list)
    guardians: list[PlannedGuardian] = field(default_factory=list)
    links: list[PlannedLink] = field(default_factory=list)
    enrollments: list[PlannedEnrollment] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
