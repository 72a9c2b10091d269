"""`okrugctl doctor`: looks at everything a server lives by; each trouble is told with its cure."""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from infra.ctl import configuring, judging, product
from infra.ctl.copies import ask
from infra.ctl.errors import Refusal, reason_of
from infra.ctl.judging import Finding, Level
from infra.ctl.place import Place
from infra.ctl.restoring import data_of
from infra.ctl.services import services_of
from infra.ctl.units import names_of

DAY = 86_400
SIGNS = {Level.GOOD: "+", Level.WORTH_A_LOOK: "?", Level.BAD: "!"}


def run(asked: argparse.Namespace) -> int:
    """Say what was found; return 1 when something must be mended."""
    findings = []
    for one in examine(Place.of_this_release()):
        findings.append(one)
        if not asked.json:
            print(f"{SIGNS[one.level]} {one.words}")
            if one.cure:
                print(f"    {one.cure}")
    if asked.json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    return 1 if any(one.level is Level.BAD for one in findings) else 0


def examine(place: Place) -> Iterator[Finding]:
    """Yield what is found, from the machine up to the portal; a look that fails hides no other."""
    told = configuring.product_environment(place, admin=False)
    for look in (_release, _secrets, _disks, _clock, _services, _folder, _database, _portal):
        yield from _looked(look, place, told)
    yield _certificate(told)
    yield from _looked(_backups, place, told)


Look = Callable[[Place, Mapping[str, str]], Iterator[Finding]]


def _looked(look: Look, place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    try:
        yield from look(place, told)
    except (Refusal, OSError) as trouble:
        yield judging.bad(
            f"Не проверено: {reason_of(trouble)}",
            "Исправьте названное и повторите okrugctl doctor.",
        )


def _release(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    release = place.release()
    yield judging.judge_python(sys.version_info[:2], release.name if release else "неизвестна")
    yield judging.judge_settings(told)


def _secrets(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    files = [file for file in (place.settings, place.admin, place.database) if file.exists()]
    yield from judging.judge_secrets({str(file): file.stat().st_mode for file in files})


def _clock(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    yield judging.judge_clock(_is_synchronised())


def _services(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    services = services_of(place, systemd=told.get("OKRUG_KEEPER") == "systemd")
    names = [name for group in names_of(told) for name in group]
    yield judging.judge_services(names, services.active(names))


def _folder(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    if configuring.is_embedded(place):
        yield from judging.judge_folder(str(data_of(place)), is_there=data_of(place).exists())


def _portal(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    for port in told.get("OKRUG_PORTS", "").split():
        yield from judging.judge_portal(port, *_ready(place, port))


def _disks(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    copies = configuring.places_of_copies(place)
    seen = set()
    for folder in (place.opt, place.state, *map(Path, copies)):
        if folder.exists() and (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            usage = shutil.disk_usage(folder)
            yield judging.judge_disk(str(folder), usage.total, usage.free)


def _is_synchronised() -> bool | None:
    if not shutil.which("timedatectl"):
        return None
    asked = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return {"yes": True, "no": False}.get(done.stdout.strip())


def _database(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    """Ask the product; that it loads at all shows that the residency manifest agrees."""
    release = place.release()
    assert release is not None  # we run from it
    environment = {"PATH": os.defpath, **configuring.product_environment(place, admin=True)}
    done = subprocess.run(  # noqa: S603
        [str(release / "bin/python"), "-m", "infra.ctl.inspecting"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr.strip() or "нет ответа").splitlines()[-1]
        yield judging.bad(
            f"Портал не загружается: {words}",
            "Исправьте названное в okrug.env, admin.env или манифесте размещения.",
        )
        return
    yield judging.good("Все адреса названы в манифесте размещения")
    yield from judging.judge_database(json.loads(done.stdout.splitlines()[-1]))


def _ready(place: Place, port: str) -> tuple[int, dict[str, object]]:
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        code, words = product.ask(place, int(port), "/health/ready")
        return code, json.loads(words)
    return 0, {}


def _certificate(told: Mapping[str, str]) -> Finding:
    host = urlsplit(told.get("OKRUG_URL", "")).hostname or ""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, 443), timeout=3) as plain,
            context.wrap_socket(plain, server_hostname=host) as shown,
        ):
            until = ssl.cert_time_to_seconds(str((shown.getpeercert() or {})["notAfter"]))
    except (OSError, ValueError, KeyError) as trouble:
        return judging.judge_certificate(host, None, str(trouble))
    return judging.judge_certificate(host, (until - time.time()) / DAY)


def _backups(place: Place, told: Mapping[str, str]) -> Iterator[Finding]:
    if configuring.places_of_copies(place):
        code, words = ask(place, "status")
        yield judging.judge_backups(code, " ".join(words.split()))
    else:
        yield judging.judge_backups(None, "")
