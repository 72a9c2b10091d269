"""Pages for what went wrong. Wired in config: handler404, handler500, CSRF_FAILURE_VIEW."""

from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from kernel.errors import DomainError, Unavailable
from portal.shell.context import build_context

AWAY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    code: int
    title: str
    advice: str
    retry: bool = False  # offer to load the same page again


NOT_UNDERSTOOD = Trouble(
    400,
    "Запрос не понят",
    "В адресе или в форме есть то, чего не бывает. Вернитесь назад и введите это заново.",
)
NOT_FOUND = Trouble(
    404,
    "Такой страницы нет или она не для вас",
    "Проверьте адрес. Если вас сюда направили, попросите прислать ссылку ещё раз.",
)
STALE_FORM = Trouble(
    403,
    "Форма устарела",
    "Страница долго была открыта. Вернитесь назад, обновите её и отправьте форму ещё раз.",
)
BROKEN = Trouble(
    500,
    "У нас что-то сломалось",
    "Мы уже знаем об этом. Записанное раньше не потеряно. Попробуйте ещё раз через минуту.",
    retry=True,
)
BUSY = Trouble(
    503,
    "Сервис ненадолго занят",
    "Подождите полминуты и обновите страницу. Записанное раньше не потеряно.",
    retry=True,
)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "shell/page_error.html", {"trouble": NOT_FOUND}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "shell/page_error.html", {"trouble": STALE_FORM}, status=403)


def bad_request(request: HttpRequest) -> HttpResponse:
    return _render_without_visitor(request, NOT_UNDERSTOOD)


def server_error(request: HttpRequest) -> HttpResponse:
    return _render_without_visitor(request, BROKEN)


def service_unavailable(
    request: HttpRequest, *, retry_after: int = 30, trouble: Trouble = BUSY
) -> HttpResponse:
    response = _render_without_visitor(request, trouble)
    response["Retry-After"] = str(retry_after)
    return response


def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    """Ask to come back: a page, or a problem for scripts; they try again by themselves."""
    if wants_json(request):
        answer = problem(503, error)
        answer["Retry-After"] = str(AWAY_SECONDS)
        return answer
    title = error.message.removesuffix(".")
    trouble = Trouble(503, title, "Подождите несколько минут и обновите страницу.", retry=True)
    return service_unavailable(request, retry_after=AWAY_SECONDS, trouble=trouble)


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks."""
    return "json" in request.headers.get("Accept", "")


def problem(status: int, error: DomainError) -> JsonResponse:
    """Return a refusal for a script: problem+json with the code of the error."""
    body = {
        "type": "about:blank",
        "title": "Не получилось",
        "status": int(status),
        "code": error.code,
        "detail": error.message,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _render_without_visitor(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Context processors stay out: the database may be what is broken."""
    try:
        around = build_context(request)
    except DatabaseError:  # not even the district's name is known
        vars(request)["district_name"] = ""
        around = build_context(request)
    context = {**around, "trouble": trouble, "messages": (), "csrf_token": ""}
    page = render_to_string("shell/page_error.html", context)
    return HttpResponse(page, status=trouble.code)
