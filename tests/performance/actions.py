"""What people do, each as one request: asked, checked, its answer kept for the next."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from urllib.parse import urlencode

from tests.performance.cast import Cast, Parent, Teacher, open_session
from tests.performance.clients import CSRF, Browser, Reply
from tests.performance.load.build import PASSWORD
from tests.performance.load.district import OFFICER


class UnexpectedAnswer(Exception):
    """The product answered otherwise than it should; the message says how."""


Action = Callable[[], Reply]


def reading(browser: Browser, path: str) -> Action:
    """Return the action of reading a page."""

    def read() -> Reply:
        reply = browser.get(path)
        if reply.status != HTTPStatus.OK:
            raise UnexpectedAnswer(f"{path}: {reply.status}")
        return reply

    return read


def signing_in(browser: Browser, login: str = OFFICER.login) -> Action:
    """Return the action of signing in by password, each time without a session."""
    form = urlencode(
        {"login": login, "password": PASSWORD, "csrfmiddlewaretoken": CSRF, "next": "/"}
    )

    def sign_in() -> Reply:
        browser.cookies.clear()
        reply = browser.post_form("/sign-in/", form)
        if reply.status != HTTPStatus.FOUND:
            raise UnexpectedAnswer(f"/sign-in/: {reply.status}")
        return reply

    return sign_in


@dataclass(slots=True)
class Pen:
    """A teacher writing into a lesson: every save really changes its cells."""

    browser: Browser
    teacher: Teacher
    versions: dict[int, tuple[str, int]] = field(default_factory=dict)
    pupils: list[int] = field(default_factory=list)
    turns: count = field(default_factory=count)

    def open_page(self) -> Reply:
        """Read the page and note what stands in the lesson's column."""
        reply = reading(self.browser, self.teacher.cells)()
        page = reply.json
        column = [one["id"] for one in page["lessons"]].index(self.teacher.lesson_id)
        self.pupils = [one["id"] for one in page["pupils"]]
        self.versions = dict.fromkeys(self.pupils, ("", 0))
        for lesson, pupil, mark, _, version in page["cells"]:
            if lesson == column:
                self.versions[self.pupils[pupil]] = (str(mark or ""), version)
        return reply

    def save(self, cells: int = 1) -> Reply:
        """Put marks to the next pupils; raise `UnexpectedAnswer` unless all were written."""
        if not self.pupils:
            self.open_page()
        size = len(self.pupils)
        turn = [self.pupils[next(self.turns) % size] for _ in range(min(cells, size))]
        wanted = [
            {
                "pupil": pupil,
                "value": "4" if self.versions[pupil][0] == "5" else "5",
                "seen": self.versions[pupil][1],
            }
            for pupil in turn
        ]
        body = {"key": str(uuid.uuid4()), "lesson": self.teacher.lesson_id, "cells": wanted}
        reply = self.browser.post_json(self.teacher.saving, body)
        if reply.status != HTTPStatus.OK:
            raise UnexpectedAnswer(f"save: {reply.status} {reply.body[:200]!r}")
        answer = reply.json
        for cell in answer["cells"]:
            self.versions[cell["pupil"]] = (cell["value"], cell["version"])
        if answer["repeat"] or len(answer["cells"]) != len(turn):
            raise UnexpectedAnswer(f"save: {answer['conflicts']} {answer['refused']}")
        return reply

    def save_column(self) -> Reply:
        """Put a mark to every pupil of the lesson."""
        return self.save(len(self.pupils) or 30)


@dataclass(slots=True)
class Troupe:
    """The signed-in people of one thread; a session is opened once an account."""

    open_browser: Callable[[dict[str, str]], Browser]
    cast: Cast
    _browsers: dict[int, Browser] = field(default_factory=dict)
    _pens: dict[Teacher, Pen] = field(default_factory=dict)

    def browser_of(self, account_id: int) -> Browser:
        """Return the browser of an account, signed in."""
        if account_id not in self._browsers:
            self._browsers[account_id] = self.open_browser(open_session(account_id))
        return self._browsers[account_id]

    def pen_of(self, teacher: Teacher) -> Pen:
        """Return a teacher's way to write."""
        if teacher not in self._pens:
            self._pens[teacher] = Pen(self.browser_of(teacher.account_id), teacher)
        return self._pens[teacher]

    def action(self, name: str, teacher: Teacher, parent: Parent) -> Action:
        """Return an action by the name of its goal."""
        match name:
            case "journal":
                return reading(self.browser_of(teacher.account_id), teacher.cells)
            case "save_mark":
                return self.pen_of(teacher).save
            case "save_column":
                return self.pen_of(teacher).save_column
            case "diary_week":
                return reading(self.browser_of(parent.account_id), parent.week)
            case "board":
                return reading(self.browser_of(self.cast.officer), self.cast.board)
        raise KeyError(name)
