"""Asking a provider over the network: JSON objects only, every trouble one error."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from foundation.transport.hosts import WayOutIsClosed
from foundation.transport.http import HTTPError, client
from tenants.external.rules import ProviderIsSilent, SignInRefused

PURPOSE = "identity"
logger = logging.getLogger(__name__)


def get_json(url: str, *, bearer: str = "") -> dict[str, Any]:
    """Return the JSON object at the address; raise `ProviderIsSilent`."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return _ask("GET", url, headers=headers)


def post_form(url: str, *, form: Mapping[str, str], auth: tuple[str, str] | None) -> dict[str, Any]:
    """Post a form and return the JSON object; raise `ProviderIsSilent`, `SignInRefused`."""
    return _ask("POST", url, data=dict(form), auth=auth)


def _ask(method: str, url: str, **how: Any) -> dict[str, Any]:
    try:
        with client(PURPOSE) as web:
            answer = web.request(method, url, **how)
        answered = answer.json()
    except (WayOutIsClosed, HTTPError, ValueError) as error:
        logger.warning("identity.provider_silent", exc_info=True)
        raise ProviderIsSilent from error
    if 400 <= answer.status_code < 500 and method == "POST":
        raise SignInRefused
    if answer.status_code != HTTPStatus.OK or not isinstance(answered, dict):
        raise ProviderIsSilent
    return answered
