"""Who may sign a consent today: a parent, the pupil with a parent, the pupil of age, staff."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.access import check_may_accept_consent, get_consent_scope
from services.people.consents.texts import ConsentKind
from services.people.models import BY_NAME, Consent, Employee, GuardianLink, Pupil
from services.people.queries.consent_papers import Parties
from services.people.queries.consents import (
    ConsentCard,
    get_person_name,
    pupils_of_classes,
    to_consent_card,
)
from services.people.queries.days import on_day
from services.people.queries.families import get_pupil_cards
from services.regulation.queries import get_setting


@dataclass(frozen=True, slots=True)
class PupilToSign:
    """A pupil found by the clerk, with how many live consents there are."""

    id: int
    name: str
    class_title: str
    live: int


def find_pupils_to_sign(*, actor: Actor, words: str, on: date) -> list[PupilToSign]:
    """Return the pupils for whom the actor may accept consents, at most thirty, by name.

    A class teacher sees the class at once; the office types a name. Raise `NotFound`.
    """
    scope = get_consent_scope(actor=actor, on=on)
    rows = Pupil.objects.all()
    if not scope.all_pupils:
        rows = rows.filter(pk__in=pupils_of_classes(scope.class_ids, on))
    elif not words.strip():
        return []
    for word in words.lower().replace("ё", "е").split()[:4]:
        rows = rows.filter(Q(sort_key__startswith=word) | Q(sort_key__contains=f" {word}"))
    found = list(rows.order_by(*BY_NAME)[: 100 if not scope.all_pupils else 30])
    cards = get_pupil_cards(pupil_ids=[row.pk for row in found], on=on)
    live = Counter(
        Consent.objects.live()
        .filter(pupil_id__in=[row.pk for row in found])
        .values_list("pupil_id", flat=True)
    )
    return [
        PupilToSign(row.pk, get_person_name(row), cards[row.pk].class_title, live[row.pk])
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who may sign for a pupil today: a parent, the pupil with a parent, the pupil of age."""

    kind: ConsentKind
    guardian_id: int | None
    name: str
    relation: str
    address: str
    live: ConsentCard | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class PupilSigners:
    """A pupil and everybody who may sign."""

    pupil_id: int
    name: str
    class_title: str
    address: str
    age: int | None
    signers: tuple[Signer, ...]


def list_signers(*, actor: Actor, pupil_id: int, on: date) -> PupilSigners:
    """Return who may sign for a pupil; raise `NotFound` for a pupil the actor may not accept."""
    check_may_accept_consent(actor=actor, pupil_id=pupil_id, on=on)
    pupil = Pupil.objects.filter(pk=pupil_id).first()
    if pupil is None:
        raise NotFound
    age = age_on(pupil.birth_date, on)
    adult = int(get_setting(key="consent.adult_age", on=on).value)
    young = int(get_setting(key="consent.pupil_age", on=on).value)
    links = GuardianLink.objects.filter(pupil=pupil).exclude(state=GuardianLink.State.ENDED)
    links = on_day(links, on).select_related("guardian").order_by("pk")
    live = {
        (row.kind, row.guardian_id): to_consent_card(row)
        for row in Consent.objects.live().filter(pupil=pupil)
    }
    signers = []
    if age is not None and age >= adult:
        kinds: list[ConsentKind] = []
        own = live.get((ConsentKind.ADULT_PUPIL.value, None))
        name = get_person_name(pupil)
        signers.append(
            Signer(ConsentKind.ADULT_PUPIL, None, name, "", pupil.address, own, is_confirmed=True)
        )
    else:
        is_young = age is not None and age >= young
        kinds = [ConsentKind.PARENT, *([ConsentKind.PUPIL] if is_young else [])]
    signers += [
        Signer(
            kind,
            link.guardian_id,
            get_person_name(link.guardian),
            link.get_relation_display(),
            link.guardian.address,
            live.get((kind.value, link.guardian_id)),
            link.state == GuardianLink.State.CONFIRMED,
        )
        for kind in kinds
        for link in links
    ]
    title = get_pupil_cards(pupil_ids=[pupil.pk], on=on)[pupil.pk].class_title
    return PupilSigners(pupil.pk, get_person_name(pupil), title, pupil.address, age, tuple(signers))


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """What a parent or a pupil of age may sign by the own account."""

    parties: Parties
    name: str
    subject_name: str
    subject_address: str
    signer_address: str
    is_young: bool


