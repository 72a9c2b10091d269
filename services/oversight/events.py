"""What the committee did that concerns a school, as ids; names never travel in events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComplaintSentToSchool:
    """A complaint that is not the committee's goes to the school's head."""

    complaint_id: int


@dataclass(frozen=True, slots=True)
class CaseAsked:
    """The committee asked for the case a complaint is about."""

    snapshot_id: int


@dataclass(frozen=True, slots=True)
class InquirySent:
    """The committee asked the school about a complaint: from now on the head knows of it."""

    inquiry_id: int


@dataclass(frozen=True, slots=True)
class ComplaintEnded:
    """The committee answered or left a complaint: what it was shown is noted in the school."""

    complaint_id: int


@dataclass(frozen=True, slots=True)
class FindingSent:
    """A finding of a check goes to the school's head."""

    finding_id: int
