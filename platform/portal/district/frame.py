"""The rail of the committee's pages."""

from django.urls import reverse

from portal.shell.navigation import NavItem

PAGES = (
    ("district:home", "Школы", "chart"),
    ("district:service", "Услуга", "document"),
    ("district:complaints", "Жалобы", "mail"),
    ("district:checks", "Проверки", "check"),
    ("district:calendar", "Дни региона", "calendar"),
    ("district:regulation", "Регламент", "scales"),
    ("district:backups", "Резервные копии", "lock"),
    ("district:due", "Калькулятор сроков", "clock"),
    ("district:upkeep", "Работа системы", "health"),
)


def district_menu(current: str) -> list[NavItem]:
    """Return the committee's pages; `current` is the route of the open one."""
    return [NavItem(title, reverse(route), icon, route == current) for route, title, icon in PAGES]
