"""Errors as problem+json (RFC 9457): a stable code, a Russian sentence.

One shape for what the rooms refuse, what DRF refuses and what never reaches a view: an unknown
address, a stale form, a broken server. `config.errors` sends the last three here.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from kernel.errors import DomainError, NotFound, Unavailable, Unreadable
from tenants.accounts.delays import TooManyAttempts

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30

TITLES = {
    400: "Запрос не понят",
    401: "Нужно войти",
    403: "Нельзя",
    404: "Не найдено",
    405: "Так обращаться нельзя",
    406: "Такого вида ответа нет",
    409: "Не получилось",
    413: "Слишком большой запрос",
    415: "Такой вид данных не принимается",
    429: "Слишком часто",
    500: "У нас что-то сломалось",
    503: "Сервис ненадолго занят",
}
BUSY = ("busy", "Повторите через полминуты. Записанное раньше не потеряно.")
STALE = ("csrf-failed", "Нет ключа формы или он устарел: обновите страницу или войдите ключом.")
BROKEN = ("broken", "Мы уже знаем об этом. Повторите через минуту с тем же ключом запроса.")
FIELDS = ("bad-request", "Проверьте поля запроса.")

# What DRF refuses by itself, in our words.
REFUSALS: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("unreadable-request", "Тело запроса не прочитано: нужен JSON в UTF-8."),
    exceptions.MethodNotAllowed: ("method-not-allowed", "По этому адресу так не обращаются."),
    exceptions.NotAcceptable: ("not-acceptable", "Ответ бывает только в виде JSON."),
    exceptions.UnsupportedMediaType: ("unsupported-media-type", "Тело запроса бывает только JSON."),
}


class BodyTooLarge(exceptions.APIException):
    """More bytes than any request of ours needs."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "body-too-large"
    default_detail = "Запрос больше мегабайта: разделите его."


class SignInRequired(exceptions.APIException):
    """An address that is open to all was asked for something that needs a key."""

    status_code = HTTPStatus.UNAUTHORIZED
    default_code = "sign-in-required"
    default_detail = "Предъявите действующий ключ."


class WrongPassword(exceptions.APIException):
    """No such login, a wrong password, an account that is closed: nobody is told which."""

    status_code = HTTPStatus.UNAUTHORIZED
    default_code = "wrong-password"
    default_detail = "Логин или пароль не подходят."


class SecondFactorNeeded(exceptions.APIException):
    """The password is right and not enough."""

    status_code = HTTPStatus.UNAUTHORIZED
    default_code = "second-factor-needed"
    default_detail = "Нужен второй фактор: действующий код. Настраивают его на страницах портала."


def problem_body(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return the members of a problem."""
    return {
        "type": "about:blank",
        "title": TITLES.get(status, "Ошибка"),
        "status": int(status),
        "code": code,
        "detail": detail,
        **more,
    }


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Return a problem as a view's response."""
    body = problem_body(status, code, detail, **more)
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate an error; None lets Django answer 500 and the tracker hear of it."""
    if isinstance(error, Unavailable):
        return problem(503, error.code, error.message, {"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, Http404 | NotFound):
        return problem(HTTPStatus.NOT_FOUND, NotFound.code, NotFound.message)
    if isinstance(error, TooManyAttempts):
        seconds = {"Retry-After": str(error.seconds)}
        return problem(HTTPStatus.TOO_MANY_REQUESTS, error.code, error.message, seconds)
    if isinstance(error, DomainError):
        status = 400 if isinstance(error, Unreadable) else HTTPStatus.CONFLICT
        return problem(status, error.code, error.message)
    if isinstance(error, OperationalError | InterfaceError):
        return problem(503, *BUSY, headers={"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, exceptions.ValidationError):
        return problem(HTTPStatus.BAD_REQUEST, *FIELDS, errors=error.detail)
    if isinstance(error, exceptions.APIException):
        code, detail = REFUSALS.get(
            type(error), (str(error.default_code).replace("_", "-"), str(error.detail))
        )
        headers = {"WWW-Authenticate": "Token"} if error.status_code == 401 else None
        return problem(error.status_code, code, detail, headers)
    return None


def _answer(status: int, code: str, detail: str) -> JsonResponse:
    body = problem_body(status, code, detail)
    ascii_free = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params=ascii_free)


def not_found(request: HttpRequest) -> JsonResponse:
    """Answer for an address that is not there, or not for this person."""
    return _answer(HTTPStatus.NOT_FOUND, NotFound.code, NotFound.message)


def bad_request(request: HttpRequest) -> JsonResponse:
    """Answer for a request Django itself would not read."""
    return _answer(HTTPStatus.BAD_REQUEST, *FIELDS)


def csrf_failure(request: HttpRequest) -> JsonResponse:
    """Answer for a change asked with a session but without the form's key."""
    return _answer(HTTPStatus.FORBIDDEN, *STALE)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer for a defect of ours."""
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, *BROKEN)


def service_unavailable(request: HttpRequest) -> JsonResponse:
    """Answer while the database does not."""
    return _answer_later(*BUSY)


def unavailable(request: HttpRequest, error: Unavailable) -> JsonResponse:
    """Answer for what is away for a while."""
    return _answer_later(error.code, error.message)


def _answer_later(code: str, detail: str) -> JsonResponse:
    answer = _answer(HTTPStatus.SERVICE_UNAVAILABLE, code, detail)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer
