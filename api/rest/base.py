"""What every view of the API stands on: the visitor of the gate, CSRF, no caches."""

from typing import Any, ClassVar, cast

from django.utils.cache import add_never_cache_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.actor import Actor
from tenants.accounts.gate import Request as GateRequest
from tenants.accounts.visitor import Visitor


class ApiView(APIView):
    """A view behind the gate. A session needs the form's key (CSRF), a program's key does not."""

    needs_csrf: ClassVar[bool] = True

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view; DRF frees every view from CSRF, ours only those that say so."""
        view = super().as_view(**initkwargs)
        vars(view)["csrf_exempt"] = not cls.needs_csrf
        return view

    @property
    def gate_request(self) -> GateRequest:
        """Return the request as the gate left it."""
        return cast(GateRequest, self.request._request)

    @property
    def actor(self) -> Actor:
        """Return who acts in the school of the address."""
        return self.gate_request.actor

    @property
    def visitor(self) -> Visitor | None:
        """Return who is signed in."""
        return self.gate_request.visitor

    @property
    def request_id(self) -> str:
        """Return the request's id, for the journal of actions."""
        return str(self.gate_request.META.get("okrug.request_id", ""))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep what is answered out of every cache on the way."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer
