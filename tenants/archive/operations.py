"""Asking for the archive of a school, making it, handing it out, wiping it; loading one."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DataError, Error, IntegrityError, transaction

from foundation.db.door import public_transaction, schema_of, school_transaction
from foundation.notify.operations import notify
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.operations import record
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError, NotFound
from tenants.archive.dumping import UnableToExport, dump_school
from tenants.archive.events import SchoolArrived, SchoolExportAsked
from tenants.archive.loading import (
    Place,
    forget_files,
    is_foreign,
    load_files,
    load_school,
    make_folder,
)
from tenants.archive.models import SchoolExport, SchoolImport
from tenants.archive.packing import Unpacker, read_pieces
from tenants.archive.rules import ArchiveIsDamaged, Manifest, check_edition
from tenants.provisioning import roles, schema
from tenants.provisioning.operations import ADDRESS, AddressIsUnusable, put_to_work
from tenants.registry.models import District, School
from tenants.registry.queries import to_ref

__all__ = ["ArchiveIsDamaged", "UnableToExport", "read_pieces"]

State = SchoolExport.State
# Nobody works this long at one archive: the process that did is gone.
LONGEST_WORK = timedelta(hours=3)
TROUBLE = "Не получилось из-за неполадки. Попросите ещё раз; если повторится, скажите оператору."


class ExportIsUnderWay(DomainError):
    """One archive of a school at a time."""

    code = "export-is-under-way"
    message = "Архив школы уже делается. Дождитесь его."


class ArchiveIsLoaded(DomainError):
    """The same archive became a school here before."""

    code = "archive-is-loaded"
    message = "Этот архив уже загружен."


class AddressIsTaken(DomainError):
    """A school has this address already."""

    code = "address-is-taken"
    message = "Школа с таким адресом здесь уже есть. Укажите другой: --slug."


# --- The archive of a school --------------------------------------------------------------------


def ask_export(*, school_id: int, account_id: int | None, name: str) -> int:
    """Ask for the archive of a school and return the number of the request.

    Expects `public_transaction()`; the door has checked that the account may and has just
    confirmed who it is. Raise `ExportIsUnderWay`.
    """
    try:
        with transaction.atomic():
            export = SchoolExport.objects.create(
                school_id=school_id, asked_by=account_id, asker_name=name[:200]
            )
    except IntegrityError as error:
        raise ExportIsUnderWay from error
    record(SchoolExportAsked(export_id=export.pk))
    return export.pk


def make_export(*, export_id: int, now: datetime) -> None:
    """Make an archive that was asked for, and tell who asked; a second call does nothing.

    Several transactions: the school is read in one, so that others write meanwhile.
    """
    with public_transaction():
        claimed = SchoolExport.objects.filter(pk=export_id, state=State.ASKED).update(
            state=State.MAKING, started_at=now
        )
        if not claimed:
            return
        export = SchoolExport.objects.select_related("school").get(pk=export_id)
    school = to_ref(export.school)
    try:
        done = _make(school, export, now)
    except (DomainError, OSError, Error) as error:
        trouble = error.message if isinstance(error, DomainError) else TROUBLE
        with public_transaction():
            SchoolExport.objects.filter(pk=export_id).update(
                state=State.FAILED, ended_at=now, trouble=trouble[:300]
            )
        _tell(school, export, "Архив школы не получился", trouble)
        if not isinstance(error, DomainError):
            raise
        return
    with public_transaction():
        SchoolExport.objects.filter(pk=export_id).update(**done)
    _tell(school, export, "Архив школы готов", f"Скачайте его до {done['kept_until']:%d.%m.%Y}.")


def export_school(*, school: SchoolRef, folder: Path, now: datetime) -> tuple[Path, Manifest]:
    """Write the archive of a school into an operator's folder. Raise `UnableToExport`."""
    deliver_waiting(school, now)
    target = folder / f"{school.slug}-{now:%Y%m%d-%H%M%S}.zip"
    with public_transaction():
        export = SchoolExport.objects.create(
            school_id=school.id,
            asker_name="оператор, командой",
            state=State.HANDED,
            started_at=now,
        )
    manifest = dump_school(school=school, target=target, made_by=export.asker_name, now=now)
    with public_transaction():
        SchoolExport.objects.filter(pk=export.pk).update(**_describe(target, manifest))
    return target, manifest


def take_export(*, school_id: int, export_id: int, account_id: int | None, now: datetime) -> Path:
    """Return the file of an archive that is ready, and note who takes it. Raise `NotFound`.

    Expects `public_transaction()` in the name of who takes it.
    """
    export = SchoolExport.objects.filter(
        pk=export_id, school_id=school_id, state=State.READY, kept_until__gt=now
    ).first()
    if export is None or not path_of(export.key).exists():
        raise NotFound
    SchoolExport.objects.filter(pk=export.pk).update(taken_at=now, taken_by=account_id)
    return path_of(export.key)


def sweep_exports(*, now: datetime) -> int:
    """Delete the archives whose days are over and give up those nobody works at any more.

    Return how many files were deleted. The file goes first: a row may lack its file, never a file
    its row.
    """
    with public_transaction():
        SchoolExport.objects.filter(state=State.MAKING, started_at__lt=now - LONGEST_WORK).update(
            state=State.FAILED, ended_at=now, trouble=TROUBLE
        )
        old = list(SchoolExport.objects.filter(state=State.READY, kept_until__lte=now))
        for export in old:
            path_of(export.key).unlink(missing_ok=True)
        SchoolExport.objects.filter(pk__in=[one.pk for one in old]).update(state=State.WIPED)
        known = {
            f"{key}.zip"
            for key in SchoolExport.objects.filter(
                state__in=[State.MAKING, State.READY]
            ).values_list("key", flat=True)
        }
        lost = [one for one in _folder().glob("*.zip") if one.name not in known]
        for place in lost:
            place.unlink(missing_ok=True)
    return len(old) + len(lost)


