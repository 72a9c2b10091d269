"""The menu of a person at work in a school: what roles and rights open, the most daily first."""

from django.urls import reverse

from kernel.actor import Actor
from kernel.rights import Right
from kernel.roles import Role
from portal.shell.navigation import NavItem
from portal.shell.rights import rights_of

# Route, title, icon, any of these roles or rights opens it.
SCHOOL_MENU: tuple[tuple[str, str, str, set[Role | Right]], ...] = (
    ("teacher:today", "Мой день", "clock", {Role.TEACHER}),
    (
        "teacher:journals",
        "Журналы",
        "journal",
        {Right.JOURNAL_READ_OWN, Right.JOURNAL_READ_CLASS, Right.JOURNAL_READ_ALL},
    ),
    (
        "reports:home",
        "Отчёты",
        "chart",
        {Right.REPORTS_READ_CLASS, Right.REPORTS_READ_SCHOOL},
    ),
    ("office:home", "Канцелярия", "people", {Right.PUPILS_LIST}),
    ("office:accounts", "Учётные записи", "key", {Right.ACCOUNTS_READ}),
    ("office:employees", "Сотрудники и роли", "account", {Right.STAFF_LIST}),
    ("office:service", "Услуга", "clip", {Right.CASES_READ}),
    ("office:printouts", "Распечатки", "print", {Right.PRINTOUTS_HAND}),
    (
        "office:due",
        "Сроки",
        "calendar",
        {Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY},
    ),
    ("office:complaints", "Жалобы", "message", {Role.MANAGEMENT, Role.SECRETARY}),
    ("office:consents", "Согласия", "check", {Right.CONSENTS_READ, Right.STAFF_KEEP}),
    ("office:quality", "Качество услуги", "chart", {Role.ADMINISTRATOR, Role.MANAGEMENT}),
    ("office:stand", "Стенд услуги", "info", {Right.REGULATION_CHANGE}),
    ("office:regulation", "Регламент", "scales", {Right.REGULATION_CHANGE}),
    ("office:imports", "Загрузка списков", "document", {Right.PEOPLE_IMPORT}),
    ("office:backups", "Резервные копии", "lock", {Role.ADMINISTRATOR, Role.MANAGEMENT}),
    (
        "office:upkeep",
        "Связь и работы",
        "health",
        {Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY},
    ),
    ("office:thefts", "Кражи входа", "lock", {Role.ADMINISTRATOR, Role.MANAGEMENT}),
    ("office:archive", "Архив школы", "download", {Role.ADMINISTRATOR, Role.MANAGEMENT}),
)


def school_menu(actor: Actor, current: str) -> list[NavItem]:
    """Return the items the actor's roles and rights open; `current` is the route of the page."""
    held = rights_of(actor)
    return [
        NavItem(
            title=title,
            url=reverse(route, kwargs={"school": actor.school.slug}),
            icon=icon,
            current=route == current,
        )
        for route, title, icon, needs in SCHOOL_MENU
        if not needs.isdisjoint(actor.roles) or not needs.isdisjoint(held)
    ]
