"""The whole story: a teacher types marks, a mother sees hers, the officer sees the numbers move.

Also: two teachers in one cell, a dropped connection, a replayed request, a stranger's address.
"""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stack import PHONE, Stack

pytestmark = pytest.mark.browser

FRESH_SECONDS = 60


def open_grid(page: Page, stack: Stack) -> None:
    """Open the journal of 7А and wait until it takes typing."""
    ids = stack.ids
    page.goto(f"{stack.url}/s/alpha/journal/{ids['group']}/{ids['subject']}/{ids['term']}/")
    page.locator("[role=grid]").wait_for()


@pytest.mark.requirement("NFR-010", "INF-001", "ROL-027", part=True)
def test_marks_go_from_the_teacher_to_the_mother_and_the_committee(
    stack: Stack, sign_in: Callable[..., Page]
) -> None:
    officer = sign_in("oleg")
    officer.goto(f"{stack.url}/district/")
    before = officer.locator("main").inner_text()

    teacher = sign_in("anna")
    open_grid(teacher, stack)
    typed_at = time.monotonic()
    for number in range(30):
        teacher.keyboard.press(str(5 - number % 4))
    expect(teacher.locator("#journal")).to_contain_text(re.compile("Сохранено в"))
    assert time.monotonic() - typed_at < 30

    mother = sign_in("vera", PHONE)
    mother.goto(f"{stack.url}/family/alpha/{stack.ids['gleb']}/marks/")
    expect(mother.locator("main")).to_contain_text("Алгебра")
    expect(mother.locator("main")).to_contain_text("5,00")
    assert "Зоина" not in mother.content()

    deadline = time.monotonic() + FRESH_SECONDS
    while time.monotonic() < deadline:
        officer.reload()
        if officer.locator("main").inner_text() != before:
            break
        officer.wait_for_timeout(1000)
    expect(officer.locator("main")).to_contain_text("30")
    assert "Глебов" not in officer.content()


@pytest.mark.requirement("NFR-010")
def test_page_is_laid_out_as_the_paper_journal(stack: Stack, sign_in: Callable[..., Page]) -> None:
    """The left side: pupils by the alphabet, days across. The right side: day, topic, task."""
    teacher = sign_in("anna")
    open_grid(teacher, stack)
    names = teacher.locator("[role=grid] tbody th").all_inner_texts()
    heads = " ".join(teacher.locator("[role=grid] thead").all_inner_texts())

    assert len(names) == 30
    pupils = [re.sub(r"^\s*\d+\s*", "", name).strip() for name in names]
    assert pupils == sorted(pupils)
    assert [day for day in ("16", "17", "18", "19", "20") if day not in heads] == []
    assert "Средний" in heads

    teacher.goto(f"{stack.url}/s/alpha/lessons/{stack.ids['lesson']}/")
    for label in ("Тема", "Домашнее задание классу"):
        expect(teacher.get_by_label(label, exact=True)).to_be_visible()


@pytest.mark.requirement("ACC-020")
def test_mother_of_children_in_two_schools_sees_both_on_one_screen(
    stack: Stack, sign_in: Callable[..., Page]
) -> None:
    mother = sign_in("vera", PHONE)
    mother.goto(f"{stack.url}/")

    for school, child in (("alpha", "gleb"), ("beta", "other_gleb")):
        link = mother.locator(f"main a[href^='/family/{school}/{stack.ids[child]}/']").first
        expect(link).to_be_visible()


def test_two_teachers_in_one_cell_see_whose_value_stands(
    stack: Stack, sign_in: Callable[..., Page]
) -> None:
    first, second = sign_in("anna"), sign_in("anna")
    open_grid(first, stack)
    open_grid(second, stack)
    first.keyboard.press("ArrowLeft")
    second.keyboard.press("ArrowLeft")
    first.keyboard.press("4")
    expect(first.locator("#journal")).to_contain_text(re.compile("Сохранено в"))

    second.keyboard.press("5")

    expect(second.locator("#journal")).to_contain_text(re.compile("уже поставила? 4|4 в "))


def test_lost_connection_keeps_the_input_and_saves_it_once(
    stack: Stack, sign_in: Callable[..., Page]
) -> None:
    teacher = sign_in("anna")
    open_grid(teacher, stack)
    for _ in range(2):
        teacher.keyboard.press("ArrowLeft")
    teacher.context.set_offline(True)
    teacher.keyboard.press("3")
    expect(teacher.locator("#journal")).to_contain_text("Нет связи")

    teacher.context.set_offline(False)

    expect(teacher.locator("#journal")).to_contain_text(re.compile("Сохранено в"), timeout=20_000)
    open_grid(teacher, stack)
    assert teacher.locator("[role=grid] tbody td", has_text=re.compile(r"^\s*3\s*$")).count() >= 1


def test_replayed_request_changes_nothing(stack: Stack, sign_in: Callable[..., Page]) -> None:
    teacher = sign_in("anna")
    open_grid(teacher, stack)
    body = {
        "key": "4f9f6a4e-94a1-4d61-9b2c-0d4d2f6d3a11",
        "lesson": stack.ids["lesson"] - 4,
        "cells": [{"pupil": stack.ids["gleb"], "value": "5", "seen": 0}],
    }
    send = """async ([url, body]) => {
      const csrf = document.querySelector('#journal').dataset.csrf;
      const answer = await fetch(url, {method: 'POST', body: JSON.stringify(body),
        headers: {'X-CSRFToken': csrf, 'Content-Type': 'application/json'}});
      return answer.json();
    }"""
    url = f"{stack.url}/s/alpha/journal/cells/"

    first = teacher.evaluate(send, [url, body])
    second = teacher.evaluate(send, [url, body])

    assert (first["repeat"], second["repeat"]) == (False, True)
    assert first["cells"] == second["cells"]


@pytest.mark.requirement("ROL-024", part=True)
@pytest.mark.parametrize("login", ["vera", "gleb", "dmitry"])
def test_family_finds_no_journal_and_no_other_child(
    stack: Stack, sign_in: Callable[..., Page], login: str
) -> None:
    page = sign_in(login, PHONE)
    ids = stack.ids
    addresses = [
        f"/s/alpha/journal/{ids['group']}/{ids['subject']}/{ids['term']}/",
        f"/s/alpha/lessons/{ids['lesson']}/",
        "/s/alpha/today/",
        "/s/alpha/office/",
        "/district/",
    ]
    if login != "dmitry":
        addresses.append(f"/family/alpha/{ids['yegor']}/")
    else:
        addresses.append(f"/family/alpha/{ids['gleb']}/")

    for address in addresses:
        answer = page.goto(f"{stack.url}{address}")
        assert answer is not None
        assert answer.status == 404, address
