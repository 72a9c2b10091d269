"""Errors as problem+json (RFC 9457): a stable code, a Russian sentence."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from kernel.errors import DomainError, NotFound

TITLES = {
    400: "Запрос не понят",
    401: "Нужно войти",
    403: "Нельзя",
    404: "Не найдено",
    405: "Так обращаться нельзя",
    406: "Такого вида ответа нет",
    409: "Не получилось",
    415: "Такой вид данных не принимается",
    429: "Слишком часто",
}


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """Return a problem response."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Ошибка"),
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return Response(body, status=status, content_type="application/problem+json")


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate an error; None lets Django answer 500 and the tracker hear of it."""
    if isinstance(error, Http404 | NotFound):
        return problem(HTTPStatus.NOT_FOUND, NotFound.code, NotFound.message)
    if isinstance(error, DomainError):
        return problem(HTTPStatus.CONFLICT, error.code, error.message)
    if isinstance(error, ValidationError):
        detail = "Проверьте поля запроса."
        return problem(HTTPStatus.BAD_REQUEST, "bad-request", detail, errors=error.detail)
    if isinstance(error, APIException):
        code = str(getattr(error, "default_code", "error")).replace("_", "-")
        return problem(error.status_code, code, str(error.detail))
    return None
