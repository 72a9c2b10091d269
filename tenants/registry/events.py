"""What happened to the district as a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegionalDaysChanged:
    """The committee added or removed a day of the region; `edition` marks what is known now."""

    edition: str


@dataclass(frozen=True, slots=True)
class DistrictSettingChanged:
    """The committee set a value of the regulation: every school copies it."""

    key: str
