"""Keeping a file and erasing it."""

import hashlib
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from foundation.db.door import public_transaction, school_transaction
from foundation.files import disk
from foundation.files.checks import FileIsNotAccepted, check_file
from foundation.files.models import StoredFile
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound

__all__ = ["FileIsNotAccepted", "erase_file", "store_file", "sweep_lost_bytes"]

# Bytes without a row are of a transaction that failed; a slow one gets this long to finish.
PATIENCE = timedelta(days=1)


def store_file(*, actor_account_id: int | None, name: str, content: bytes, kind: str) -> int:
    """Keep a file in the schema that is open and return its id. Raise `FileIsNotAccepted`.

    Expects an open transaction. The bytes are written first, so a row never lacks its bytes; when
    the transaction fails they stay without a row until `sweep_lost_bytes` finds them.
    """
    checked = check_file(name=name, content=content, largest=settings.FILES_LARGEST)
    key = uuid.uuid4()
    disk.write(key, checked.content)
    file = StoredFile.objects.create(
        key=key,
        kind=kind,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        account_id=actor_account_id,
    )
    return file.pk


def erase_file(*, file_id: int) -> str:
    """Erase a file and return the fingerprint it had, for the act of destruction.

    The bytes go when the transaction is committed. Raise `NotFound`.
    """
    file = StoredFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotFound
    place = disk.path_of(file.key)  # at commit another schema may be open
    fingerprint = file.sha256
    file.delete()
    transaction.on_commit(lambda: place.unlink(missing_ok=True))
    return fingerprint


def sweep_lost_bytes(school: SchoolRef | None, _now: datetime) -> int:
    """Delete the bytes in one schema (None: the public one) that no row knows; return how many."""
    door = (
        public_transaction()
        if school is None
        else school_transaction(Actor.system(school), school.id)
    )
    with door:
        places = {place.name: place for place in disk.list_old_paths(PATIENCE)}
        keys = [name for name in places if len(name) == 32]
        known = {key.hex for key in _list_keys(keys)}
        lost = [place for name, place in places.items() if name not in known]
        for place in lost:
            place.unlink(missing_ok=True)
    return len(lost)


def _list_keys(names: list[str]) -> list[uuid.UUID]:
    return list(StoredFile.objects.filter(key__in=names).values_list("key", flat=True))
