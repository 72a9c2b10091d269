"""What happened to people, as ids; names never travel in events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PupilsEnrolled:
    """Pupils came; at most 200 in one event."""

    pupil_ids: list[int]


@dataclass(frozen=True, slots=True)
class GuardiansLinked:
    """Guardians were linked to children; at most 200 links in one event."""

    link_ids: list[int]


@dataclass(frozen=True, slots=True)
class EmployeesHired:
    """Employees came; at most 200 in one event."""

    employee_ids: list[int]
