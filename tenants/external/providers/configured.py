"""The providers this installation works with, from settings.

`IDENTITY_PROVIDERS` is a list of factories: dotted names called without arguments, so that keys and
signers are made when the first person asks and not in a settings file.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from kernel.errors import NotFound
from tenants.external.rules import IdentityProvider


@cache
def _made(factory: str) -> IdentityProvider:
    provider: IdentityProvider = import_string(factory)()
    return provider


def list_providers() -> list[IdentityProvider]:
    """Return the providers in the order of the sign-in page."""
    return [_made(factory) for factory in settings.IDENTITY_PROVIDERS]


def get_provider(code: str) -> IdentityProvider:
    """Return a provider by its code; raise `NotFound`."""
    for provider in list_providers():
        if provider.code == code:
            return provider
    raise NotFound


def forget_providers() -> None:
    """Make the providers anew at the next question."""
    _made.cache_clear()
