"""Accounts to hand out: who waits, sheets of activation, the register (ACC-004…008, SRV-017)."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.documents.codes import qr_svg
from foundation.documents.rendering import render_pdf
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from portal.office.frame import crumbs, link, today_of
from portal.shell.menus import school_menu
from portal.shell.navigation import Fact, NavItem
from services.people import operations, queries
from services.people.access import Scope
from services.people.queries import SheetPerson
from services.regulation.queries import get_settings
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request
from tenants.accounts.operations import ActivationCodeIsOfNoUse, issue_activation_code
from tenants.accounts.queries.roles import get_logins, list_activated

KINDS = {"pupil": "ученик", "guardian": "родитель", "employee": "работник"}
ACTIVATION_DAYS = "access.activation_days"
LARGEST_BATCH = 120
STAFF = "staff"


class NobodyIsChosen(DomainError):
    """The form names nobody the actor may print for."""

    code = "nobody-is-chosen"
    message = "Отметьте, для кого печатать."


class TooManyAtOnce(DomainError):
    """A batch is a class, not a school."""

    code = "too-many-at-once"
    message = f"За один раз — не больше {LARGEST_BATCH} листов."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person in the queue, as the page shows it."""

    person: SheetPerson
    is_active: bool
    state: str
    word: str

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to do: handed over, or in use already."""
        return self.state == "good"


FRESH, PRINTED, ALL = "fresh", "printed", "all"
# What the page of a group shows: a title, and who is there.
PARTS: dict[str, tuple[str, Callable[[Waiting], bool]]] = {
    FRESH: ("Не напечатаны", lambda row: not row.is_done and row.person.printed_at is None),
    PRINTED: ("Не вручены", lambda row: not row.is_done and row.person.printed_at is not None),
    ALL: ("Все", lambda row: True),
}


@never_cache
@require_GET
def queue(request: Request, school: str) -> HttpResponse:
    """Show by class how many wait for a sheet and how many are late."""
    actor, on = request.actor, today_of(request.actor)
    rows = _read(actor, on)
    groups: dict[str, list[Waiting]] = {}
    titles: dict[str, str] = {}
    for row in rows:
        key = STAFF if row.person.class_id is None else str(row.person.class_id)
        titles[key] = "Работники" if key == STAFF else row.person.place
        groups.setdefault(key, []).append(row)
    waiting = [row for row in rows if not row.is_done]
    late = sum(row.person.is_overdue(on) for row in waiting)
    context = {
        "nav": school_menu(actor, "office:accounts"),
        "facts": [
            Fact(str(len(rows)), "человек"),
            Fact(str(len(waiting)), "ждут листа"),
            Fact(str(late), "просрочено", "bad" if late else ""),
        ],
        "groups": [
            {
                "title": titles[key],
                "url": link(actor, "accounts-of", group=key),
                "all": len(found),
                "waiting": sum(not row.is_done for row in found),
                "late": sum(row.person.is_overdue(on) for row in found if not row.is_done),
                "due": min((r.person.due_on for r in found if not r.is_done), default=None),
            }
            for key, found in groups.items()
        ],
    }
    return render(request, "office/accounts/queue.html", context)


@never_cache
@require_GET
def group(request: Request, school: str, group: str) -> HttpResponse:
    """Show the people of a class, or the staff: what to print, what to hand over, or everybody.

    Only who is to get a sheet now is ticked: a new code kills the one on a sheet already printed.
    With `?person=` it is one person, to whom a case or a card leads.
    """
    actor, on = request.actor, today_of(request.actor)
    rows = _rows_of_group(_read(actor, on), group)
    with school_transaction(actor, actor.school.id):
        prints, hands = queries.may_print(actor=actor, on=on)
    parts = {code: [row for row in rows if is_in(row)] for code, (_, is_in) in PARTS.items()}
    part = request.GET.get("part", "")
    person = request.GET.get("person", "")
    if part not in parts:
        part = next((code for code in (FRESH, PRINTED) if parts[code] and not person), ALL)
    shown = [row for row in parts[part] if person in ("", row.person.key)]
    here = link(actor, "accounts-of", group=group)
    context = {
        "tabs": [
            NavItem(title, f"{here}?part={code}", "", code == part, str(len(parts[code])))
            for code, (title, _) in PARTS.items()
        ],
        "is_ticked": part != ALL or person != "",
        "nav": school_menu(actor, "office:accounts"),
        "crumbs": crumbs(actor, ("accounts", "Учётные записи"), page=_title(rows)),
        "title": _title(rows),
        "rows": [
            {"row": row, "kind": KINDS[row.person.kind], "is_late": row.person.is_overdue(on)}
            for row in shown
        ],
        "may_print": _reaches(prints, rows[0].person),
        "may_hand": part != FRESH and _reaches(hands, rows[0].person),
        "print_url": link(actor, "sheets", group=group),
        "hand_url": link(actor, "sheets-hand", group=group),
        "register_url": link(actor, "sheets-register", group=group),
    }
    return render(request, "office/accounts/group.html", context)


def is_batch(request: Request) -> bool:
    """Return whether sheets of several people are asked for: the keys of a whole class."""
    return len(request.POST.getlist("person")) > 1


@never_cache
@require_POST
@confirm_mass_export(when=is_batch)
def print_sheets(request: Request, school: str, group: str) -> HttpResponse:
    """Print sheets with new codes: the earlier codes of these people die."""
    actor, on, now = request.actor, today_of(request.actor), clock.now()
    rows = _rows_of_group(_read(actor, on), group)
    _check_reach(actor, Right.SHEETS_PRINT, rows, on)
    chosen = _chosen(request, (row.person for row in rows))
    with school_transaction(actor, actor.school.id):
        for person in chosen:
            operations.check_may_sheet(actor=actor, right=Right.SHEETS_PRINT, person=person, on=on)
        keys = [f"sheet.duties.{kind}" for kind in KINDS]
        settings = get_settings(keys=[*keys, "operator.name", ACTIVATION_DAYS], on=on)
    days = int(settings[ACTIVATION_DAYS].value)
    logins, codes = _issue_codes(actor, chosen, now, days)
    printed = [person for person in chosen if person.key in codes]
    with school_transaction(actor, actor.school.id):
        operations.note_printed(actor=actor, people=printed, on=on, now=now)
    address = request.build_absolute_uri(reverse("home:activate"))
    data = {
        "title": f"Листы активации: {_title(rows)}",
        "school": settings["operator.name"].value or actor.school.short_name,
        "printed_on": on.isoformat(),
        "valid_until": (on + timedelta(days=days - 1)).isoformat(),
        "address": address,
        "people": [
            {
                "name": str(person.name),
                "place_title": "Должность" if person.kind == "employee" else "Класс",
                "place": person.place,
                "login": logins[person.account_id or 0],
                "code": codes[person.key],
                "qr": qr_svg(f"{address}#{codes[person.key]}"),
                "duties": settings[f"sheet.duties.{person.kind}"].value,
            }
            for person in printed
        ],
    }
    content = render_pdf(template="people/activation_sheets.typ", data=data)
    return _pdf(content, "listy-aktivacii.pdf")


def _issue_codes(
    actor: Actor, chosen: Sequence[SheetPerson], now: datetime, days: int
) -> tuple[dict[int, str], dict[str, str]]:
    """Return the logins by account and the new codes by person; closed accounts get none."""
    codes: dict[str, str] = {}
    with public_transaction(actor.account_id, actor.request_id):
        logins = get_logins(account_ids=[p.account_id for p in chosen if p.account_id])
        for person in chosen:
            with contextlib.suppress(ActivationCodeIsOfNoUse):
                codes[person.key] = issue_activation_code(
                    account_id=person.account_id or 0,
                    issued_by=actor.account_id,
                    now=now,
                    valid_days=days,
                )
    if not codes:
        raise ActivationCodeIsOfNoUse("Учётные записи закрыты или заморожены: коды не выданы.")
    return logins, codes


@never_cache
@require_POST
def hand(request: Request, school: str, group: str) -> HttpResponse:
    """Tick that sheets are handed over."""
    actor, on = request.actor, today_of(request.actor)
    rows = _rows_of_group(_read(actor, on), group)
    _check_reach(actor, Right.SHEETS_HAND, rows, on)
    chosen = _chosen(request, (row.person for row in rows))
    with school_transaction(actor, actor.school.id):
        handed = operations.hand_over(actor=actor, people=chosen, on=on, now=clock.now())
    if handed:
        messages.success(request, f"Отмечено вручение: {handed}.")
    else:
        messages.info(request, "Отмечать нечего: листы не напечатаны или уже вручены.")
    return HttpResponseRedirect(link(actor, "accounts-of", group=group))


@never_cache
@require_GET
@confirm_mass_export()
def register(request: Request, school: str, group: str) -> HttpResponse:
    """Print the hand-out register of a class with a column for signatures."""
    actor, on = request.actor, today_of(request.actor)
    rows = [row for row in _rows_of_group(_read(actor, on), group) if row.person.account_id]
    zone = ZoneInfo(actor.school.timezone)
    with public_transaction():
        logins = get_logins(account_ids=[row.person.account_id or 0 for row in rows])

    def day(moment: Any) -> str:
        return f"{moment.astimezone(zone):%d.%m.%Y}" if moment else ""

    data = {
        "school": actor.school.short_name,
        "on": on.isoformat(),
        "subtitle": _title(rows) if rows else "",
        "rows": [
            [
                str(number),
                str(row.person.name),
                KINDS[row.person.kind],
                row.person.place,
                logins.get(row.person.account_id or 0, ""),
                day(row.person.printed_at),
                day(row.person.handed_at),
                "",
            ]
            for number, row in enumerate(rows, 1)
        ],
    }
    return _pdf(
        render_pdf(template="people/handout_register.typ", data=data), "vedomost-vydachi.pdf"
    )


def _read(actor: Actor, on: date) -> list[Waiting]:
    """Return everybody in the actor's sight, with what is known of the account."""
    with school_transaction(actor, actor.school.id):
        people = queries.list_sheet_people(actor=actor, on=on)
    with public_transaction():
        active = list_activated(account_ids={p.account_id for p in people if p.account_id})
    return [_waiting(one, one.account_id in active) for one in people]


