"""A teacher at work, the management beside; the reports of both."""

import uuid
from typing import Any

from foundation.db.door import school_transaction
from kernel.actor import Actor
from tests.doors.knocks.knock import (
    HEAD,
    JOURNAL,
    TEACHING,
    Knock,
    a_save,
    answers,
    column,
    lesson,
    page,
    school,
)
from tests.factories.district import TwoSchools
from tests.factories.marks import class_of


def whole_class(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The class 7А."""
    return {"school": slug, "group": two.small[slug].group_id}


def book(two: TwoSchools, slug: str) -> dict[str, Any]:
    """All of its journal, second quarter."""
    return {**whole_class(two, slug), "term": two.small[slug].term_id}


def a_class(two: TwoSchools, slug: str) -> dict[str, Any]:
    """7А: Anna teaches it, Boris is over it."""
    school, small = two.refs[slug], two.small[slug]
    with school_transaction(Actor.system(school), school.id):
        return {"school": slug, "class_id": class_of(small.group_id)}


def a_report_of_gleb(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb, as those who teach him know him."""
    return {"school": slug, "pupil_id": two.small[slug].gleb}


def a_kind(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A column without a kind of work."""
    return {"key": str(uuid.uuid4()), "lesson": two.small[slug].lessons[0], "kind": None}


def a_record(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A topic, and a five for Gleb."""
    gleb = two.small[slug].gleb
    return {
        "key": str(uuid.uuid4()),
        "topic": "Дроби",
        "homework_none": "on",
        f"seen-{gleb}": "0",
        f"was-{gleb}": "",
        f"mark-{gleb}": "5",
    }


KNOCKS = (
    Knock("teacher:today", TEACHING, school),
    Knock("teacher:journals", JOURNAL, school),
    Knock("teacher:journal-now", JOURNAL, column, answers=answers(302)),
    Knock("teacher:journal", JOURNAL, page),
    Knock("teacher:cells", JOURNAL, page),
    Knock("teacher:lessons", JOURNAL, page),
    Knock("teacher:subject-paper", JOURNAL, page),
    Knock("teacher:class-paper", HEAD, whole_class),
    Knock("teacher:class-paper-file", HEAD, book),
    Knock("teacher:lesson", JOURNAL, lesson),
    Knock("teacher:lesson", TEACHING, lesson, a_record, answers=answers(302)),
    Knock("teacher:save-cells", TEACHING, school, a_save, is_json=True),
    Knock("teacher:set-kind", TEACHING, school, a_kind, is_json=True),
    Knock("reports:home", JOURNAL, school),
    Knock("reports:school", HEAD, school),
    Knock("reports:class", JOURNAL, a_class),
    Knock("reports:subject", JOURNAL, column),
    Knock("reports:pupil", JOURNAL, a_report_of_gleb),
)