def list_own_sheets(*, actor: Actor, on: date) -> list[OwnSheet]:
    """Return what the guardian, or the pupil of age, who asks has not signed yet.

    A pupil of 14–17 signs together with a parent, at school: two people, one account.
    """
    adult = int(get_setting(key="consent.adult_age", on=on).value)
    young = int(get_setting(key="consent.pupil_age", on=on).value)
    sheets = []
    own = Pupil.objects.filter(pk=actor.person(Role.PUPIL) or 0).first()
    if own is not None and (age_on(own.birth_date, on) or 0) >= adult:
        name = get_person_name(own)
        parties = Parties(ConsentKind.ADULT_PUPIL, own.pk)
        sheets.append(OwnSheet(parties, name, name, own.address, own.address, is_young=False))
    links = GuardianLink.objects.filter(
        guardian_id=actor.person(Role.GUARDIAN) or 0, state=GuardianLink.State.CONFIRMED
    )
    for link in on_day(links, on).select_related("pupil", "guardian").order_by("pk"):
        age = age_on(link.pupil.birth_date, on)
        if age is not None and age >= adult:
            continue
        sheets.append(
            OwnSheet(
                Parties(ConsentKind.PARENT, link.pupil_id, link.guardian_id),
                get_person_name(link.guardian),
                get_person_name(link.pupil),
                link.pupil.address,
                link.guardian.address,
                is_young=age is not None and age < young,
            )
        )
    return [one for one in sheets if not is_signed(parties=one.parties)]


def get_own_sheet(*, actor: Actor, pupil_id: int, on: date) -> OwnSheet:
    """Return what the actor may sign for, or as, a pupil; raise `NotFound`."""
    for one in list_own_sheets(actor=actor, on=on):
        if one.parties.pupil_id == pupil_id:
            return one
    raise NotFound


def get_own_parties(*, actor: Actor, pupil_id: int, on: date) -> Parties:
    """Return whose consent the actor signs with the own account; raise `NotFound`.

    One that is signed already is found too.
    """
    guardian_id = actor.person(Role.GUARDIAN)
    if actor.person(Role.PUPIL) == pupil_id:
        return Parties(ConsentKind.ADULT_PUPIL, pupil_id)
    links = GuardianLink.objects.filter(
        guardian_id=guardian_id or 0, pupil_id=pupil_id, state=GuardianLink.State.CONFIRMED
    )
    if not on_day(links, on).exists():
        raise NotFound
    return Parties(ConsentKind.PARENT, pupil_id, guardian_id)


def list_own_manners(*, is_through_esia: bool, on: date) -> list[str]:
    """Return how the school accepts a signature from here: the surest way first; none by default.

    `is_through_esia`: the person came in through ЕСИА this time, which saw the documents.
    """
    allowed = get_setting(key="consent.identification", on=on).value
    ways = [Consent.IdentifiedBy.ESIA] if is_through_esia else []
    return [one.value for one in [*ways, Consent.IdentifiedBy.ACCOUNT] if one.value in allowed]


def is_accepted_from_esia(*, on: date) -> bool:
    """Return whether the school accepts a signature of who comes in through ЕСИА."""
    allowed = get_setting(key="consent.identification", on=on).value
    return Consent.IdentifiedBy.ESIA.value in allowed


def is_signed(*, parties: Parties) -> bool:
    """Return whether the same people have a live consent."""
    return Consent.objects.live().filter(**parties.columns).exists()


@dataclass(frozen=True, slots=True)
class EmployeeToSign:
    """An employee who may sign, and the live consent."""

    id: int
    name: str
    post: str
    address: str
    live: ConsentCard | None


def get_employee_to_sign(*, actor: Actor, employee_id: int, on: date) -> EmployeeToSign:
    """Return an employee at work; raise `NotFound`."""
    check_may_accept_consent(actor=actor, pupil_id=None, on=on)
    for one in find_employees_to_sign(actor=actor, words="", on=on, employee_id=employee_id):
        return one
    raise NotFound


def find_employees_to_sign(
    *, actor: Actor, words: str, on: date, employee_id: int | None = None
) -> list[EmployeeToSign]:
    """Return the employees at work by name, with their consents; raise `NotFound`."""
    check_may_accept_consent(actor=actor, pupil_id=None, on=on)
    rows = Employee.objects.filter(left_on=None)
    if employee_id is not None:
        rows = rows.filter(pk=employee_id)
    for word in words.lower().replace("ё", "е").split()[:4]:
        rows = rows.filter(Q(sort_key__startswith=word) | Q(sort_key__contains=f" {word}"))
    found = list(rows.order_by(*BY_NAME)[:200])
    live = {
        row.employee_id: to_consent_card(row)
        for row in Consent.objects.live().filter(employee_id__in=[one.pk for one in found])
    }
    return [
        EmployeeToSign(one.pk, get_person_name(one), one.post, one.address, live.get(one.pk))
        for one in found
    ]


def age_on(birth_date: date | None, on: date) -> int | None:
    """Return how old somebody is on a day, or None when the birth date is not known."""
    if birth_date is None:
        return None
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
