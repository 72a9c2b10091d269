"""Letters to an applicant without an account: what moved, never what was said."""

from foundation.complaints.models import ComplaintBase
from foundation.notify.operations import notify_address
from kernel.complaints import Channel, State


def write_to_applicant(complaint: ComplaintBase, what: State, title: str, slug: str) -> None:
    """Write to the e-mail he left, if any, once per state; `slug` is the school's page to ask at.

    Who complained on paper gets the answer on paper. Expects an open transaction.
    """
    if complaint.channel == Channel.PAPER or not complaint.email:
        return
    notify_address(
        address=complaint.email,
        kind="complaint",
        title=f"{title}: {complaint.number or complaint.reference}",
        text="Состояние — по входящему номеру и коду, которые вы получили, когда подали жалобу.",
        url=f"/p/{slug}/complaint/status/",
        key=f"{complaint._meta.label_lower}:{complaint.pk}:{what.value}",
    )
