"""The residency manifest: what it may say, and which addresses an entry covers."""

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from foundation.residency.addresses import LOCAL, Address, machine_of
from foundation.residency.manifest import Kind, ManifestIsWrong, parse_manifest, read_manifest
from infra.local.paths import ROOT
from kernel.personal_data import CATEGORIES

FOLDER = ROOT / "infra" / "residency"
PROCESSOR = {
    "name": "МКУ «Центр»",
    "inn": "6600000003",
    "ogrn": "1206600000001",
    "country": "Россия",
    "region": "Свердловская область",
    "city": "Заречный",
    "contract": "№ 1 от 01.09.2026",
}
STORE = {"kind": "mail", "processor": "town", "hosts": ["smtp.town.ru:587"], "data": ["contact"]}
CONTENT: dict[str, Any] = {
    "regions": ["Свердловская область"],
    "processors": {"town": PROCESSOR},
    "stores": [STORE],
}


def changed(place: str, **values: Any) -> dict[str, Any]:
    """Return the manifest with something changed in its only processor or store."""
    content = copy.deepcopy(CONTENT)
    content["processors"]["town" if place == "processor" else "other"] = dict(PROCESSOR)
    target = content["processors"]["town"] if place == "processor" else content["stores"][0]
    target.update(values)
    return content


def test_manifest_is_read_with_its_processor_and_hosts() -> None:
    (store,) = parse_manifest(CONTENT).stores

    assert (store.kind, store.processor.city, store.data) == (
        Kind.MAIL,
        "Заречный",
        frozenset({"contact"}),
    )


def test_everything_is_every_category() -> None:
    (store,) = parse_manifest(changed("store", data=["all"])).stores

    assert store.data == frozenset(CATEGORIES)


@pytest.mark.requirement("PDP-002", part=True)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed("processor", country="Финляндия"), "страна «Финляндия»"),
        (changed("processor", region="Тверская область"), "региона «Тверская область» нет среди"),
        (changed("processor", inn="6600000004"), "inn «6600000004» — не ИНН"),
        (changed("processor", ogrn="1"), "ogrn «1» — не ОГРН"),
        (changed("processor", contract=" "), "не заполнено contract"),
        (changed("processor", city="<город>"), "не заполнено city"),
        (changed("processor", phone="1"), "неизвестная строка «phone»"),
        (changed("store", kind="cloud"), "kind «cloud» — не из списка"),
        (changed("store", processor="nobody"), "обработчика «nobody» нет"),
        (changed("store", hosts=[]), "не заполнено hosts"),
        (changed("store", hosts="local"), "не заполнено hosts"),
        (changed("store", hosts=["*.town.ru"]), "«*.town.ru» — не узел"),
        (changed("store", hosts=["localhost"]), "«localhost» — не узел"),
        (changed("store", hosts=["10.0.0.1/8"]), "«10.0.0.1/8» — не узел"),
        (changed("store", hosts=["0.0.0.0/0"]), "сеть 0.0.0.0/0 слишком широка"),
        (changed("store", hosts=["town.ru:смтп"]), "— не узел"),
        (changed("store", data=["marks"]), "в data «marks» — не категория"),
        ({**CONTENT, "stores": []}, "нет ни одной записи"),
        ({**CONTENT, "regions": []}, "не заполнено regions"),
        ({**CONTENT, "processors": {}}, "нет раздела [processors]"),
        ({**CONTENT, "owner": "x"}, "неизвестная строка «owner»"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_may_not_be_is_refused_by_name(content: dict[str, Any], words: str) -> None:
    with pytest.raises(ManifestIsWrong) as refusal:
        parse_manifest(content)

    assert words in str(refusal.value)


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("regions = [", encoding="utf-8")

    for path, words in ((tmp_path / "none.toml", "не открывается"), (broken, "не TOML")):
        with pytest.raises(ManifestIsWrong, match=words) as refusal:
            read_manifest(path)
        assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "entry", "is_covered"),
    [
        ("", "local", True),
        ("/run/postgresql", "local", True),
        ("127.0.0.1:5432", "local", True),
        ("[::1]:5432", "local", True),
        ("[::ffff:127.0.0.1]:1", "local", True),
        ("localhost", "local", True),
        ("localhost", "10.0.0.0/8", False),
        ("db.town.ru", "local", False),
        ("db.town.ru", "db.town.ru", True),
        ("DB.Town.ru.:5432", "db.town.ru:5432", True),
        ("db.town.ru:5433", "db.town.ru:5432", False),
        ("db.town.ru:5433", "db.town.ru", True),
        ("evil.db.town.ru", "db.town.ru", False),
        ("db.town.ru.evil.com", "db.town.ru", False),
        ("https://key@errors.town.ru/2", "errors.town.ru:443", True),
        ("https://errors.town.ru@evil.com/2", "errors.town.ru", False),
        ("http://10.1.2.3:8025/", "10.1.0.0/16", True),
        ("http://10.2.2.3:8025/", "10.1.0.0/16", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("почта.город.рф", "xn--80a1acny.xn--c1ac3aaj.xn--p1ai", True),
        ("0x7f.1", "local", False),
    ],
)
def test_address_is_covered_by_an_entry_that_names_it(
    given: str, entry: str, is_covered: bool
) -> None:
    assert Address.of(given).is_covered_by(entry) is is_covered


def test_folder_of_another_machine_belongs_to_that_machine() -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        "nas.town.ru:/export /var/lib/okrug nfs4 rw 0 0\n"
        "tmpfs /var/lib/okrug/tmp tmpfs rw 0 0\n"
        "//files.town.ru/share /mnt/my\\040share cifs rw 0 0\n"
        "admin@10.0.0.7:/copies /mnt/copies fuse.sshfs rw 0 0\n"
    )
    found = {
        path: machine_of(Path(path), mounts)
        for path in (
            "/srv/files",
            "/var/lib/okrug/files",
            "/var/lib/okrug/tmp/x",
            "/mnt/my share/a",
            "/mnt/copies",
            "/var/lib/okrugs",
        )
    }

    assert found == {
        "/srv/files": LOCAL,
        "/var/lib/okrug/files": "nas.town.ru",
        "/var/lib/okrug/tmp/x": LOCAL,
        "/mnt/my share/a": "files.town.ru",
        "/mnt/copies": "10.0.0.7",
        "/var/lib/okrugs": LOCAL,
    }


# --- The two files that are shipped ------------------------------------------------------------


def test_shipped_manifest_keeps_everything_on_this_machine() -> None:
    manifest = read_manifest(FOLDER / "local.toml")

    assert {store.hosts for store in manifest.stores} == {(LOCAL,)}


def test_template_is_refused_until_it_is_filled_in() -> None:
    with pytest.raises(ManifestIsWrong, match="не заполнено regions"):
        read_manifest(FOLDER / "template.toml")


def test_filled_template_is_a_manifest_of_every_kind() -> None:
    text = (FOLDER / "template.toml").read_text(encoding="utf-8")
    filled = text.replace("<ИНН>", "6600000003").replace("<ОГРН>", "1206600000001")
    manifest = parse_manifest(tomllib.loads(re.sub(r"[<>]", "", filled)))

    assert {store.kind for store in manifest.stores} == set(Kind)


def test_every_line_of_the_template_is_explained() -> None:
    lines = (FOLDER / "template.toml").read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line and not line.startswith("#") and not before.startswith("#")
    ]

    assert bare == []
