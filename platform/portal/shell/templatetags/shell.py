"""`{% load shell %}`: icons, badges, marks, and Russian dates, numbers and names."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.shell import speech
from portal.shell.icons import ICONS
from portal.shell.navigation import NavItem

register = template.Library()

BADGE_ICONS = {"good": "done", "warn": "alert", "bad": "stop", "plain": "ring", "info": "info"}

ON_A_PHONE, IN_THE_BAR = 5, 4  # so many lines fit its bottom bar; of more, four and «Ещё»

register.filter("ru_date", speech.say_date)
register.filter("ru_full_date", speech.say_full_date)
register.filter("short_name", speech.shorten_name)
register.filter("ground", speech.say_ground)
register.filter("sentence", speech.say_sentence)
register.filter("count", speech.say_count)


@register.filter
def ru_day(day: date, today: date | None = None) -> str:
    """`{{ day|ru_day:today }}` → «Завтра, 13 марта»."""
    return speech.say_day(day, today)


@register.filter
def plural(number: int, forms: str) -> str:
    """`{{ 5|plural:"урок,урока,уроков" }}` → «5 уроков»."""
    return speech.count_things(number, forms.split(","))


@register.filter
def plural_word(number: int, forms: str) -> str:
    """The same without the number."""
    return speech.choose_form(number, forms.split(","))


# The same few on every page, forty times: drawn once, then handed out. `typed`: a safe string must
# not answer for a plain one.
@register.simple_tag
@lru_cache(maxsize=1024, typed=True)
def icon(name: str, title: str = "") -> SafeString:
    """Draw an icon; with `title` it speaks for itself, without it words must stand beside."""
    drawing = format_html('<path d="{}"/>', ICONS[name])
    if title:
        return format_html(
            '<svg class="icon icon-alone" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>',
            title,
            drawing,
        )
    return format_html('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
@lru_cache(maxsize=1024, typed=True)
def badge(state: str, word: str) -> SafeString:
    """`{% badge "warn" "до 15:40" %}`: a state is a word, a shape and a colour."""
    return format_html(
        '<span class="badge badge-{}">{}{}</span>', state, icon(BADGE_ICONS[state]), word
    )


@register.simple_tag
@lru_cache(maxsize=4096, typed=True)
def mark(value: str | int, title: str = "", size: str = "") -> SafeString:
    """A mark or an absence code; `title` is read aloud and shown on hover, `size` is "" or "l"."""
    text = str(value)
    kind = ("mark-low" if text in {"1", "2"} else "") if text.isdigit() else "mark-code"
    classes = " ".join(filter(None, ("mark", kind, f"mark-{size}" if size else "")))
    if not title:
        return format_html('<span class="{}">{}</span>', classes, text)
    return format_html('<abbr class="{}" title="{}">{}</abbr>', classes, title, text)


@register.simple_tag
def nav_lines(nav: Sequence[NavItem]) -> SafeString:
    """Draw the lines of the rail; on a phone those that do not fit the bar stand under «Ещё».

    As a template they took a fifth of every page's frame. Titles and addresses are escaped here.
    """
    return mark_safe("".join(_nav_lines(nav)))  # noqa: S308 escaped in its parts


def _nav_lines(nav: Sequence[NavItem]) -> Iterator[str]:
    rest = nav[IN_THE_BAR:] if len(nav) > ON_A_PHONE else ()
    for place, item in enumerate(nav):
        if item.section:
            yield f'<li class="nav-section" aria-hidden="true">{escape(item.section)}</li>'
        hidden = ' class="nav-rest"' if place >= IN_THE_BAR and rest else ""
        yield f"<li{hidden}>{_nav_link(item, 'nav-link')}</li>"
    if rest:
        current = ' aria-current="true"' if any(item.current for item in rest) else ""
        links = "".join(f"<li>{_nav_link(item, 'menu-item')}</li>" for item in rest)
        yield (
            f'<li class="nav-more"><details class="menu"><summary class="nav-link"{current}>'
            f"{icon('more')}<span>Ещё</span></summary>"
            f'<ul class="menu-body">{links}</ul></details></li>'
        )


def _nav_link(item: NavItem, look: str) -> str:
    current = ' aria-current="page"' if item.current else ""
    badge = f'<span class="count">{escape(item.badge)}</span>' if item.badge else ""
    return (
        f'<a class="{look}" href="{escape(item.url)}"{current}>'
        f"{icon(item.icon)}<span>{escape(item.title)}</span>{badge}</a>"
    )
