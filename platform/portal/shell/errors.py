"""Pages for what went wrong. Wired in config: handler404, handler500, CSRF_FAILURE_VIEW."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.shell.context import build_context


@dataclass(frozen=True, slots=True)
class Trouble:
    code: int
    title: str
    advice: str
    retry: bool = False  # offer to load the same page again


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


def server_error(request: HttpRequest) -> HttpResponse:
    return _render_without_visitor(request, BROKEN)


def service_unavailable(request: HttpRequest, *, retry_after: int = 30) -> HttpResponse:
    response = _render_without_visitor(request, BUSY)
    response["Retry-After"] = str(retry_after)
    return response


def _render_without_visitor(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Context processors stay out: the database may be what is broken."""
    context = {**build_context(request), "trouble": trouble, "messages": (), "csrf_token": ""}
    page = render_to_string("shell/page_error.html", context)
    return HttpResponse(page, status=trouble.code)
