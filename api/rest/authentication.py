"""DRF's view of who is signed in: the gate has resolved it before."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class VisitorAuthentication(BaseAuthentication):
    """Take the visitor the gate found, by session or by token; CSRF is the middleware's."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the visitor as the user."""
        visitor = getattr(request._request, "visitor", None)
        return None if visitor is None else (visitor, None)

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme a 401 names."""
        return "Token"
