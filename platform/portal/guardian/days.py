"""A day and a week of one child."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from kernel.day_words import MONTHS
from portal.guardian.family import Child, parse_day, render_child
from portal.guardian.spread import draw_spread
from services.diary.queries import DayPage, DiaryDay, get_day, get_week
from services.people.operations.looks import record_seen
from tenants.accounts.gate import Request


@never_cache
@require_GET
def day(request: Request, school: str, child: int) -> HttpResponse:
    """Show today, or `?day=`: lessons, tasks and marks; on a free day the school days around."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    asked = parse_day(request.GET.get("day", ""), today)
    now = clock.now()
    with school_transaction(actor, actor.school.id):
        page = get_day(actor=actor, pupil_id=child, day=asked, today=today)
        record_seen(actor=actor, page=f"diary:{child}", day=today, now=now)
    left = page.day.count_left(now)
    parts = _parts(page, is_today=asked == today, left=left)
    context = {"page": page, "now": now, "left": left, "parts": parts}
    return render_child(request, "guardian:day", page.child, context)


@never_cache
@require_GET
def week(request: Request, school: str, child: int) -> HttpResponse:
    """Show the week of today or of `?day=`; on a Sunday the coming one."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    current = today + timedelta(days=1) if today.isoweekday() == 7 else today
    asked = parse_day(request.GET.get("day", ""), current)
    with school_transaction(actor, actor.school.id):
        page = get_week(actor=actor, pupil_id=child, day=asked, today=today, with_names=False)
    shown = [one for one in page.days if one.lessons or one.day.isoweekday() < 6]
    context = {
        "page": page,
        "title": say_days(page.days[0].day, page.days[-1].day),
        "spread": draw_spread(shown, today=today, day_url=Child(page.child, actor.school).url()),
        "is_current": page.days[0].day <= current <= page.days[-1].day,
    }
    return render_child(request, "guardian:week", page.child, context)


def _parts(page: DayPage, *, is_today: bool, left: int) -> list[DiaryDay]:
    """Return the days a page shows, the one that is asked about first.

    While lessons go on it is today, after them the next school day; a free day has its neighbours.
    """
    if not page.day.lessons:
        around = [page.following, page.previous]
    elif not is_today:
        around = [page.day]
    else:
        around = [page.day, page.following] if left else [page.following, page.day]
    beside = [page.day] if page.day.tasks and not page.day.lessons else []
    return beside + [one for one in around if one is not None]


def say_days(first: date, last: date) -> str:
    """Return «16–21 ноября» or «30 ноября – 5 декабря»."""
    end = f"{last.day}\u00a0{MONTHS[last.month - 1]}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{first.day}\u00a0{MONTHS[first.month - 1]} – {end}"
