"""Handing a complaint in: to the school's head or to the committee, by whom it is about.

A complaint about the head never enters the school: it goes straight to the committee's room.
"""

import uuid
from typing import Any

from django.http import QueryDict

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.complaints import (
    Body,
    Channel,
    ComplaintIsIncomplete,
    Procedure,
    WrongAddressee,
    is_addressed_to,
)
from kernel.errors import DomainError
from portal.complaints.form import ComplaintForm, show_errors
from services.cases.operations import complaints as school_side
from services.cases.operations.complaints import Accepted
from services.cases.queries.complaint_procedure import get_procedure
from services.oversight import operations as committee_side


def build_form(
    actor: Actor, posted: QueryDict | None = None, files: Any = None, initial: Any = None
) -> ComplaintForm:
    """Return the form with the grounds of the school's regulation."""
    return ComplaintForm(posted, files, initial=initial, procedure=read_procedure(actor))


def read_procedure(actor: Actor) -> Procedure:
    """Return the procedure as it holds in the school today."""
    with school_transaction(actor, actor.school.id):
        return get_procedure(on=clock.today(actor.school.timezone))


def read_key(posted: QueryDict) -> uuid.UUID:
    """Return the key of the request; a broken one is a new one."""
    try:
        return uuid.UUID(posted.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def submit(
    actor: Actor, form: ComplaintForm, *, key: uuid.UUID, channel: Channel
) -> Accepted | None:
    """Hand a valid form in; None when the domain refused, with its words in the form."""
    draft, uploads = form.draft(), form.uploads()
    now = clock.now()
    try:
        with school_transaction(actor, actor.school.id):
            procedure = get_procedure(on=clock.today(actor.school.timezone))
            if not is_addressed_to(draft.target, Body.SCHOOL, procedure):
                raise WrongAddressee
            return school_side.submit_complaint(
                actor=actor,
                draft=draft,
                uploads=uploads,
                channel=channel,
                request_key=key,
                now=now,
            )
    except WrongAddressee:
        pass
    except ComplaintIsIncomplete as error:
        show_errors(form, error.fields)
        return None
    except DomainError as error:
        show_errors(form, {"attachments": error.message})
        return None
    try:
        with public_transaction(actor.account_id, actor.request_id):
            return committee_side.submit_complaint(
                account_id=actor.account_id,
                name=actor.name,
                school=actor.school,
                draft=draft,
                uploads=uploads,
                channel=channel,
                request_key=key,
                now=now,
            )
    except ComplaintIsIncomplete as error:
        show_errors(form, error.fields)
    except DomainError as error:
        show_errors(form, {"attachments": error.message})
    return None
