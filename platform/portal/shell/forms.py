"""How Django's forms look in the portal: `{{ form }}` and `{{ form.login.as_field_group }}`.

Wired in config: FORM_RENDERER = "portal.shell.forms.ShellRenderer".
"""

from django.forms.renderers import DjangoTemplates


class ShellRenderer(DjangoTemplates):
    form_template_name = "shell/forms/form.html"
    field_template_name = "shell/forms/field.html"
