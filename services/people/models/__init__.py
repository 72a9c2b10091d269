"""Models of the room, private to it."""

from services.people.models.appointments import Appointment, RoleChange
from services.people.models.classes import (
    ClassEnrollment,
    GroupMember,
    SchoolClass,
    TeachingGroup,
)
from services.people.models.consents import CONSENT_SEAL, Consent
from services.people.models.guardianship import GuardianLink
from services.people.models.imports import ImportJob
from services.people.models.looks import LastSeen, Look
from services.people.models.persons import BY_NAME, Employee, Guardian, Person, Pupil, Sex
from services.people.models.sheets import ActivationSheet, PersonKind
from services.people.models.subject_rights import DestructionAct, SubjectRequest

__all__ = [
    "BY_NAME",
    "CONSENT_SEAL",
    "ActivationSheet",
    "Appointment",
    "ClassEnrollment",
    "Consent",
    "DestructionAct",
    "Employee",
    "GroupMember",
    "Guardian",
    "GuardianLink",
    "ImportJob",
    "LastSeen",
    "Look",
    "Person",
    "PersonKind",
    "Pupil",
    "RoleChange",
    "SchoolClass",
    "Sex",
    "SubjectRequest",
    "TeachingGroup",
]
