"""What happened to the access of families, as ids; names never travel in events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessGranted:
    """Guardians were given access to children; at most 200 grants in one event."""

    grant_ids: list[int]


@dataclass(frozen=True, slots=True)
class AccessRevoked:
    """Access was taken back; at most 200 grants in one event."""

    grant_ids: list[int]
