"""Stolen sign-ins as the school sees them: report one, take back what it wrote, give it back.

ACC-009, ACC-010, AUD-006. The case lies in the public schema, the changes in the school's: two
transactions, the first only reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.audit.queries import Entry, list_changes_by
from foundation.audit.reversal import describe_reversal, reverse_changes
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from portal.office.forms_thefts import ReportForm
from portal.office.frame import crumbs
from portal.office.theft_words import JOURNAL_TABLES, say_change, say_reason, say_table
from portal.shell.menus import school_menu
from services.journal import operations as journal
from services.people import queries as people
from services.regulation.queries import get_setting
from services.regulation.queries.terms import get_due_day
from services.schedule import queries as schedule
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request
from tenants.accounts.operations import NoticeIsAhead, freeze_account, unfreeze_account
from tenants.accounts.queries import TheftCard, get_member_id, get_theft, list_thefts

REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of the stolen account: when, of what, how; what became or would become of it.

    `reason` says why it does not come back.
    """

    at: datetime
    what: str
    where: str
    change: str
    outcome: str
    reason: str
    is_void: bool


@never_cache
@require_http_methods(["GET", "POST"])
@require_fresh_confirmation
def thefts(request: Request, school: str) -> HttpResponse:
    """List the cases of the school's accounts; report a theft somebody told of."""
    actor, now = request.actor, clock.now()
    zone = ZoneInfo(actor.school.timezone)
    with override(zone):
        form = ReportForm(
            request.POST if request.method == "POST" else None,
            initial={"since": now.astimezone(zone)},
        )
        if request.method == "POST" and form.is_valid():
            case_id = _report(actor, form, now)
            if case_id is not None:
                return HttpResponseRedirect(_page(actor, case_id))
        with public_transaction(actor.account_id, actor.request_id):
            cases = list_thefts(school_id=actor.school.id)
        context = {
            "nav": school_menu(actor, "office:thefts"),
            "form": form,
            "cases": cases,
        }
        status = 400 if form.errors else 200
        return render(request, "office/thefts.html", context, status=status)


@never_cache
@require_GET
@require_fresh_confirmation
def theft(request: Request, school: str, case_id: int) -> HttpResponse:
    """Show everything the account changed since the notice, and what would become of it."""
    actor = request.actor
    with public_transaction(actor.account_id, actor.request_id):
        case = get_theft(school_id=actor.school.id, case_id=case_id)
    with school_transaction(actor, actor.school.id):
        rows = _list_rows(actor, case)
    context = {
        "nav": school_menu(actor, "office:thefts"),
        "crumbs": crumbs(actor, ("thefts", "Кражи входа"), page=case.display_name),
        "case": case,
        "rows": rows,
        "waiting": sum(not row.is_void for row in rows),
        "is_late": local_day(case.reported_at, actor.school.timezone) > case.due_on,
    }
    with override(ZoneInfo(actor.school.timezone)):
        return render(request, "office/theft.html", context)


@require_POST
@require_fresh_confirmation
def void(request: Request, school: str, case_id: int) -> HttpResponse:
    """Take back what the account changed, in every room that can; mark everything void."""
    actor, now = request.actor, clock.now()
    with public_transaction(actor.account_id, actor.request_id):
        case = get_theft(school_id=actor.school.id, case_id=case_id)
    account_id, since = case.account_id, case.noticed_at
    with school_transaction(actor, actor.school.id):
        of_journal = journal.void_changes(
            actor=actor, account_id=account_id, since=since, case_id=case.id
        )
        others = reverse_changes(
            actor=actor, account_id=account_id, since=since, case_id=case.id, now=now
        )
    outcomes = [*of_journal.outcomes.values(), *others.values()]
    back = outcomes.count(REVERSED)
    words = f"Возвращено изменений: {back}."
    if back < len(outcomes):
        words += f" Посмотрите и исправьте вручную: {len(outcomes) - back}. Причина — в таблице."
    messages.success(request, words)
    return HttpResponseRedirect(_page(actor, case_id))


@require_POST
@require_fresh_confirmation
def give_back(request: Request, school: str, case_id: int) -> HttpResponse:
    """Give the account back to its owner: a new activation sheet lets in."""
    actor = request.actor
    with public_transaction(actor.account_id, actor.request_id):
        case = get_theft(school_id=actor.school.id, case_id=case_id)
        unfreeze_account(account_id=case.account_id, by=actor.account_id, now=clock.now())
    messages.success(request, "Учётная запись открыта. Выдайте владельцу новый лист с кодом.")
    return HttpResponseRedirect(_page(actor, case_id))


def _report(actor: Actor, form: ReportForm, now: datetime) -> int | None:
    since = form.cleaned_data["since"]
    today = local_day(since, actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        days = get_setting(key="security.compromise_notice_workdays", on=today).value
        due = get_due_day(start=today, number=int(days), on=today)
    try:
        with public_transaction(actor.account_id, actor.request_id):
            return freeze_account(
                account_id=get_member_id(
                    school_id=actor.school.id, login=form.cleaned_data["login"]
                ),
                noticed_at=since,
                reported_by=actor.account_id,
                now=now,
                due_on=due.due_on,
            )
    except NotFound:
        form.add_error("login", "В вашей школе такого логина нет.")
    except NoticeIsAhead as error:
        form.add_error("since", error.message)
    return None


def _list_rows(actor: Actor, case: TheftCard) -> list[ChangeRow]:
    account_id, since = case.account_id, case.noticed_at
    of_journal = journal.describe_void(actor=actor, account_id=account_id, since=since)
    told = {**describe_reversal(account_id=account_id, since=since), **of_journal.outcomes}
    entries = list_changes_by(account_id=account_id, since=since)
    places = _places(entries)
    return [
        ChangeRow(
            at=entry.at,
            what=say_table(entry),
            where=places.get(entry.id, ""),
            change=say_change(entry),
            outcome=entry.void or told[entry.id],
            reason=say_reason(entry, entry.void or told[entry.id]),
            is_void=bool(entry.void),
        )
        for entry in reversed(entries)
    ]


def _places(entries: Iterable[Entry]) -> dict[int, str]:
    """Return «Алгебра, 16.11, 3 урок, Глебов Глеб» for entries of the journal."""
    told = {one.id: one for one in entries if one.table in JOURNAL_TABLES}
    lesson_of = {one.id: one.told("record_id") or one.told("lesson_id") for one in told.values()}
    lessons = {
        lesson_id: schedule.get_lesson(lesson_id=lesson_id) for lesson_id in set(lesson_of.values())
    }
    pupil_ids = {one.told("pupil_id") for one in told.values()} - {None}
    pupils = people.get_pupils(pupil_ids=pupil_ids)
    places = {}
    for entry_id, entry in told.items():
        lesson = lessons[lesson_of[entry_id]]
        pupil = pupils.get(entry.told("pupil_id"))
        parts = [lesson.subject_name, f"{lesson.date:%d.%m}", f"{lesson.number} урок"]
        places[entry_id] = ", ".join([*parts, str(pupil.name)] if pupil else parts)
    return places


def _page(actor: Actor, case_id: int) -> str:
    return reverse("office:theft", kwargs={"school": actor.school.slug, "case_id": case_id})
