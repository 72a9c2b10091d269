"""Lists of people: pupils and employees, with search in the address."""

from collections.abc import Callable
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact, NavItem
from services.people import queries
from services.people.queries import PAGE_SIZE, DirectoryPage
from tenants.accounts.gate import Request

Find = Callable[[str, date, int], DirectoryPage]


@never_cache
@require_GET
def pupils(request: Request, school: str) -> HttpResponse:
    """Show the pupils, found by words of their names."""
    return _list(
        request,
        "office:home",
        lambda words, on, page: queries.find_pupils(words=words, on=on, page=page),
    )


@never_cache
@require_GET
def employees(request: Request, school: str) -> HttpResponse:
    """Show the employees, found by words of their names."""
    return _list(
        request,
        "office:employees",
        lambda words, on, page: queries.find_employees(words=words, page=page),
    )


def _list(request: Request, route: str, find: Find) -> HttpResponse:
    actor = request.actor
    words = request.GET.get("q", "").strip()[:100]
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    with school_transaction(actor, actor.school.id):
        found = find(words, clock.today(actor.school.timezone), page)
        counts = queries.count_people()
    place = {"school": actor.school.slug}
    context = {
        "nav": school_menu(actor, "office:home"),
        "facts": [
            Fact(str(counts["pupils"]), "обучающихся"),
            Fact(str(counts["guardians"]), "родителей и опекунов"),
            Fact(str(counts["employees"]), "работников"),
        ],
        "tabs": [
            NavItem(
                "Обучающиеся", reverse("office:home", kwargs=place), "", route == "office:home"
            ),
            NavItem(
                "Работники", reverse("office:employees", kwargs=place), "", route != "office:home"
            ),
        ],
        "is_pupils": route == "office:home",
        "words": words,
        "rows": found.rows,
        "found": found.found,
        "page": Paginator(range(found.found), PAGE_SIZE).get_page(page),
        "query": f"q={words}&" if words else "",
        "imports_url": reverse("office:imports", kwargs=place),
    }
    return render(request, "office/people.html", context)
