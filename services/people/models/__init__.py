"""Models of the room, private to it."""

from services.people.models.classes import (
    ClassEnrollment,
    GroupMember,
    SchoolClass,
    TeachingGroup,
)
from services.people.models.guardianship import GuardianLink
from services.people.models.imports import ImportJob
from services.people.models.persons import BY_NAME, Employee, Guardian, Pupil, Sex

__all__ = [
    "BY_NAME",
    "ClassEnrollment",
    "Employee",
    "GroupMember",
    "Guardian",
    "GuardianLink",
    "ImportJob",
    "Pupil",
    "SchoolClass",
    "Sex",
    "TeachingGroup",
]
