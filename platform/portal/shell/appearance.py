"""«Оформление»: theme, size, spacing, pictures. It is also the «версия для слабовидящих».

Kept in a cookie as `theme.size.spacing.pictures`, and in the account for a person's other devices.
Works signed out, without scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from tenants.accounts.operations import keep_appearance
from tenants.accounts.visitor import Visitor

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


@lru_cache(maxsize=256)
def draw_choices(chosen: Appearance) -> SafeString:
    """Return the four groups of radio buttons of the switch: they stand on every page."""
    groups = (
        (LEGENDS[name], [_draw_choice(name, *one, chosen) for one in titles.items()])
        for name, titles in CHOICES.items()
    )
    return format_html_join(
        "",
        '<fieldset class="choices"><legend>{}</legend><div>{}</div></fieldset>',
        ((legend, SafeString("".join(choices))) for legend, choices in groups),
    )


def _draw_choice(name: str, value: str, title: str, chosen: Appearance) -> SafeString:
    return format_html(
        '<label class="choice"><input type="radio" name="{}" value="{}"{}><span>{}</span></label>',
        name,
        value,
        SafeString(" checked" if value == getattr(chosen, name) else ""),
        title,
    )


def read_appearance(request: HttpRequest) -> Appearance:
    return Appearance.parse(request.COOKIES.get(settings.OKRUG_APPEARANCE_COOKIE, ""))


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen appearance, here and in the account, and go back to where it was chosen."""
    chosen = Appearance.choose(request.POST.dict())
    visitor = getattr(request, "visitor", None)
    if isinstance(visitor, Visitor):
        keep_appearance(account_id=visitor.account_id, appearance=chosen.encode())
    response = HttpResponseRedirect(_safe_way_back(request))
    keep_in_cookie(response, request, chosen)
    return response


def keep_in_cookie(response: HttpResponse, request: HttpRequest, chosen: Appearance) -> None:
    """Let the browser remember an appearance."""
    response.set_cookie(
        settings.OKRUG_APPEARANCE_COOKIE,
        chosen.encode(),
        max_age=COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _safe_way_back(request: HttpRequest) -> str:
    wish = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if safe else "/"
