"""Roles a person may hold (роли): nine of a school, two of the district, two of nobody in person.

Source: requirements ROL-001 (the nine school roles), ROL-003 (education authority).
"""

from enum import StrEnum


class Role(StrEnum):
    """A role; a person may hold several at once, also in several schools (ROL-021)."""

    ADMINISTRATOR = "administrator"
    MANAGEMENT = "management"
    TEACHER = "teacher"
    PUPIL = "pupil"
    GUARDIAN = "guardian"
    SECRETARY = "secretary"
    NURSE = "nurse"
    PSYCHOLOGIST = "psychologist"
    PERSONNEL = "personnel"
    DISTRICT_OFFICER = "district_officer"
    DISTRICT_ADMIN = "district_admin"
    SYSTEM = "system"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """Return the role's name as people read it."""
        return TITLES[self]


TITLES = {
    Role.ADMINISTRATOR: "Администратор",
    Role.MANAGEMENT: "Управление",
    Role.TEACHER: "Учитель",
    Role.PUPIL: "Ученик",
    Role.GUARDIAN: "Родитель",
    Role.SECRETARY: "Секретарь",
    Role.NURSE: "Медицинский работник",
    Role.PSYCHOLOGIST: "Психолог, социальный педагог",
    Role.PERSONNEL: "Специалист по кадрам",
    Role.DISTRICT_OFFICER: "Специалист комитета",
    Role.DISTRICT_ADMIN: "Администратор района",
    Role.SYSTEM: "Система",
    Role.PUBLIC: "Посетитель",
}

SCHOOL_ROLES = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.MANAGEMENT,
        Role.TEACHER,
        Role.PUPIL,
        Role.GUARDIAN,
        Role.SECRETARY,
        Role.NURSE,
        Role.PSYCHOLOGIST,
        Role.PERSONNEL,
    }
)
FAMILY_ROLES = frozenset({Role.PUPIL, Role.GUARDIAN})
STAFF_ROLES = SCHOOL_ROLES - FAMILY_ROLES
DISTRICT_ROLES = frozenset({Role.DISTRICT_OFFICER, Role.DISTRICT_ADMIN})
