"""Models of the room, private to it."""

from services.regulation.models.setting import RegulationSetting

__all__ = ["RegulationSetting"]
