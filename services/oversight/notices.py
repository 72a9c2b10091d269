"""Whom the committee's complaints are told to: the applicant, the officers; never whom about."""

from collections.abc import Sequence
from datetime import date

from foundation.complaints.letters import write_to_applicant
from foundation.complaints.reading import ComplaintRow
from foundation.notify.operations import notify
from kernel.complaints import State
from kernel.roles import DISTRICT_ROLES
from services.oversight.access import Officer, may_see
from services.oversight.models import Complaint
from tenants.accounts.queries.members import list_members
from tenants.registry.queries import list_schools

TOLD = {
    State.REGISTERED: ("Жалоба зарегистрирована", "комитет рассмотрит её до {due}."),
    State.FORWARDED: ("Жалоба направлена по принадлежности", "её передали директору школы."),
    State.ANSWERED: ("Ответ на вашу жалобу готов", "решение принято, прочитайте ответ."),
    State.UNANSWERED: ("Жалоба оставлена без ответа", "причина указана на её странице."),
}


def tell_applicant(*, complaint: Complaint, what: State) -> None:
    """Tell the applicant in the portal; one who came without signing in gets a letter."""
    title, text = TOLD[what]
    if complaint.account_id is None:
        slugs = {school.id: school.slug for school in list_schools()}
        if complaint.school_id in slugs:  # a closed school has no page to ask at
            write_to_applicant(complaint, what, title, slugs[complaint.school_id])
        return
    due = f"{complaint.due_on:%d.%m.%Y}" if complaint.due_on else ""
    notify(
        account_ids=[complaint.account_id],
        kind="complaint",
        title=title,
        text=f"Жалоба {complaint.number or complaint.reference}: {text.format(due=due)}",
        url=f"/family/complaints/-/{complaint.pk}/",
        key=f"oversight-complaint:{complaint.pk}:{what.value}",
    )


def tell_officers(
    *, complaint: Complaint, only: int | None = None, reply_to: int | None = None
) -> None:
    """Tell the committee that a complaint came, was given to one, or that a school explained."""
    title, text, key = "Поступила жалоба", "Зарегистрируйте её не позднее срока.", "received"
    if only is not None:
        title, text, key = "Вам поручена жалоба", "Рассмотрите её в срок.", f"given:{only}"
    if reply_to is not None:
        title, text, key = "Школа дала пояснения", "Прочитайте их в жалобе.", f"reply:{reply_to}"
        only = complaint.assigned_to
    names = list_members(school_id=None, roles=DISTRICT_ROLES)
    told = [
        account_id
        for account_id, name in names.items()
        if only in (None, account_id)
        and may_see(complaint, Officer(account_id, name, DISTRICT_ROLES))
    ]
    notify(
        account_ids=told,
        kind="complaint",
        title=title,
        text=text,
        url=f"/district/complaints/{complaint.pk}/",
        key=f"oversight-complaint:{complaint.pk}:{key}",
    )


def tell_of_terms(*, pressing: Sequence[ComplaintRow], findings: int, day: date) -> None:
    """Tell the committee how many terms are near or over, once a day."""
    late = sum(row.lateness == "overdue" for row in pressing)
    parts = [
        f"{words}: {number}"
        for words, number in (
            ("жалоб просрочено", late),
            ("жалоб с близким сроком", len(pressing) - late),
            ("нарушений не устранено в срок", findings),
        )
        if number
    ]
    if not parts:
        return
    notify(
        account_ids=list_members(school_id=None, roles=DISTRICT_ROLES),
        kind="complaint",
        title="Сроки жалоб и проверок",
        text=f"{', '.join(parts).capitalize()}.",
        url="/district/complaints/?state=open",
        key=f"oversight:due:{day.isoformat()}",
    )
