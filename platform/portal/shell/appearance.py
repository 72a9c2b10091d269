"""«Оформление»: theme, size, spacing, pictures. It is also the «версия для слабовидящих».

Kept in the cookie `appearance` as `theme.size.spacing.pictures`. Works signed out, without scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE: Final = "appearance"
COOKIE_AGE: Final = 365 * 24 * 3600

CHOICES: Final[dict[str, dict[str, str]]] = {
    "theme": {
        "auto": "Как на устройстве",
        "light": "Светлая",
        "dark": "Тёмная",
        "contrast": "Чёрным по белому",
        "contrast-dark": "Белым по чёрному",
    },
    "size": {"100": "Обычный", "125": "Крупный", "150": "Очень крупный"},
    "spacing": {"normal": "Обычные", "wide": "Широкие"},
    "pictures": {"on": "Показывать", "off": "Скрывать"},
}
LEGENDS: Final = {
    "theme": "Цвета",
    "size": "Размер текста",
    "spacing": "Промежутки",
    "pictures": "Картинки",
}


@dataclass(frozen=True, slots=True)
class Appearance:
    """Choices of one reader; every value is one of CHOICES."""

    theme: str = "auto"
    size: str = "100"
    spacing: str = "normal"
    pictures: str = "on"

    @classmethod
    def choose(cls, wishes: Mapping[str, str]) -> Self:
        """Take the known values of `wishes`, the default for the rest."""
        known = {
            name: value
            for name, value in wishes.items()
            if name in CHOICES and value in CHOICES[name]
        }
        return cls(**known)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `encode` wrote; a spoilt value means the default."""
        return cls.choose(dict(zip(CHOICES, text.split("."), strict=False)))

    def encode(self) -> str:
        return ".".join((self.theme, self.size, self.spacing, self.pictures))


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    name: str
    legend: str
    options: tuple[Option, ...]


def list_option_groups(chosen: Appearance) -> tuple[OptionGroup, ...]:
    """Return the four groups of radio buttons of the switch."""
    return tuple(
        OptionGroup(
            name,
            LEGENDS[name],
            tuple(
                Option(value, title, value == getattr(chosen, name))
                for value, title in titles.items()
            ),
        )
        for name, titles in CHOICES.items()
    )


def read_appearance(request: HttpRequest) -> Appearance:
    return Appearance.parse(request.COOKIES.get(COOKIE, ""))


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen appearance and go back to the page it was chosen on."""
    chosen = Appearance.choose(request.POST.dict())
    response = redirect(_safe_way_back(request))
    response.set_cookie(
        COOKIE,
        chosen.encode(),
        max_age=COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _safe_way_back(request: HttpRequest) -> str:
    wish = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if safe else "/"
