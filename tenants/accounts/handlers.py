"""Codes leave here: made in one transaction, sent outside it. Repeated, a newer code takes over."""

from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from tenants.accounts.channels import send
from tenants.accounts.events import ContactAdded, ResetAsked
from tenants.accounts.operations import prepare_contact_code, prepare_reset_code


def on_reset_asked(school: SchoolRef | None, event: ResetAsked) -> None:
    """Send the code of somebody who forgot a password, if there is anybody and an address."""
    with public_transaction():
        parcels = prepare_reset_code(request_id=event.request_id)
    for parcel in parcels:
        send(parcel)


def on_contact_added(school: SchoolRef | None, event: ContactAdded) -> None:
    """Send the code that confirms a new address."""
    with public_transaction():
        parcels = prepare_contact_code(contact_id=event.contact_id)
    for parcel in parcels:
        send(parcel)