def _waiting(person: SheetPerson, is_active: bool) -> Waiting:
    if is_active:
        return Waiting(person, True, "good", "входит сам")
    if person.account_id is None:
        return Waiting(person, False, "info", "учётная запись открывается")
    if person.handed_at:
        return Waiting(person, False, "good", "вручён")
    if person.printed_at:
        return Waiting(person, False, "warn", "напечатан, не вручён")
    return Waiting(person, False, "plain", "не напечатан")


def _rows_of_group(rows: list[Waiting], group: str) -> list[Waiting]:
    found = [
        row
        for row in rows
        if (STAFF if row.person.class_id is None else str(row.person.class_id)) == group
    ]
    if not found:
        raise NotFound
    return found


def _chosen(request: Request, people: Iterable[SheetPerson]) -> list[SheetPerson]:
    keys = set(request.POST.getlist("person"))
    chosen = [one for one in people if one.key in keys and one.account_id is not None]
    if not chosen:
        raise NobodyIsChosen
    if len(chosen) > LARGEST_BATCH:
        raise TooManyAtOnce
    return chosen


def _check_reach(actor: Actor, right: Right, rows: list[Waiting], on: date) -> None:
    """Raise `NotFound` unless the actor has a right towards the group, before anything is asked."""
    with school_transaction(actor, actor.school.id):
        operations.check_may_sheet(actor=actor, right=right, person=rows[0].person, on=on)


def _reaches(scope: Scope | None, person: SheetPerson) -> bool:
    if scope is None:
        return False
    return scope.everybody or person.class_id in scope.class_ids


def _title(rows: list[Waiting]) -> str:
    person = rows[0].person
    return "Работники" if person.class_id is None else f"{person.place} класс"


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
