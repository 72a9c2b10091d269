"""What happens to whole schools, told in the public schema."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchoolExportAsked:
    """Somebody asked for the archive of a school."""

    export_id: int


@dataclass(frozen=True, slots=True)
class SchoolArrived:
    """A school was made of an archive and works: what the district knows of it is to be counted."""

    school_id: int
