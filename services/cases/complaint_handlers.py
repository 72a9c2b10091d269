"""Telling the office that a complaint came or a term runs out; never whom it is about."""

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.operations import notify
from kernel.actor import Actor, SchoolRef
from kernel.complaints import is_about
from kernel.roles import Role
from services.cases.events import ComplaintReceived, ComplaintsAreDue, LetterReceived
from services.cases.operations.complaints import recount_terms
from services.cases.queries.complaints import get_suspects
from services.people import queries as people
from tenants.accounts.queries.members import list_members

OFFICE = (Role.MANAGEMENT, Role.SECRETARY)
HEADS = (Role.MANAGEMENT,)


def on_complaint_received(school: SchoolRef | None, event: ComplaintReceived) -> None:
    """Tell the office and the management of a new complaint, except whom it is about."""
    assert school is not None, "complaints to the head happen in schools"
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        suspects = get_suspects(complaint_id=event.complaint_id)
        known = [suspects.against_id] if suspects.against_id else []
        cards = people.get_employees(employee_ids=known)
    their_accounts = {card.account_id for card in cards.values()}
    with public_transaction():
        told = [
            account_id
            for account_id, name in list_members(school_id=school.id, roles=OFFICE).items()
            if account_id not in their_accounts
            and not is_about(
                against=suspects.against,
                against_id=None,
                last_name=name.split()[0] if name.split() else "",
                own_ids=(),
            )
        ]
        notify(
            account_ids=told,
            kind="complaint",
            title="Поступила жалоба",
            text="Зарегистрируйте её не позднее следующего рабочего дня.",
            url=f"/s/{school.slug}/office/complaints/{event.complaint_id}/",
            key=f"complaint:{school.id}:{event.complaint_id}:received",
        )


def on_complaints_due(school: SchoolRef | None, event: ComplaintsAreDue) -> None:
    """Tell the management how many complaints are near their term or late."""
    assert school is not None
    parts = [
        f"{words}: {number}"
        for words, number in (
            ("просрочено", event.overdue),
            ("срок сегодня", event.due),
            ("срок близко", event.nearing),
        )
        if number
    ]
    with public_transaction():
        notify(
            account_ids=list_members(school_id=school.id, roles=HEADS),
            kind="complaint",
            title="Сроки жалоб",
            text=f"{', '.join(parts).capitalize()}.",
            url=f"/s/{school.slug}/office/complaints/",
            key=f"complaints:{school.id}:due:{event.day}",
        )


def on_calendar_changed(school: SchoolRef | None, event: object) -> None:
    """Count the running terms of the school's complaints by the new calendar at once."""
    assert school is not None
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        recount_terms(actor=actor, now=clock.now())


def on_letter_received(school: SchoolRef | None, event: LetterReceived) -> None:
    """Tell the management of a letter of the committee."""
    assert school is not None
    with public_transaction():
        notify(
            account_ids=list_members(school_id=school.id, roles=HEADS),
            kind="committee-letter",
            title="Письмо комитета",
            text="Прочитайте и ответьте в срок.",
            url=f"/s/{school.slug}/office/committee/{event.letter_id}/",
            key=f"letter:{school.id}:{event.letter_id}",
        )
