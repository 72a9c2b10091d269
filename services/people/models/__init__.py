"""Models of the room, private to it."""

from services.people.models.classes import (
    ClassEnrollment,
    GroupMember,
    SchoolClass,
    TeachingGroup,
)
from services.people.models.guardianship import GuardianLink
from services.people.models.imports import ImportJob
from services.people.models.persons import Employee, Guardian, Pupil

__all__ = [
    "ClassEnrollment",
    "Employee",
    "GroupMember",
    "Guardian",
    "GuardianLink",
    "ImportJob",
    "Pupil",
    "SchoolClass",
    "TeachingGroup",
]
