"""What the pages of consents share: tabs, the day, PDF answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from foundation import clock
from foundation.documents.rendering import render_pdf
from foundation.files.queries import StoredFileContent
from foundation.files.serving import file_response, pdf_response
from kernel.actor import Actor
from kernel.rights import Right
from portal.shell.menus import school_menu
from portal.shell.navigation import NavItem
from services.people.queries.destruction import count_due
from services.people.queries.subject_requests import count_open
from services.regulation import access as rights
from tenants.accounts.gate import Request

SOON_DAYS = 7


def today_of(actor: Actor) -> date:
    """Return the day it is in the school."""
    return clock.today(actor.school.timezone)


def url(route: str, actor: Actor, **more: Any) -> str:
    """Return an address of the office."""
    return reverse(f"office:{route}", kwargs={"school": actor.school.slug, **more})


def tabs(actor: Actor, current: str, on: date) -> list[NavItem]:
    """Return the sections the actor may open; inside the school's transaction."""
    items = [("consents", "Журнал", ""), ("consent-pupils", "Принять", "")]
    if rights.may(actor=actor, right=Right.CONSENTS_READ, on=on):
        due, (waiting, _) = count_due(on=on, within_days=SOON_DAYS), count_open(on=on)
        items += [
            ("destruction", "К уничтожению", str(due or "")),
            ("data-requests", "Запросы своих данных", str(waiting or "")),
        ]
    if rights.may(actor=actor, right=Right.REGULATION_CHANGE, on=on):
        items.append(("consent-texts", "Тексты", ""))
    return [
        NavItem(title, url(route, actor), "", current=route == current, badge=badge)
        for route, title, badge in items
    ]


def page(
    request: Request, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of consents with the school's menu."""
    shown = {"nav": school_menu(request.actor, "office:consents"), **context}
    return render(request, f"office/consents/{template}", shown, status=status)


def pdf(name: str, template: str, data: Mapping[str, Any]) -> HttpResponse:
    """Answer with a PDF that the browser shows and nobody keeps on the way."""
    return pdf_response(name, render_pdf(template=template, data=data))


def download(name: str, content: bytes, media_type: str) -> HttpResponse:
    """Answer with a file to keep; its name holds no person."""
    return file_response(StoredFileContent(name, media_type, content, ""))
