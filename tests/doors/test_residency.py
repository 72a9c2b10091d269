"""Every address of the settings is looked up in the manifest; the auditor gets the register."""

import csv
import io
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from config import residency
from config.residency import (
    ResidencyRefused,
    check_residency,
    find_troubles,
    list_uses,
    list_ways_out,
)
from config.settings.environment import database
from foundation.residency.addresses import LOCAL
from foundation.residency.manifest import ManifestIsWrong, parse_manifest, read_manifest
from infra.local.paths import ROOT

SHIPPED = ROOT / "infra" / "residency" / "local.toml"
MANIFEST = read_manifest(SHIPPED)


def given(**changes: Any) -> SimpleNamespace:
    """Return settings that name this machine only, and the changes."""
    quiet: dict[str, Any] = {
        "DATABASES": {"default": database("postgresql://web@/okrug")},
        "CELERY_BROKER_URL": "redis+socket:///run/valkey.sock",
        "FILES_ROOT": "/var/lib/okrug/files",
        "EMAIL_HOST": "",
        "EMAIL_PORT": 587,
        "OKRUG_SMS_URL": "",
        "SENTRY_DSN": "",
        "ALLOWED_HOSTS_OUT": [],
        "EGRESS_PROXY": "",
        "PROBE_URL": "",
    }
    return SimpleNamespace(**{**quiet, **changes})


def troubles(environ: dict[str, str] | None = None, **changes: Any) -> list[str]:
    """Return what the shipped manifest says of the settings."""
    return list(find_troubles(MANIFEST, list_uses(given(**changes), environ or {})))


def test_this_machine_is_listed_for_everything() -> None:
    assert troubles() == []


DATABASE = "postgresql://web@db.example.com/okrug"
FOREIGN: list[tuple[str, dict[str, Any], dict[str, str], str]] = [
    ("database", {"DATABASES": {"default": database(DATABASE)}}, {}, "db.example.com:5432"),
    (
        "second server of a database",
        {"DATABASES": {"default": database("postgresql://web@/okrug?host=/run,db.example.com")}},
        {},
        "db.example.com:5432",
    ),
    (
        "number behind a name",
        {"DATABASES": {"default": database("postgresql://web@/okrug?hostaddr=203.0.113.5")}},
        {},
        "203.0.113.5:5432",
    ),
    (
        "replica",
        {"DATABASES": {"default": database("postgresql:///okrug"), "copy": database(DATABASE)}},
        {},
        "база данных copy (db.example.com:5432)",
    ),
    ("libpq's environment", {}, {"PGHOST": "db.example.com"}, "db.example.com:5432"),
    ("libpq's number", {}, {"PGHOSTADDR": "203.0.113.5"}, "203.0.113.5:5432"),
    ("libpq's file of services", {}, {"PGSERVICE": "away"}, "service=away"),
    ("broker", {"CELERY_BROKER_URL": "rediss://:p@mq.example.com/0"}, {}, "mq.example.com:6379"),
    (
        "second broker",
        {"CELERY_BROKER_URL": "memory://;amqp://mq.example.com"},
        {},
        "mq.example.com:5672",
    ),
    (
        "broker Celery hears of itself",
        {},
        {"CELERY_BROKER_URL": "redis://mq.example.com"},
        "CELERY_BROKER_URL (mq.example.com:6379)",
    ),
    ("post", {"EMAIL_HOST": "smtp.example.com"}, {}, "OKRUG_SMTP_HOST (smtp.example.com:587)"),
    ("messages", {"OKRUG_SMS_URL": "https://sms.example.com/a"}, {}, "sms.example.com:443"),
    ("error tracker", {"SENTRY_DSN": "https://k@o1.sentry.example/2"}, {}, "o1.sentry.example:443"),
    ("way out", {"ALLOWED_HOSTS_OUT": ["api.example.com"]}, {}, "api.example.com"),
    ("proxy", {"EGRESS_PROXY": "http://proxy.example.com:3128"}, {}, "proxy.example.com:3128"),
    (
        "visitor of the portal",
        {"PROBE_URL": "http://web:8000", "ALLOWED_HOSTS_OUT": ["http://web:8000"]},
        {},
        "OKRUG_PROBE_URL (web:8000)",
    ),
    ("ЕСИА", {}, {"OKRUG_ESIA_BASE": "https://esia.example.com"}, "esia.example.com:443"),
    ("signer", {}, {"OKRUG_ESIA_SIGNER": "http://signer.example.com"}, "signer.example.com:80"),
    ("provider", {}, {"OKRUG_OIDC_ISSUER": "https://id.example.com"}, "id.example.com:443"),
    ("backups by rsync", {}, {"OKRUG_BACKUP_SECOND": "okrug@far.example.com:/copies"}, "far.ex"),
    (
        "base the copier reads",
        {},
        {"OKRUG_BACKUP_URL": "postgresql://okrug_backup@db.example.com/okrug"},
        "OKRUG_BACKUP_URL (db.example.com:5432) — этого узла нет среди записей вида «database»",
    ),
    ("backups by URL", {}, {"OKRUG_BACKUP_SECOND": "sftp://far.example.com/copies"}, "far.ex"),
]


@pytest.mark.requirement("PDP-002")
@pytest.mark.parametrize(
    ("changes", "environ", "words"),
    [pytest.param(*case[1:], id=case[0]) for case in FOREIGN],
)
def test_address_that_is_not_listed_is_refused_by_its_setting(
    changes: dict[str, Any], environ: dict[str, str], words: str
) -> None:
    found = troubles(environ, **changes)

    assert len(found) == 1
    assert words in found[0]


