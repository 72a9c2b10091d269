"""Reading a file. Who may, the room that holds its id decides: there is no address of a file."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from foundation.files import disk
from foundation.files.models import StoredFile
from kernel.errors import DomainError, NotFound

logger = logging.getLogger(__name__)


class FileIsDamaged(DomainError):
    """The bytes are gone or are not what was kept."""

    code = "file-is-damaged"
    message = "Файл повреждён. Сообщите администратору школы."


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file without its bytes."""

    id: int
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFileContent:
    """A file as it was kept."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def describe_file(*, file_id: int) -> FileCard:
    """Return what is known of a file. Raise `NotFound`."""
    return list_files(file_ids=[file_id])[0]


def list_files(*, file_ids: list[int]) -> list[FileCard]:
    """Return what is known of files, in the order asked for. Raise `NotFound` when one is not."""
    rows = {row.pk: row for row in StoredFile.objects.filter(pk__in=file_ids)}
    if len(rows) != len(set(file_ids)):
        raise NotFound
    return [
        FileCard(
            id=rows[one].pk,
            kind=rows[one].kind,
            name=rows[one].name,
            media_type=rows[one].media_type,
            size=rows[one].size,
            sha256=rows[one].sha256,
            stored_at=rows[one].stored_at,
        )
        for one in file_ids
    ]


def read_file(*, file_id: int) -> StoredFileContent:
    """Return a file of the schema that is open. Raise `NotFound`, `FileIsDamaged`."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None:
        raise NotFound
    try:
        content = disk.read(row.key)
    except FileNotFoundError as error:
        logger.exception("files.bytes_are_gone", extra={"file_id": file_id})
        raise FileIsDamaged from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        logger.error("files.bytes_changed", extra={"file_id": file_id})
        raise FileIsDamaged
    return StoredFileContent(row.name, row.media_type, content, row.sha256)
