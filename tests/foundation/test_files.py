"""Files: what is accepted, what is cut or refused, and that nobody reaches them by an address."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.files import disk
from foundation.files.checks import FileIsNotAccepted, check_file, plain_name
from foundation.files.models import StoredFile
from foundation.files.operations import erase_file, store_file, sweep_lost_bytes
from foundation.files.queries import FileIsDamaged, describe_file, list_files, read_file
from foundation.files.serving import file_response, pdf_response
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from tests.factories.uploads import jpeg, pdf, png

LARGEST = 10 * 1024 * 1024
Schools = dict[str, SchoolRef]


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("run.exe", b"MZ")
    return made.getvalue()


def check(name: str, content: bytes) -> bytes:
    return check_file(name=name, content=content, largest=LARGEST).content


def keep(name: str = "справка.pdf", content: bytes | None = None) -> int:
    return store_file(actor_account_id=7, name=name, content=content or pdf(), kind="proof")


# --- What is accepted ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("справка.pdf", pdf(), "application/pdf"),
        ("СКАН.PDF", pdf(), "application/pdf"),
        ("фото.jpg", jpeg(), "image/jpeg"),
        ("фото.JPEG", jpeg(), "image/jpeg"),
        ("снимок.png", png(), "image/png"),
    ],
)
def test_whole_file_of_a_known_kind_is_kept_as_it_is(
    name: str, content: bytes, media_type: str
) -> None:
    kept = check_file(name=name, content=content, largest=LARGEST)

    assert (kept.name, kept.media_type, kept.content) == (name, media_type, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("пусто.pdf", b""),
        ("архив.zip", archive()),
        ("архив.pdf", archive()),
        ("страница.pdf", b"<html><script>alert(1)</script></html>"),
        ("рисунок.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("программа.pdf", b"MZ\x90\x00" + pdf()),
        ("письмо.docx", archive()),
        ("снимок.gif", b"GIF89a" + bytes(20)),
        ("снимок.jpg", png()),
        ("снимок.pdf.exe", pdf()),
        ("без окончания", pdf()),
        ("обрыв.pdf", pdf()[:-8]),
        ("сценарий.pdf", pdf(b"2 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj")),
        ("запуск.pdf", pdf(b"2 0 obj<</S/Launch/F(cmd.exe)>>endobj")),
        ("вложение.pdf", pdf(b"2 0 obj<</Type/EmbeddedFile>>endobj")),
        ("пароль.pdf", pdf(b"<</Encrypt 5 0 R>>")),
        ("обрыв.png", png()[:-12]),
        ("подмена.png", png().replace(b"chh", b"cih")),
        ("обрыв.jpg", jpeg()[:-2]),
        ("обрыв.jpg", b"\xff\xd8\xff\xe0\xff\xff"),
        ("бомба.png", png(60_000, 60_000)),
        ("бомба.jpg", jpeg(60_000, 60_000)),
        ("ничто.jpg", jpeg(0, 0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_refused_in_russian(name: str, content: bytes) -> None:
    with pytest.raises(FileIsNotAccepted) as refused:
        check(name, content)

    assert any("а" <= sign <= "я" for sign in refused.value.message)


def test_ten_megabytes_are_kept_and_one_byte_more_is_not() -> None:
    exact = pdf(b"%" * (LARGEST - len(pdf())))

    assert len(check("скан.pdf", exact)) == LARGEST
    with pytest.raises(FileIsNotAccepted, match="10 МБ"):
        check("скан.pdf", exact.replace(b"%%EOF", b"%%%EOF", 1))


@pytest.mark.parametrize("make", [png, jpeg])
def test_what_hangs_behind_a_picture_is_cut_off(make) -> None:
    name = "a.png" if make is png else "a.jpg"
    for tail in (archive(), pdf(), b"<script>alert(1)</script>", jpeg()):
        assert check(name, make() + tail) == make()


def test_document_that_is_an_archive_as_well_is_refused() -> None:
    inside = pdf(b"2 0 obj<<>>stream\n" + archive() + b"\nendstream endobj")

    for content in (pdf() + archive(), inside):
        with pytest.raises(FileIsNotAccepted):
            check("справка.pdf", content)


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\Вера\Documents\справка.pdf", "справка.pdf"),
        ("/etc/cron.d/x.png", "x.png"),
        ("..", "файл"),
        ("", "файл"),
        (".pdf", "pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        ("счёт\u202efdp.exe", "счётfdp.exe"),
        ('a"b;c.pdf', "a_b;c.pdf"),
        ("й" * 300 + ".pdf", "й" * 116 + ".pdf"),
        ("x." + "p" * 300, "файл." + "p" * 115),
    ],
)
def test_name_is_plain(given: str, plain: str) -> None:
    assert plain_name(given) == plain


# --- Keeping -------------------------------------------------------------------------------------


def test_file_comes_back_as_it_was_kept(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        file_id = keep("../справка.pdf")
        file, card = read_file(file_id=file_id), describe_file(file_id=file_id)

    assert (file.name, file.media_type, file.content) == ("справка.pdf", "application/pdf", pdf())
    assert (card.kind, card.size, card.sha256) == ("proof", len(pdf()), file.sha256)


def test_bytes_lie_in_the_folder_of_their_school_closed_to_others(schools: Schools) -> None:
    for school in (schools["alpha"], schools["beta"]):
        with school_transaction(Actor.system(school), school.id):
            place = disk.path_of(StoredFile.objects.get(pk=keep()).key)

        assert place.relative_to(settings.FILES_ROOT).parts[0] == school.schema
        assert place.stat().st_mode & 0o077 == 0
        assert place.suffix == ""
    with public_transaction():
        keep()
    assert (Path(settings.FILES_ROOT) / "public").is_dir()


def test_file_of_another_school_is_not_found(schools: Schools) -> None:
    alpha, beta = schools["alpha"], schools["beta"]
    with school_transaction(Actor.system(alpha), alpha.id):
        file_id = keep()

    with school_transaction(Actor.system(beta), beta.id):
        for ask in (read_file, describe_file, erase_file):
            with pytest.raises(NotFound):
                ask(file_id=file_id)
        with pytest.raises(NotFound):
            list_files(file_ids=[file_id])


def test_changed_or_lost_bytes_are_noticed(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        file_id = keep()
        place = disk.path_of(StoredFile.objects.get(pk=file_id).key)
        place.write_bytes(pdf(b"forged"))
        with pytest.raises(FileIsDamaged):
            read_file(file_id=file_id)
        place.unlink()
        with pytest.raises(FileIsDamaged):
            read_file(file_id=file_id)


def test_refused_file_leaves_nothing(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        before = list(disk.folder().glob("??/*"))
        with pytest.raises(FileIsNotAccepted):
            keep("архив.zip", archive())

        assert list(disk.folder().glob("??/*")) == before
        assert StoredFile.objects.count() == 0


def test_erased_file_goes_when_the_transaction_is_committed(
    school: SchoolRef, django_capture_on_commit_callbacks
) -> None:
    with school_transaction(Actor.system(school), school.id):
        file_id = keep()
        place = disk.path_of(StoredFile.objects.get(pk=file_id).key)
        with django_capture_on_commit_callbacks(execute=True):
            fingerprint = erase_file(file_id=file_id)
            assert place.exists()

        assert not place.exists()
        assert len(fingerprint) == 64
        with pytest.raises(NotFound):
            read_file(file_id=file_id)


def test_bytes_of_a_failed_transaction_are_swept_after_a_day(school: SchoolRef) -> None:
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        with transaction.atomic():
            lost = disk.path_of(StoredFile.objects.get(pk=keep()).key)
            transaction.set_rollback(True)
        kept = disk.path_of(StoredFile.objects.get(pk=keep()).key)
        half = lost.with_suffix(".half")
        half.write_bytes(b"half")
    now = clock.now()

    sweep_lost_bytes(school, now + timedelta(days=400))  # a clock set forward deletes nothing
    assert lost.exists()
    for place in (lost, kept, half):
        os.utime(place, (1_700_000_000, 1_700_000_000))

    assert sweep_lost_bytes(school, now) == 2
    assert (lost.exists(), kept.exists(), half.exists()) == (False, True, False)


# --- Handing over --------------------------------------------------------------------------------


def test_file_is_handed_over_as_a_download_nobody_keeps(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        file = read_file(file_id=keep('справка "важная".pdf'))

    answer = file_response(file)

    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert pdf_response("акт.pdf", pdf())["Content-Disposition"].startswith("inline;")


def test_no_address_leads_to_the_files(school: SchoolRef, client: Client) -> None:
    with school_transaction(Actor.system(school), school.id):
        place = disk.path_of(StoredFile.objects.get(pk=keep()).key)
    inside = place.relative_to(settings.FILES_ROOT)
    roots = ("", "static/", "media/", "files/", "static/../files/", "static/%2e%2e/files/")

    assert [client.get(f"/{root}{inside}").status_code for root in roots] == [404] * len(roots)
    assert not Path(settings.FILES_ROOT).is_relative_to(settings.STATIC_ROOT)
    assert not Path(settings.STATIC_ROOT).is_relative_to(settings.FILES_ROOT)