def path_of(key: uuid.UUID) -> Path:
    """Return where an archive lies."""
    return _folder() / f"{key}.zip"


def _folder() -> Path:
    folder = Path(settings.ARCHIVES_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _make(school: SchoolRef, export: SchoolExport, now: datetime) -> dict[str, object]:
    deliver_waiting(school, now)
    target = path_of(export.key)
    manifest = dump_school(school=school, target=target, made_by=export.asker_name, now=now)
    return {
        **_describe(target, manifest),
        "state": State.READY,
        "ended_at": now,
        "kept_until": now + timedelta(days=settings.ARCHIVES_DAYS),
    }


def _describe(target: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "archive_id": manifest.archive_id,
        "size": target.stat().st_size,
        "sha256": fingerprint(target),
        "rows": sum(table.rows for table in manifest.tables),
        "missing_files": len(manifest.missing_files),
    }


def fingerprint(place: Path) -> str:
    """Return the sha256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    for piece in read_pieces(place):
        digest.update(piece)
    return digest.hexdigest()


def _tell(school: SchoolRef, export: SchoolExport, title: str, text: str) -> None:
    if export.asked_by is None:
        return
    with school_transaction(Actor.system(school), school.id):
        notify(
            account_ids=[export.asked_by],
            kind="archive",
            title=title,
            text=text,
            url=f"/s/{school.slug}/office/archive/",
            key=f"archive:{export.pk}",
        )


# --- A school of an archive ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """The school an archive became, and what its administrator must know."""

    school: SchoolRef
    is_foreign: bool
    rows: int
    files: int
    missing_files: int
    waiting_events: int


def import_school(*, source: Path, slug: str = "", sha256: str = "") -> Arrival:
    """Make a school of an archive: verified first, then written in one transaction.

    A call that was cut off between the writing and the opening is finished by the next one. Raise
    `ArchiveIsDamaged`, `ArchiveIsOfOtherEdition`, `ArchiveIsLoaded`, `AddressIsTaken`,
    `AddressIsUnusable`.
    """
    if sha256 and fingerprint(source) != sha256.lower():
        raise ArchiveIsDamaged("Отпечаток файла не тот: это другой файл, или он изменён.")
    with Unpacker(source) as unpacker:
        manifest = unpacker.manifest
        check_edition(manifest, dict.fromkeys(schema.code_migrations()))
        unpacker.verify()
        school = _find_half_loaded(manifest) or _load(unpacker, slug or manifest.school.slug)
    with public_transaction():
        record(SchoolArrived(school_id=school.pk))  # waits until the school works
    ref = put_to_work(school)
    return Arrival(
        school=ref,
        is_foreign=is_foreign(manifest),
        rows=sum(table.rows for table in manifest.tables),
        files=sum(entry.path.startswith("files/") for entry in manifest.entries),
        missing_files=len(manifest.missing_files),
        waiting_events=manifest.waiting_events,
    )


def _find_half_loaded(manifest: Manifest) -> School | None:
    """Return the school this archive became when nobody opened it yet; raise `ArchiveIsLoaded`."""
    known = SchoolImport.objects.filter(archive_id=manifest.archive_id).select_related("school")
    found = known.first()
    if found is None:
        return None
    if found.school.state != School.State.OPENING:
        raise ArchiveIsLoaded(
            f"Этот архив уже загружен: школа «{found.school.short_name}», /s/{found.school.slug}/."
        )
    half: School = found.school
    return half


def _load(unpacker: Unpacker, slug: str) -> School:
    if not ADDRESS.fullmatch(slug):
        raise AddressIsUnusable
    if School.objects.filter(slug=slug).exists():
        raise AddressIsTaken
    template = schema.get_template()
    is_folder_ours = False
    try:
        with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
            school = _register(unpacker.manifest, slug, template.head)
            place = Place(school.pk, school.schema_name, slug, is_foreign(unpacker.manifest))
            make_folder(place.schema)
            is_folder_ours = True
            schema.replay(cursor, template, place.schema)
            load_school(cursor=cursor, unpacker=unpacker, place=place)
            load_files(cursor=cursor, unpacker=unpacker, place=place)
            roles.make_school_role(cursor, school.pk)
            cursor.execute(f"COMMENT ON SCHEMA {place.schema} IS 'Okrug: a school'")
    except BaseException as error:
        if is_folder_ours:
            forget_files(place.schema)
        if isinstance(error, DataError):
            raise ArchiveIsDamaged("Карточка школы в архиве составлена неверно.") from error
        raise
    return school


def _register(manifest: Manifest, slug: str, head: str) -> School:
    card = manifest.school
    district = District.objects.using("admin").order_by("pk").first()
    if district is None:
        district = District.objects.using("admin").create(
            name=card.district or "Муниципальный округ", committee_name="Комитет по образованию"
        )
    school: School = School.objects.using("admin").create(
        district=district,
        slug=slug,
        name=card.name,
        short_name=card.short_name,
        timezone=card.timezone,
        schema_name=f"new_{slug}".replace("-", "_"),
        schema_head=head,
        opened_at=datetime.fromisoformat(card.opened_at) if card.opened_at else None,
    )
    school.schema_name = schema_of(school.pk)
    school.save(using="admin", update_fields=["schema_name"])
    SchoolImport.objects.using("admin").create(
        archive_id=manifest.archive_id,
        school=school,
        made_at=datetime.fromisoformat(manifest.made_at),
    )
    return school
