"""Applications and complaints as tables for people, whole: who leaves takes them along."""

from collections.abc import Iterator

from kernel.actor import Actor
from services.cases.models import Application, Complaint
from tenants.archive.sheets import Sheet, flat_sheet

CASE = (
    *("number", "registered_on", "state", "channel", "kind"),
    *("applicant_last_name", "applicant_first_name", "applicant_middle_name", "relation"),
    *("phone", "email", "child_last_name", "child_first_name", "child_middle_name"),
    *("child_birth_date", "child_class", "delivery", "accepted_on", "due_on", "granted_on"),
    "ended_on",
)
COMPLAINT = (
    *("reference", "number", "received_on", "registered_on", "state", "channel", "target"),
    *("against", "last_name", "first_name", "middle_name", "residence", "phone", "email"),
    *("postal_address", "contested", "arguments", "case_number", "due_on", "outcome", "reasons"),
    *("measures", "apology", "next_steps", "decided_on", "decided_by_name", "answered_on"),
    "answer_manner",
)


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield the cases of the service and the complaints of the school that is open."""
    zone = actor.school.timezone
    yield flat_sheet(
        "заявления",
        "Заявления на услугу «Электронный дневник»",
        Application.objects.registered().order_by("registered_on", "pk"),
        CASE,
        zone=zone,
    )
    yield flat_sheet(
        "жалобы",
        "Жалобы, поданные в школу",
        Complaint.objects.order_by("received_on", "pk"),
        COMPLAINT,
        zone=zone,
    )
