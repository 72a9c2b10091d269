"""`{% load family %}`: words the family's pages need."""

from django import template

register = template.Library()


@register.filter
def brief(subject: str) -> str:
    """Return the subject as a narrow list names it: «Труд (технология)» → «Труд».

    A language keeps its name: «Иностранный язык (английский)» → «Английский язык».
    """
    name, _, rest = subject.partition(" (")
    language = rest.removesuffix(")")
    if name == "Иностранный язык" and language.endswith("ий"):
        return f"{language.capitalize()} язык"
    return name
