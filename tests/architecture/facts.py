"""Facts about the installed models and routes, read from Django for `model_rules`."""

from collections.abc import Iterator
from configparser import ConfigParser

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.model_rules import KeyFact, ModelFact
from tests.architecture.rules import OWN_PACKAGES
from tests.architecture.tree import ROOT

WORDED = (models.CharField, models.TextField, models.DateField)


def own_apps() -> list[AppConfig]:
    """Return our apps that have models."""
    return [
        app
        for app in apps.get_app_configs()
        if app.name.split(".")[0] in OWN_PACKAGES and any(app.get_models())
    ]


def labels(names: list[str]) -> set[str]:
    """Return the app labels of a settings list."""
    return {app.label for app in apps.get_app_configs() if app.name in names}


def shared_labels() -> set[str]:
    """Return the labels of the apps with tables in the public schema."""
    return labels(settings.SHARED_APPS)


def school_labels() -> set[str]:
    """Return the labels of the apps with tables in every school's schema."""
    return labels(settings.TENANT_APPS)


def order() -> list[str]:
    """Return the labels from the ground up, as the contracts of `.importlinter` order them."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    floors = [
        name.strip("()")
        for floor in ("tenants", "rooms")
        for name in reversed(contracts[f"importlinter:contract:{floor}"]["layers"].split())
    ]
    ground = [app.label for app in own_apps() if app.name.startswith("foundation.")]
    return [*ground, *floors]


def keys() -> list[KeyFact]:
    """Return every relation that our models declare."""
    return [
        KeyFact(
            model._meta.label,
            field.name,
            _label(field.remote_field.model),
            field.remote_field.related_name,
        )
        for model in own_models()
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.remote_field is not None
    ]


def _label(target: type[models.Model] | str) -> str:
    """Return the label of a relation's model; one that is not loaded is still a string."""
    return target if isinstance(target, str) else target._meta.label


def model_facts() -> list[ModelFact]:
    """Return our models with the fields that may hold personal data."""
    return [
        ModelFact(
            model._meta.label,
            frozenset(one.name for one in model._meta.fields if isinstance(one, WORDED)),
            frozenset(one.name for one in model._meta.fields),
            getattr(model, "personal_data", {}),
        )
        for model in own_models()
    ]


def own_models() -> list[type[models.Model]]:
    """Return the models of our apps."""
    return [model for app in own_apps() for model in app.get_models(include_auto_created=True)]


def routes() -> list[str]:
    """Return the full name of every address, `namespace:name`; a nameless one ends in a colon."""
    return list(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield prefix + (entry.name or "")
