"""Models of the room, private to it."""

from services.regulation.models.right import RightRule
from services.regulation.models.setting import RegulationSetting

__all__ = ["RegulationSetting", "RightRule"]
