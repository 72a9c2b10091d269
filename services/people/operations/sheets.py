"""Sheets of activation on their way: printed, then handed over (ACC-004…008, SRV-017)."""

from collections.abc import Sequence
from datetime import date, datetime

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from services.people.access import check_on_duty, check_towards
from services.people.models import ActivationSheet, PersonKind
from services.people.queries.accounts import SheetPerson


def check_may_sheet(*, actor: Actor, right: Right, person: SheetPerson, on: date) -> None:
    """Raise `NotFound` unless the actor prints, or hands, the sheet of a person on a day.

    A class teacher does so for the pupils of the class and their parents; staff is the office's.
    """
    if person.kind == PersonKind.EMPLOYEE:
        check_on_duty(actor=actor, right=right, on=on)
        return
    if person.pupil_id is None:
        raise NotFound
    check_towards(actor=actor, right=right, pupil_id=person.pupil_id, on=on)


def note_printed(
    *, actor: Actor, people: Sequence[SheetPerson], on: date, now: datetime
) -> list[int]:
    """Note that sheets are printed and return their ids; earlier sheets of the people are dead."""
    for person in people:
        check_may_sheet(actor=actor, right=Right.SHEETS_PRINT, person=person, on=on)
    rows = ActivationSheet.objects.bulk_create(
        ActivationSheet(
            kind=person.kind,
            person_id=person.person_id,
            account_id=person.account_id,
            printed_at=now,
            printed_by=actor.account_id,
        )
        for person in people
        if person.account_id is not None
    )
    return [row.pk for row in rows]


def hand_over(*, actor: Actor, people: Sequence[SheetPerson], on: date, now: datetime) -> int:
    """Note that the newest sheets of people are handed over; return how many were not yet."""
    handed = 0
    for person in people:
        check_may_sheet(actor=actor, right=Right.SHEETS_HAND, person=person, on=on)
        sheet = (
            ActivationSheet.objects.select_for_update(of=("self",))
            .filter(kind=person.kind, person_id=person.person_id)
            .order_by("-pk")
            .first()
        )
        if sheet is None or sheet.handed_at is not None:
            continue
        sheet.handed_at, sheet.handed_by = now, actor.account_id
        sheet.save(update_fields=["handed_at", "handed_by"])
        handed += 1
    return handed
