"""The office: people, accounts, rights, lists, copies."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.knocks.knock import (
    ADMINISTRATOR,
    HEADS,
    IMPORTS,
    OFFICE,
    STAFF_KEEP,
    STAFF_LIST,
    Knock,
    answers,
    nothing,
    school,
)
from tests.factories.archives import keep_archive
from tests.factories.district import LIST_OF_PUPILS, TwoSchools


def gleb_and_vera(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A pupil and his mother."""
    small = two.small[slug]
    return {"school": slug, "pupil_id": small.gleb, "guardian_id": small.vera}


def job(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A list that waits for its import."""
    return {"school": slug, "job_id": two.jobs[slug]}


def stolen(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A stolen sign-in."""
    return {"school": slug, "case_id": two.steal_sign_in(slug)}


def an_archive(two: TwoSchools, slug: str) -> dict[str, Any]:
    """An archive of the school that is ready to be taken."""
    return {"school": slug, "export_id": keep_archive(two.refs[slug])}


def a_lost_network(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A school without the Internet."""
    return {"kind": "internet", "started_at": "2026-11-18T10:00"}


def an_unknown_incident(two: TwoSchools, slug: str) -> dict[str, Any]:
    """An incident nobody noted, in a school."""
    return {"school": slug, "incident_id": 1_000_000}


def a_list(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A file with one pupil."""
    return {"kind": "pupils", "file": SimpleUploadedFile("7А.csv", LIST_OF_PUPILS)}


def pupil_card(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb's personal card."""
    return {"school": slug, "pupil_id": two.small[slug].gleb}


def guardian_card(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Vera's card."""
    return {"school": slug, "guardian_id": two.small[slug].vera}


def vera_link(two: TwoSchools, slug: str) -> dict[str, Any]:
    """What Vera is to Gleb."""
    return {"school": slug, "link_id": two.link_of_vera(slug)}


def anna_card(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Anna's card."""
    return {"school": slug, "employee_id": two.small[slug].anna}


def anna_herself(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Anna among all kinds of people."""
    return {"school": slug, "kind": "employee", "person_id": two.small[slug].anna}


def some_duty(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A line of the register of appointments."""
    return {"school": slug, "appointment_id": 1}


def role_of_teachers(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The rights of teachers."""
    return {"school": slug, "subject": "teacher"}


def the_staff(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The accounts of employees."""
    return {"school": slug, "group": "staff"}


def a_pupil(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb with another birthday."""
    return {"name": "Глебов Глеб", "sex": "m", "birth_date": "2013-05-06"}


def a_guardian(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb's father."""
    return {"name": "Верин Виктор Петрович", "relation": "father"}


def a_limit(two: TwoSchools, slug: str) -> dict[str, Any]:
    """No diary, by a court."""
    return {"may_see_contacts": "on", "ground": "Заречный районный суд, 12.10.2026, № 2-15/2026"}


def an_end(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Rights that end."""
    return {"ground": "court"}


def a_last_day(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Leaving by an order."""
    return {"last_day": "2026-11-19", "order": "№ 15 от 18.11.2026", "ground": "expelled"}


def a_duty(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Anna joins the working group."""
    return {
        "duty": "working_group",
        "employee_id": two.small[slug].anna,
        "order_number": "15",
        "order_on": "2026-11-18",
        "since_on": "2026-11-18",
    }


KNOCKS = (
    Knock("office:home", OFFICE, school),
    Knock("office:pupil", OFFICE, pupil_card),
    Knock("office:pupil-edit", IMPORTS, pupil_card),
    Knock("office:pupil-edit", IMPORTS, pupil_card, a_pupil, answers=answers(302)),
    Knock("office:pupil-leave", IMPORTS, pupil_card),
    Knock("office:pupil-leave", IMPORTS, pupil_card, a_last_day, answers=answers(302)),
    Knock("office:guardian-add", IMPORTS, pupil_card),
    Knock("office:guardian-add", IMPORTS, pupil_card, a_guardian, answers=answers(302)),
    Knock("office:guardian-edit", IMPORTS, guardian_card),
    Knock("office:link-confirm", IMPORTS, vera_link, nothing, answers=answers(302)),
    Knock("office:link-limit", IMPORTS, vera_link),
    Knock("office:link-limit", IMPORTS, vera_link, a_limit, answers=answers(302)),
    Knock("office:link-end", IMPORTS, vera_link),
    Knock("office:link-end", IMPORTS, vera_link, an_end, answers=answers(302)),
    Knock("office:employees", STAFF_LIST, school),
    Knock("office:employee", STAFF_LIST, anna_card),
    Knock("office:employee-edit", STAFF_KEEP, anna_card),
    Knock("office:employee-dismiss", STAFF_KEEP, anna_card),
    Knock("office:employee-dismiss", STAFF_KEEP, anna_card, a_last_day, answers=answers(302)),
    Knock("office:employee-roles", ADMINISTRATOR, anna_card, answers=answers(200, 302)),
    Knock("office:employee-block", ADMINISTRATOR, anna_card, nothing, answers=answers(302)),
    Knock("office:second-factor-off", ADMINISTRATOR, anna_herself, nothing, answers=answers(302)),
    Knock("office:appointments", HEADS, school),
    Knock("office:appointment-add", HEADS, school),
    Knock("office:appointment-add", HEADS, school, a_duty, answers=answers(302)),
    Knock("office:appointment-end", HEADS, some_duty),
    Knock("office:rights", HEADS, school),
    Knock("office:rights-history", HEADS, school),
    Knock("office:rights-of", ADMINISTRATOR, role_of_teachers, answers=answers(200, 302)),
    Knock("office:rights-person", ADMINISTRATOR, anna_card, answers=answers(200, 302)),
    Knock("office:rights-deciders", ADMINISTRATOR, school, answers=answers(200, 302)),
    Knock("office:accounts", OFFICE, school),
    Knock("office:accounts-of", OFFICE, the_staff),
    Knock("office:sheets", ADMINISTRATOR, the_staff, nothing, answers=answers(409)),
    Knock("office:sheets-hand", ADMINISTRATOR, the_staff, nothing, answers=answers(409)),
    Knock("office:sheets-register", OFFICE, the_staff),
    Knock("office:backups", HEADS, school),
    Knock("office:invite", ADMINISTRATOR, gleb_and_vera, nothing, answers=answers(404)),
    Knock("office:archive", HEADS, school),
    Knock("office:archive", HEADS, school, nothing, answers=answers(302)),
    Knock("office:archive-take", HEADS, an_archive),
    Knock("office:thefts", HEADS, school),
    Knock("office:theft", HEADS, stolen),
    Knock("office:void", HEADS, stolen, nothing, answers=answers(302)),
    Knock("office:give-back", HEADS, stolen, nothing, answers=answers(302)),
    Knock("office:imports", IMPORTS, school),
    Knock("office:imports", IMPORTS, school, a_list, answers=answers(302)),
    Knock("office:import", IMPORTS, job),
    Knock("office:apply", IMPORTS, job, nothing, answers=answers(302)),
    Knock("office:drop", IMPORTS, job, nothing, answers=answers(302)),
    Knock("office:upkeep", OFFICE, school),
    Knock("office:incident-add", OFFICE, school, a_lost_network, answers=answers(302)),
    Knock("office:incident-end", OFFICE, an_unknown_incident, nothing, answers=answers(404)),
)
