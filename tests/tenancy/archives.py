"""A filled school to be exported, and what is compared before and after."""

import csv
import hashlib
import io
import json
import re
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import Client
from django.urls import reverse

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.people.models import Employee, Guardian
from tenants.accounts.models import Account
from tenants.accounts.operations import give_role, set_password
from tenants.provisioning.operations import open_school, request_school
from tests.factories.complaints import file_complaints
from tests.factories.consents import sign_papers
from tests.factories.district import TwoSchools, make_two_schools, take_application, upload_list
from tests.factories.printouts import print_for_vera

Rows = dict[str, list[dict[str, Any]]]
SPOKEN = '=1+1 «Функция»; "кавычки",\nстрока'


@dataclass(frozen=True)
class Filled:
    """A school with lessons, marks, cases, consents, complaints, files and accounts."""

    school: SchoolRef
    two: TwoSchools

    @property
    def anna(self) -> Account:
        """Return the account of the teacher."""
        return Account.objects.get(login="anina.anna")

    @property
    def vera(self) -> Account:
        """Return the account of the mother."""
        return Account.objects.get(login="verina.vera")


def fill_district() -> Filled:
    """Open two schools and fill both; the second is the one to be exported."""
    refs = {}
    for slug in ("alpha", "beta"):
        school_id = request_school(slug=slug, name=f"МБОУ «{slug}»", short_name=f"Школа «{slug}»")
        refs[slug] = open_school(school_id=school_id, administrator=f"Админова Алла {slug}")
    two = make_two_schools(refs)
    for slug, ref in refs.items():
        upload_list(ref)
        take_application(ref, two.small[slug])
        file_complaints(ref)
        sign_papers(ref, two.small[slug])
        print_for_vera(ref, two.small[slug])
    _give_accounts(refs["beta"], two)
    _write_a_lesson(refs["beta"], two)
    return Filled(refs["beta"], two)


def _give_accounts(school: SchoolRef, two: TwoSchools) -> None:
    small = two.beta
    for login, name, role, person in (
        ("anina.anna", "Анина Анна", Role.TEACHER, small.anna),
        ("verina.vera", "Верина Вера", Role.GUARDIAN, small.vera),
    ):
        account = Account.objects.create(login=login, display_name=name)
        with public_transaction():
            set_password(account_id=account.pk, password="верный пароль 42")
        give_role(account_id=account.pk, role=role, school_id=school.id, person_id=person)
        model: Any = Employee if role == Role.TEACHER else Guardian
        with school_transaction(Actor.system(school), school.id):
            model.objects.filter(pk=person).update(account_id=account.pk)


def _write_a_lesson(school: SchoolRef, two: TwoSchools) -> None:
    """Let Anna fill her lesson on its page, with a topic that looks like a formula."""
    small, client = two.beta, Client()
    client.force_login(Account.objects.get(login="anina.anna"))
    url = reverse("teacher:lesson", kwargs={"school": "beta", "lesson_id": small.lessons[0]})
    form = {
        "key": str(uuid.uuid4()),
        "topic": SPOKEN,
        "homework": "§ 12, № 301",
        **{f"seen-{pupil}": "0" for pupil in small.pupils},
        **{f"was-{pupil}": "" for pupil in small.pupils},
        f"mark-{small.gleb}": "5",
        f"code-{small.zoya}": "Н",
    }
    assert client.post(url, form).status_code == 302


def read_rows(schema: str) -> Rows:
    """Return every row of every table of a school."""
    rows = {}
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> %s",
            [schema, "django_migrations"],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t) FROM "{schema}"."{table}" t ORDER BY 1')
            rows[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    return rows


def look(account: Account, address: str) -> str:
    """Return a page as somebody sees it, without what is new at every look."""
    client = Client()
    client.force_login(account)
    answer = client.get(address)
    assert answer.status_code == 200, address
    told_anew = r'(csrfmiddlewaretoken" value|name="key" value|data-owner|data-csrf)="[^"]*"'
    return re.sub(told_anew, "", answer.text)


def pages(filled: Filled) -> dict[str, tuple[str, str]]:
    """Return (login, address) of what is looked at before and after."""
    small, slug = filled.two.beta, filled.school.slug
    family = f"/family/{slug}/{small.gleb}/"
    journal = {"group": small.group_id, "subject": small.subject_id, "term": small.term_id}
    return {
        "day": ("verina.vera", f"{family}?day=2026-11-16"),
        "week": ("verina.vera", f"{family}week/?day=2026-11-16"),
        "marks": ("verina.vera", f"{family}marks/"),
        "absences": ("verina.vera", f"{family}absences/"),
        "lessons": ("anina.anna", reverse("teacher:lessons", kwargs={"school": slug, **journal})),
        "cells": ("anina.anna", reverse("teacher:cells", kwargs={"school": slug, **journal})),
    }


Parts = dict[str, bytes]


def read_parts(source: Path) -> Parts:
    """Return what is in an archive."""
    with zipfile.ZipFile(source) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write_parts(target: Path, parts: Parts) -> Path:
    """Write an archive of these parts."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def list_anew(parts: Parts) -> Parts:
    """Return the parts with a list that fits them: a forger's who knows the format."""
    told = json.loads(parts["manifest.json"])
    told["entries"] = [
        {"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in parts.items()
        if name != "manifest.json"
    ]
    return parts | {"manifest.json": json.dumps(told).encode()}


def tell(parts: Parts, **changes: Any) -> Parts:
    """Return the parts with other words in the list."""
    told = json.loads(parts["manifest.json"]) | changes
    return parts | {"manifest.json": json.dumps(told).encode()}


def table(content: bytes) -> list[dict[str, str]]:
    """Return a CSV part of an archive."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def request_one(slug: str) -> int:
    """Register a school that is not open yet."""
    return request_school(slug=slug, name=slug, short_name=slug)
