"""What drf-spectacular cannot guess: how one signs in, and what every address may answer."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from api.rest.problems import MEDIA_TYPE, TITLES

TOKEN = "token"  # noqa: S105 a name of a scheme
SESSION = "session"


class VisitorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A program's key, or the portal's own session."""

    target_class = "api.rest.authentication.VisitorAuthentication"
    name = [TOKEN, SESSION]

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """Return that either of the two is enough."""
        return [{TOKEN: []}, {SESSION: []}]

    def get_security_definition(self, auto_schema: Any) -> Any:
        """Return both schemes."""
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "«Token <ключ>»; ключ выдаёт POST /api/v1/token/.",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "okrug",
                "description": "Сеанс портала; при записи нужен ещё заголовок X-CSRFToken.",
            },
        ]


class ProblemSerializer(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="всегда about:blank: смысл несёт code")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="постоянный код, на него можно опираться")
    detail = serializers.CharField(help_text="фраза для человека")
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="по полям, когда code = bad-request"
    )


def problems(*statuses: int) -> dict[tuple[int, str] | int, Any]:
    """Return the answers for errors of these statuses."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=TITLES[status])
        for status in statuses
    }


def answers(body: Any, *statuses: int) -> dict[tuple[int, str] | int, Any]:
    """Return the answers of an address: the body, sign-in and busy, and these statuses."""
    return {200: body, **problems(401, *statuses, 503)}
