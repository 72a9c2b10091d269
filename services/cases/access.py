"""The only ways from an actor to a case: the applicant himself, the desk by its rights, the system.

The class teacher is a fact of a class: what he may do, he may do with the cases of his own class,
also with those nobody has recognised yet but which name it (SRV-014).
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.crypto import salted_hmac

from kernel.actor import Actor
from kernel.codes import draw_code, read_code
from kernel.errors import NotFound
from kernel.lookalikes import as_cyrillic
from kernel.rights import Hat, Right
from kernel.roles import STAFF_ROLES, Role
from kernel.school_year import start_year_of
from services.cases.models import Application
from services.cases.rules import ApplicantKind, Party, Standing, State
from services.people import queries as people
from services.regulation import access as rights

CASE_RIGHTS = (Right.CASES_READ, Right.CASES_ACCEPT, Right.CASES_GRANT, Right.CASES_REFUSE)
CLASS_HATS = frozenset({Hat.CLASS_TEACHER})
CLASS = re.compile(r"(\d{1,2})\W*([^\W\d_]?)")
# A code has no 0, 1 and 8; who reads one there, or types in Cyrillic, means the letter.
SECRET_SIGNS = 20
SELF = (ApplicantKind.ADULT_PUPIL, ApplicantKind.PUPIL_WITH_CONSENT)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person at work may do with cases: school-wide, and with those of his own classes."""

    everywhere: frozenset[Right]
    in_own_class: frozenset[Right]
    class_ids: frozenset[int]
    class_titles: frozenset[str]

    def rights_for(self, case: Application, class_id: int | None) -> frozenset[Right]:
        """Return the rights towards one case; `class_id` is the recognised pupil's."""
        if self.is_own(case, class_id):
            return self.everywhere | self.in_own_class
        return self.everywhere

    def is_own(self, case: Application, class_id: int | None) -> bool:
        """Return whether the case is of a class the person is class teacher of."""
        if case.pupil_id is not None:
            return class_id in self.class_ids
        return read_class(case.child_class) in self.class_titles


def read_class(typed: str) -> str:
    """Return «7А» for «7 а», «7-А», «7"A"», or "" for what is no class."""
    found = CLASS.match(typed.strip())
    if found is None:
        return ""
    level, letter = found.groups()
    return f"{int(level)}{(as_cyrillic(letter) or letter).upper()}"


def get_desk(*, actor: Actor, on: date) -> Desk:
    """Return what a person at work may do with cases; a family's desk is empty."""
    classes = _classes_of(actor, on)
    everywhere = {one for one in CASE_RIGHTS if rights.may(actor=actor, right=one)}
    own = {one for one in CASE_RIGHTS if rights.may(actor=actor, right=one, hats=CLASS_HATS)}
    return Desk(
        frozenset(everywhere),
        frozenset(own if classes else ()),
        frozenset(one.id for one in classes),
        frozenset(one.title.upper() for one in classes),
    )


def check_desk(*, actor: Actor, right: Right, on: date) -> Desk:
    """Return the desk of a person who has a right somewhere. Raise `NotFound`."""
    desk = get_desk(actor=actor, on=on)
    if right not in desk.everywhere | desk.in_own_class:
        raise NotFound
    return desk


def get_case(
    *, actor: Actor, case_id: int, on: date, lock: bool = False
) -> tuple[Application, Standing]:
    """Return a case with who the actor is to it; raise `NotFound` when he is nobody.

    With `lock` the row is the caller's until the transaction ends.
    """
    rows = Application.objects.select_for_update(of=("self",)) if lock else Application.objects
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    standing = standing_of(actor=actor, case=case, on=on)
    if not standing.parties:
        raise NotFound
    return case, standing


def standing_of(*, actor: Actor, case: Application, on: date) -> Standing:
    """Return who an actor is to a case."""
    parties = set()
    held: frozenset[Right] = frozenset()
    if actor.has(Role.SYSTEM):
        parties.add(Party.SYSTEM)
    elif case.state != State.DRAFT and actor.has(*STAFF_ROLES):
        held = get_desk(actor=actor, on=on).rights_for(case, _class_of(case, on))
        if Right.CASES_READ in held:
            parties.add(Party.STAFF)
    if is_applicant(actor, case):
        parties.add(Party.APPLICANT)
    return Standing(frozenset(parties), held)


def is_applicant(actor: Actor, case: Application) -> bool:
    """Return whether the actor applied, or is the card that was recognised as the applicant."""
    if actor.account_id is not None and case.account_id == actor.account_id:
        return True
    guardian_id, pupil_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    if guardian_id is not None and case.guardian_id == guardian_id:
        return True
    return pupil_id is not None and case.pupil_id == pupil_id and case.kind in SELF


def get_case_by_secret(
    *, number: str, secret: str, lock: bool = False
) -> tuple[Application, Standing]:
    """Return the case of who knows its number and its secret code; else raise `NotFound`.

    Whatever is wrong, number or code, the answer and the work are the same.
    """
    rows = Application.objects.select_for_update(of=("self",)) if lock else Application.objects
    case = rows.filter(number=number.strip()).exclude(number="").first()
    kept = case.secret_digest if case is not None and case.secret_digest else "-"
    if not hmac.compare_digest(kept, digest_secret(secret)) or case is None:
        raise NotFound
    return case, Standing(frozenset({Party.APPLICANT}))


def make_secret(key: UUID) -> str:
    """Return the code of a form's key, «ABCD-EFGH-…»: 100 bits, the same for the same form."""
    drawn = salted_hmac("okrug.cases.secret", str(key), algorithm="sha256").digest()
    return draw_code(drawn, SECRET_SIGNS)


def digest_secret(secret: str) -> str:
    """Return what is kept of a secret code, however it was typed."""
    return hashlib.sha256(read_code(secret).encode()).hexdigest()


def list_classes_on(on: date) -> list[people.ClassCard]:
    """Return the classes of the school year of a day."""
    return people.list_classes(start_year=start_year_of(on))


def _classes_of(actor: Actor, on: date) -> Iterable[people.ClassCard]:
    employee_id = actor.person(Role.TEACHER) or actor.person(Role.MANAGEMENT)
    if employee_id is None:
        return ()
    return people.list_classes_of_teacher(employee_id=employee_id, start_year=start_year_of(on))


def _class_of(case: Application, on: date) -> int | None:
    if case.pupil_id is None:
        return None
    cards = people.get_pupil_cards(pupil_ids=[case.pupil_id], on=on)
    return cards[case.pupil_id].class_id if case.pupil_id in cards else None
