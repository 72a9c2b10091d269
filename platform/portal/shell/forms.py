"""How Django's forms look in the portal: `{{ form }}` and `{{ form.login.as_field_group }}`.

Wired in config: FORM_RENDERER = "portal.shell.forms.ShellRenderer".
"""

from collections.abc import Iterable

from django import forms
from django.forms.renderers import DjangoTemplates


class ShellRenderer(DjangoTemplates):
    form_template_name = "shell/forms/form.html"
    field_template_name = "shell/forms/field.html"


def offer(form: forms.Form, name: str, choices: Iterable[tuple[object, str]]) -> None:
    """Let a field of a form be chosen from (value, title) pairs known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