@pytest.mark.requirement("PDP-002", part=True)
def test_files_and_copies_on_another_machines_disk_are_that_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("nas.example.com:/a /srv/okrug nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(residency, "MOUNTS", mounts)

    found = troubles({"OKRUG_BACKUP_PLACES": "/mnt/usb:/srv/okrug/b"}, FILES_ROOT="/srv/okrug/f")

    assert [one.split(" — ")[0] for one in found] == [
        "OKRUG_FILES (nas.example.com)",
        "OKRUG_BACKUP_PLACES (nas.example.com)",
    ]


def test_listed_host_of_another_kind_does_not_do() -> None:
    content = {
        "regions": ["Москва"],
        "processors": {
            "town": {
                "name": "МКУ",
                "inn": "6600000003",
                "ogrn": "1206600000001",
                "country": "Россия",
                "region": "Москва",
                "city": "Москва",
                "contract": "№ 1",
            }
        },
        "stores": [
            {"kind": "mail", "processor": "town", "hosts": ["a.town.ru"], "data": ["contact"]}
        ],
    }
    uses = [
        use
        for use in list_uses(given(EMAIL_HOST="a.town.ru", SENTRY_DSN="https://k@a.town.ru/1"), {})
        if use.address.host != LOCAL
    ]

    (trouble,) = find_troubles(parse_manifest(content), uses)

    assert trouble.startswith("OKRUG_SENTRY_DSN (a.town.ru:443)")


def test_manifest_that_hides_what_reaches_a_store_is_refused() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    hiding = text.replace('data = ["document", "consent"]', 'data = ["document"]')
    assert hiding != text
    manifest = parse_manifest(tomllib.loads(hiding))

    (trouble,) = find_troubles(manifest, [])

    assert trouble.endswith("не называет данных, которые туда попадают: consent")


def test_port_that_is_no_number_gets_a_sentence() -> None:
    with pytest.raises(ManifestIsWrong, match="не читается"):
        list_uses(given(OKRUG_SMS_URL="http://a:смс/"), {})


def test_refusal_is_one_line_that_names_every_trouble(settings: Any) -> None:
    settings.EMAIL_HOST = "smtp.example.com"
    settings.SENTRY_DSN = "https://k@sentry.example/1"

    with pytest.raises(ResidencyRefused) as refusal:
        check_residency()

    said = str(refusal.value)
    assert "\n" not in said
    assert "OKRUG_SMTP_HOST (smtp.example.com:587)" in said
    assert "OKRUG_SENTRY_DSN (sentry.example:443)" in said
    assert str(SHIPPED) in said


# --- What is printed ---------------------------------------------------------------------------


def printed(*arguments: str) -> str:
    """Return what the command prints."""
    out = io.StringIO()
    call_command("residency", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.requirement("PDP-002", "PDP-003", part=True)
def test_auditor_gets_a_line_per_store_with_who_where_and_what(settings: Any) -> None:
    settings.EMAIL_HOST = "127.0.0.1"

    rows = {row["что"]: row for row in csv.DictReader(io.StringIO(printed("--csv")))}

    assert len(rows) == len(MANIFEST.stores)
    assert rows["почта"] == {
        "что": "почта",
        "кто обрабатывает": "Комитет образования Заречного городского округа (вымышленный)",
        "ИНН": "6600000003",
        "ОГРН": "1206600000001",
        "где": "Россия, Свердловская область, Заречный",
        "узлы": "local",
        "настроено сейчас": "OKRUG_SMTP_HOST (local)",
        "персональные данные": "телефон, электронная почта, адрес",
        "договор": "не нужен: собственная машина",
        "примечание": "",
    }
    assert rows["база данных"]["персональные данные"] == "все категории"
    assert rows["база данных"]["примечание"] == "у каждой школы своя роль в базе данных"


def test_register_says_that_roles_are_off(settings: Any) -> None:
    settings.DB_ROLES = False

    assert "OKRUG_DB_ROLES=off" in printed("--csv")
    assert "OKRUG_DB_ROLES=off" in printed()


def test_table_has_the_same_lines() -> None:
    head, _, *lines = printed().splitlines()

    assert head.startswith("что")
    assert len(lines) == len(MANIFEST.stores)
    assert all("Заречный" in line for line in lines)


def test_proxy_is_told_every_host_with_its_port(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("OKRUG_ESIA_BASE", "https://esia.gosuslugi.ru/")
    settings.ALLOWED_HOSTS_OUT = [
        "esia.gosuslugi.ru",
        "smtp.town.ru",
        "api.town.ru:8443",
        "bare.town.ru",
        "http://127.0.0.1:9000",
        "http://10.0.0.5:9000",
    ]
    settings.EMAIL_HOST = "smtp.town.ru"
    settings.EMAIL_PORT = 465
    settings.EGRESS_PROXY = "http://proxy.town.ru:3128"

    assert printed("--egress").splitlines() == [
        "10.0.0.5:9000",
        "api.town.ru:8443",
        "bare.town.ru:443",
        "esia.gosuslugi.ru:443",
        "smtp.town.ru:465",
    ]


def test_proxy_is_told_nothing_when_nothing_goes_out(settings: Any) -> None:
    assert printed("--egress") == ""
    assert list_ways_out(settings, {}) == []
