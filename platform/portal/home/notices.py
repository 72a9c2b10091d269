"""«Уведомления»: what a person was told by every school of theirs and by the district."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.operations import mark_read
from foundation.notify.queries import NoticeCard, count_unread, get_notice, list_notices
from kernel.actor import SchoolRef
from kernel.errors import NotFound
from tenants.accounts.gate import Request
from tenants.accounts.visitor import Visitor
from tenants.registry.queries import get_district

DISTRICT = "-"  # in an address: no school's slug may begin with a hyphen
SHOWN = 100


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice with the place it comes from."""

    place: str
    place_title: str
    card: NoticeCard


@never_cache
@require_GET
def notices(request: Request) -> HttpResponse:
    """Show the newest notices of all places together."""
    visitor = _visitor(request)
    rows = [
        NoticeRow(school.slug if school else DISTRICT, _title(school), card)
        for school in _places(visitor)
        for card in _list(visitor, school)
    ]
    rows.sort(key=lambda row: row.card.created_at, reverse=True)
    context = {
        "rows": rows[:SHOWN],
        "unread": sum(not row.card.is_read for row in rows),
        "has_places": len({row.place for row in rows}) > 1,
    }
    return render(request, "home/notices.html", context)


@never_cache
@require_GET
def unread(request: Request) -> HttpResponse:
    """Answer how many notices wait: the number in the account menu."""
    visitor = _visitor(request)
    waiting = 0
    for school in _places(visitor):
        with _opened(visitor, school):
            waiting += count_unread(account_id=visitor.account_id)
    return JsonResponse({"unread": waiting})


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    visitor = _visitor(request)
    now = clock.now()
    for school in _places(visitor):
        with _opened(visitor, school):
            mark_read(account_id=visitor.account_id, now=now)
    return HttpResponseRedirect("/notices/")


@require_POST
def read_one(request: Request, place: str, notice_id: int) -> HttpResponse:
    """Mark a notice as read and lead to what it is about."""
    visitor = _visitor(request)
    school = next(
        (one for one in _places(visitor) if (one.slug if one else DISTRICT) == place), DISTRICT
    )
    if isinstance(school, str):
        raise NotFound
    with _opened(visitor, school):
        notice = get_notice(account_id=visitor.account_id, notice_id=notice_id)
        mark_read(account_id=visitor.account_id, now=clock.now(), notice_id=notice_id)
    is_ours = url_has_allowed_host_and_scheme(notice.url, {request.get_host()})
    return HttpResponseRedirect(notice.url if notice.url and is_ours else "/notices/")


def _visitor(request: Request) -> Visitor:
    assert request.visitor is not None
    return request.visitor


def _places(visitor: Visitor) -> list[SchoolRef | None]:
    return [None, *visitor.schools]


def _title(school: SchoolRef | None) -> str:
    return school.short_name if school else get_district().name


def _list(visitor: Visitor, school: SchoolRef | None) -> list[NoticeCard]:
    with _opened(visitor, school):
        return list_notices(account_id=visitor.account_id, limit=SHOWN)


@contextmanager
def _opened(visitor: Visitor, school: SchoolRef | None) -> Iterator[None]:
    """Open a place in the visitor's name."""
    if school is None:
        with public_transaction(account_id=visitor.account_id):
            yield
        return
    with school_transaction(visitor.actor_in(school.slug), school.id):
        yield
