"""What a form says of an empty field: what to fill in, never Django's «Обязательное поле»."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date

import pytest
from django import forms

import portal
from portal.regulation.pages import SettingForm
from portal.regulation.values import TICKS, WEEK
from services.regulation.queries import describe, list_scalars

UNSAID = forms.Field.default_error_messages["required"]


def find_forms() -> Iterator[type[forms.Form]]:
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        for one in vars(importlib.import_module(module.name)).values():
            is_form = isinstance(one, type) and issubclass(one, forms.Form)
            if is_form and one.__module__ == module.name:
                yield one


def list_unsaid(fields: dict[str, forms.Field]) -> list[str]:
    return [
        name
        for name, field in fields.items()
        if field.required
        and not field.widget.is_hidden
        and field.error_messages["required"] in (UNSAID, "")
    ]


@pytest.mark.parametrize(
    "form", list(find_forms()), ids=lambda one: f"{one.__module__}.{one.__name__}"
)
def test_required_field_says_what_to_fill_in(form):
    assert list_unsaid(form.base_fields) == []


@pytest.mark.parametrize("key", [*list_scalars(), *TICKS, WEEK])
def test_value_of_the_regulation_says_so_too(key):
    [(_, shipped)] = describe(keys=[key]).values()

    assert list_unsaid(SettingForm(key, shipped, today=date(2026, 11, 20)).fields) == []


def test_regulation_has_only_such_values():
    assert {type(value) for _, value in list_scalars().values()} == {bool, int, str}
