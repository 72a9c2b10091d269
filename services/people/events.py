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


@dataclass(frozen=True, slots=True)
class ConsentAccepted:
    """A consent was signed and registered. `guardian_id` is None for the pupil's own consent."""

    consent_id: int
    pupil_id: int
    guardian_id: int | None


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A consent was withdrawn. `guardian_id` is None for the pupil's own consent."""

    consent_id: int
    pupil_id: int
    guardian_id: int | None


@dataclass(frozen=True, slots=True)
class GuardianLinkChanged:
    """A link was proposed, confirmed, limited or ended: whoever heeds it reads it anew."""

    link_id: int


@dataclass(frozen=True, slots=True)
class GuardianLinkRestored:
    """A link that a stolen account had ended, limited or altered stands as it stood before."""

    link_id: int


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role was given to an employee; the account gets it next."""

    change_id: int
    employee_id: int
    role: str


@dataclass(frozen=True, slots=True)
class RoleTaken:
    """A role was taken from an employee; the account loses it next."""

    change_id: int
    employee_id: int
    role: str


@dataclass(frozen=True, slots=True)
class EmployeeLeft:
    """The last working day of an employee is over: the access ends, authorship stays."""

    employee_id: int


@dataclass(frozen=True, slots=True)
class PupilLeft:
    """A pupil leaves, or has left, the school: whoever heeds it reads the classes anew.

    `ground` and `to_school_id` are what the order says; the night that repeats it knows neither.
    """

    pupil_id: int
    ground: str = ""
    to_school_id: int | None = None
