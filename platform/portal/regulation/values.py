"""Values of the regulation as people type and read them: numbers, words, yes, ticks, grounds.

A list of grounds is closed (SRV-011, SRV-012): those that ship stay, for other rooms stand on them;
what the local regulation adds is written one a line and keeps its code as long as its words.
"""

import hashlib
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

MISSING = "Укажите значение."
YES_NO = (("yes", "да"), ("no", "нет"))
WEEKS = (("5", "пять дней"), ("6", "шесть дней"))
WEEK = "deadline.week"
TICKS: dict[str, tuple[tuple[str, str], ...]] = {
    "consent.identification": (
        ("in_person", "лично, по документу"),
        ("esia", "через ЕСИА"),
        ("account", "учётной записью, подтверждённой школой"),
    ),
    "people.extra_fields": (
        ("phone", "телефон"),
        ("email", "электронная почта"),
        ("address", "адрес"),
    ),
}
GROUNDS = (
    "service.grounds.not_accepted",
    "service.grounds.refused",
    "service.grounds.suspended",
    "service.grounds.terminated",
)
LISTS = (*GROUNDS, *TICKS)
LONGEST_GROUND = 300

Pairs = list[list[str]]


def field_of(key: str, shipped: object) -> forms.Field:
    """Return the field in which a value of the key is typed."""
    said: dict[str, Any] = {"label": "Значение", "error_messages": {"required": MISSING}}
    if key in GROUNDS:
        return _grounds_field(cast("Pairs", shipped))
    if key in TICKS:
        return forms.MultipleChoiceField(
            choices=TICKS[key], widget=forms.CheckboxSelectMultiple, **said
        )
    if key == WEEK:
        return forms.ChoiceField(choices=WEEKS, **said)
    if isinstance(shipped, bool):
        return forms.ChoiceField(choices=YES_NO, **said)
    if isinstance(shipped, int):
        messages = {"required": MISSING, "invalid": "Напишите целое число."}
        return forms.IntegerField(
            label="Значение", min_value=0, max_value=3650, error_messages=messages
        )
    return forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 4}), **said)


def _grounds_field(shipped: Pairs) -> forms.Field:
    return forms.CharField(
        label="Свои основания",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Каждое с новой строки."
        + (" Остаются и эти: " + "; ".join(title for _, title in shipped) if shipped else ""),
    )


def as_typed(key: str, value: Any, shipped: object) -> Any:
    """Return a value as its field shows it."""
    if key in GROUNDS:
        ours = {code for code, _ in cast("Pairs", shipped)}
        return "\n".join(title for code, title in value if code not in ours)
    if key == WEEK:
        return str(value)
    return ("yes" if value else "no") if isinstance(value, bool) else value


def as_kept(key: str, typed: Any, shipped: object) -> Any:
    """Return what was typed as the regulation keeps it. Raise `ValidationError`."""
    if key in GROUNDS:
        return _read_grounds(typed, cast("Pairs", shipped))
    if key == WEEK:
        return int(typed)
    return typed == "yes" if isinstance(shipped, bool) else typed


def _read_grounds(typed: str, shipped: Pairs) -> Pairs:
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    known = {title for _, title in shipped}
    own = dict.fromkeys(line for line in lines if line and line not in known)
    if any(len(line) > LONGEST_GROUND for line in own):
        raise ValidationError(f"Основание — не длиннее {LONGEST_GROUND} знаков.")
    return [*shipped, *([_code_of(line), line] for line in own)]


def _code_of(title: str) -> str:
    """Return the code of a ground by its words: the same words, the same ground, in every year."""
    return f"own-{hashlib.sha256(title.encode()).hexdigest()[:8]}"


def say(key: str, value: Any) -> str:
    """Return a value in words."""
    if key in GROUNDS:
        return "; ".join(title for _, title in value) or "нет"
    if key in TICKS:
        return ", ".join(title for code, title in TICKS[key] if code in value)
    if key == WEEK:
        return dict(WEEKS)[str(value)]
    return dict(YES_NO)["yes" if value else "no"] if isinstance(value, bool) else str(value)
