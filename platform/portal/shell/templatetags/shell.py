"""`{% load shell %}`: icons, badges, marks, and Russian dates, numbers and names."""

from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.shell import speech
from portal.shell.icons import ICONS

register = template.Library()

BADGE_ICONS = {"good": "done", "warn": "alert", "bad": "stop", "plain": "ring", "info": "info"}

register.filter("ru_date", speech.say_date)
register.filter("ru_full_date", speech.say_full_date)
register.filter("short_name", speech.shorten_name)
register.filter("ground", speech.say_ground)
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
