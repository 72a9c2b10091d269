"""Lists of people: pupils and employees, with search in the address."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation.db.door import school_transaction
from kernel.rights import Right
from portal.office.frame import link, staff_tabs, today_of
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact
from portal.shell.rights import rights_of
from services.people import queries
from services.people.access import check_on_duty, get_scope
from services.people.queries import PAGE_SIZE, DirectoryPage
from tenants.accounts.gate import Request


@never_cache
@require_GET
def pupils(request: Request, school: str) -> HttpResponse:
    """Show the pupils, found by words of their names; a class teacher sees the own class."""
    actor, on = request.actor, today_of(request.actor)
    words, page = _asked(request)
    with school_transaction(actor, actor.school.id):
        scope = get_scope(actor=actor, right=Right.PUPILS_LIST, on=on)
        found = queries.search_pupils(
            words=words,
            on=on,
            page=page,
            class_ids=None if scope.everybody else scope.class_ids,
        )
        counts = queries.count_people() if scope.everybody else None
    facts = [Fact(str(found.found), "обучающихся")]
    if counts is not None:
        facts = [
            Fact(str(counts["pupils"]), "обучающихся"),
            Fact(str(counts["guardians"]), "родителей и опекунов"),
            Fact(str(counts["employees"]), "работников"),
        ]
    return _show(
        request,
        found,
        {
            "nav": school_menu(actor, "office:home"),
            "title": "Канцелярия",
            "lead": "Кто учится в школе." if scope.everybody else "Ученики вашего класса.",
            "facts": facts,
            "place_title": "Класс",
            "tabs": [],
            "rows": [
                {"row": row, "url": link(actor, "pupil", pupil_id=row.id)} for row in found.rows
            ],
            "has_cards": Right.CARDS_READ in rights_of(actor),
        },
    )


@never_cache
@require_GET
def employees(request: Request, school: str) -> HttpResponse:
    """Show the employees, found by words of their names."""
    actor, on = request.actor, today_of(request.actor)
    words, page = _asked(request)
    with school_transaction(actor, actor.school.id):
        check_on_duty(actor=actor, right=Right.STAFF_LIST, on=on)
        found = queries.search_employees(words=words, page=page, on=on)
    return _show(
        request,
        found,
        {
            "nav": school_menu(actor, "office:employees"),
            "title": "Сотрудники и роли",
            "lead": "Кто работает в школе, за что отвечает и что может.",
            "facts": [Fact(str(found.found), "работников")],
            "place_title": "Должность",
            "tabs": staff_tabs(actor, "office:employees"),
            "rows": [
                {"row": row, "url": link(actor, "employee", employee_id=row.id)}
                for row in found.rows
            ],
            "has_cards": True,
        },
    )


def _asked(request: Request) -> tuple[str, int]:
    """Return the words and the page of the address."""
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    return request.GET.get("q", "").strip()[:100], page


def _show(request: Request, found: DirectoryPage, more: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    words, page = _asked(request)
    may_import = Right.PEOPLE_IMPORT in rights_of(actor)
    context = {
        "words": words,
        "found": found.found,
        "page": Paginator(range(found.found), PAGE_SIZE).get_page(page),
        "query": f"q={words}&" if words else "",
        "imports_url": link(actor, "imports") if may_import else "",
        **more,
    }
    return render(request, "office/people.html", context)
