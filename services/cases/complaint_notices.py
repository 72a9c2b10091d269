"""What an applicant is told of a complaint to the school, once per state."""

from foundation.complaints.letters import write_to_applicant
from foundation.notify.operations import notify
from kernel.actor import Actor
from kernel.complaints import State
from services.cases.models import Complaint

TOLD = {
    State.REGISTERED: "Жалоба зарегистрирована",
    State.FORWARDED: "Жалоба направлена по принадлежности",
    State.ANSWERED: "Ответ на вашу жалобу готов",
    State.UNANSWERED: "Жалоба оставлена без ответа",
}


def tell_applicant(*, actor: Actor, complaint: Complaint, what: State) -> None:
    """Tell the applicant in the portal; one who came without signing in gets a letter."""
    if complaint.account_id is None:
        write_to_applicant(complaint, what, TOLD[what], actor.school.slug)
        return
    notify(
        account_ids=[complaint.account_id],
        kind="complaint",
        title=TOLD[what],
        text=f"Жалоба {complaint.number or complaint.reference}: {_text(complaint, what)}",
        url=f"/family/complaints/{actor.school.slug}/{complaint.pk}/",
        key=f"complaint:{complaint.pk}:{what.value}",
    )


def _text(complaint: Complaint, what: State) -> str:
    if what is State.REGISTERED and complaint.due_on:
        return f"школа рассмотрит её до {complaint.due_on:%d.%m.%Y}."
    if what is State.FORWARDED:
        return f"её передали: {complaint.forwarded_to}."
    if what is State.ANSWERED:
        return "решение принято, прочитайте ответ."
    return "причина указана на её странице."
