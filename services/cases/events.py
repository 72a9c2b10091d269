"""What happened to applications, as ids; names never travel in events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApplicationRegistered:
    """An application got its number in the register."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case came into a state."""

    case_id: int
    state: str


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """The family chose another way to get the information."""

    case_id: int


@dataclass(frozen=True, slots=True)
class ServiceMoved:
    """A child went to another school of the district, and the service goes on there."""

    case_id: int
    to_school_id: int


@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """A complaint came to the school: who works on complaints is told."""

    complaint_id: int


@dataclass(frozen=True, slots=True)
class ComplaintForwarded:
    """A complaint goes to the committee: it is not the school's."""

    complaint_id: int


@dataclass(frozen=True, slots=True)
class ComplaintsAreDue:
    """Terms of complaints run out: how many are near, due today, overdue."""

    nearing: int
    due: int
    overdue: int
    day: str


@dataclass(frozen=True, slots=True)
class LetterAnswered:
    """The school answered a letter of the committee."""

    letter_id: int


@dataclass(frozen=True, slots=True)
class LetterReceived:
    """A letter of the committee came: the head is told."""

    letter_id: int
