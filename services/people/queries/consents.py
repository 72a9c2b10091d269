"""Reading consents: the register, one of them, what is to be signed (SRV-015, AUD-005)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.roles import Role
from services.people.access import (
    ConsentScope,
    get_consent_scope,
)
from services.people.consents.document import Operator
from services.people.models import (
    ClassEnrollment,
    Consent,
    Employee,
    Guardian,
    Pupil,
)
from services.people.queries.days import on_day
from services.people.queries.families import get_pupil_cards
from services.regulation.queries import get_settings

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """A consent as the rooms above see it; the names are asked of `list_register`."""

    id: int
    kind: str
    number: str
    pupil_id: int | None
    guardian_id: int | None
    employee_id: int | None
    accepted_on: date
    identified_by: str
    withdrawn_at: datetime | None
    is_live: bool
    file_id: int | None


def find_live_consent(
    *, pupil_id: int, guardian_id: int | None, lock: bool = False
) -> ConsentCard | None:
    """Return the consent that holds: a guardian's for this child, or the pupil's own (None).

    With `lock` a withdrawal waits until the caller's transaction ends: ask so before giving access,
    then a withdrawal at the same moment takes the access back after it is given, never before.
    """
    rows = Consent.objects.live().filter(pupil_id=pupil_id)
    if guardian_id is not None:
        rows = rows.filter(kind=Consent.Kind.PARENT, guardian_id=guardian_id)
    else:
        rows = rows.filter(kind__in=[Consent.Kind.ADULT_PUPIL, Consent.Kind.PUPIL])
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    row = rows.order_by("pk").first()
    return None if row is None else to_consent_card(row)


def list_consents(
    *,
    pupil_ids: Collection[int] | None = None,
    guardian_ids: Collection[int] | None = None,
    live_only: bool = False,
) -> list[ConsentCard]:
    """Return consents of pupils or guardians (both: of either), oldest first."""
    rows = Consent.objects.live() if live_only else Consent.objects.all()
    if pupil_ids is not None or guardian_ids is not None:
        rows = rows.filter(
            Q(pupil_id__in=list(pupil_ids or ())) | Q(guardian_id__in=list(guardian_ids or ()))
        )
    return [to_consent_card(row) for row in rows.order_by("pk")]


@dataclass(frozen=True, slots=True)
class ConsentCounts:
    """How many consents of each kind: taken and withdrawn on a day, and live now; no names."""

    accepted: Mapping[str, int]
    withdrawn: Mapping[str, int]
    live: Mapping[str, int]


def count_consents(*, day: date, timezone: str) -> ConsentCounts:
    """Return the register of consents as numbers, for the committee."""
    start = datetime.combine(day, datetime.min.time(), ZoneInfo(timezone))
    withdrawn = Consent.objects.filter(
        withdrawn_at__gte=start, withdrawn_at__lt=start + timedelta(days=1)
    )
    return ConsentCounts(
        accepted=_by_kind(Consent.objects.filter(accepted_on=day)),
        withdrawn=_by_kind(withdrawn),
        live=_by_kind(Consent.objects.live()),
    )


def _by_kind(rows: QuerySet[Consent]) -> Mapping[str, int]:
    return Counter(rows.values_list("kind", flat=True))


def to_consent_card(row: Consent) -> ConsentCard:
    """Return the card of a row."""
    return ConsentCard(
        id=row.pk,
        kind=row.kind,
        number=row.number,
        pupil_id=row.pupil_id,
        guardian_id=row.guardian_id,
        employee_id=row.employee_id,
        accepted_on=row.accepted_on,
        identified_by=row.identified_by,
        withdrawn_at=row.withdrawn_at,
        is_live=row.is_live,
        file_id=row.scan_id,
    )


# --- The register -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What is asked of the register; empty asks for everything."""

    words: str = ""
    kind: str = ""
    state: str = ""  # live, withdrawn
    class_id: int | None = None
    since: date | None = None
    until: date | None = None  # included


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the register of consents: number, day, applicant, child, accepter (SRV-015)."""

    card: ConsentCard
    kind_title: str
    applicant: str
    child: str
    class_title: str
    accepter: str
    identified_title: str
    withdrawal_number: str
    withdrawn_title: str
    is_over_by_term: bool
    destroy_due_on: date | None
    destruction_id: int | None
    erasure_id: int | None

    @property
    def ended_title(self) -> str:
        """Return «отозвано», or «прекращено» for one that ended by itself."""
        return "прекращено" if self.is_over_by_term else "отозвано"


def list_register(
    *, actor: Actor, wanted: RegisterFilter, on: date, page: int | None = 1
) -> tuple[list[RegisterRow], int]:
    """Return a page of the register the actor may see (None: all of it) and how many were found.

    The newest stands first. Raise `NotFound`.
    """
    rows = _filtered(get_consent_scope(actor=actor, on=on), wanted, on)
    found = rows.count()
    rows = rows.defer("snapshot").select_related("pupil", "guardian", "employee")
    rows = rows.order_by("-accepted_on", "-pk")
    if page is not None:
        start = (max(page, 1) - 1) * PAGE_SIZE
        rows = rows[start : start + PAGE_SIZE]
    return to_register_rows(list(rows), on), found


def get_register_row(*, actor: Actor, consent_id: int, on: date) -> RegisterRow:
    """Return one line the actor may see; raise `NotFound`."""
    scope = get_consent_scope(actor=actor, on=on)
    rows = _filtered(scope, RegisterFilter(), on).filter(pk=consent_id)
    found = to_register_rows(list(rows.select_related("pupil", "guardian", "employee")), on)
    if not found:
        raise NotFound
    return found[0]


def list_own_register(*, actor: Actor, on: date) -> list[RegisterRow]:
    """Return the consents that the guardian or the pupil who asks signed, newest first."""
    own = Q(pk=None)
    guardian_id, pupil_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    if guardian_id is not None:
        own |= Q(guardian_id=guardian_id)
    if pupil_id is not None:
        own |= Q(pupil_id=pupil_id, kind__in=[Consent.Kind.PUPIL, Consent.Kind.ADULT_PUPIL])
    rows = Consent.objects.filter(own).select_related("pupil", "guardian", "employee")
    return to_register_rows(list(rows.order_by("-accepted_on", "-pk")), on)


def get_own_register_row(*, actor: Actor, consent_id: int, on: date) -> RegisterRow:
    """Return a consent the actor signed; raise `NotFound`."""
    for row in list_own_register(actor=actor, on=on):
        if row.card.id == consent_id:
            return row
    raise NotFound


def _filtered(scope: ConsentScope, wanted: RegisterFilter, on: date) -> QuerySet[Consent]:
    rows = Consent.objects.filter(_seen_by(scope, on))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state in ("live", "withdrawn"):
        rows = rows.filter(withdrawn_at__isnull=wanted.state == "live")
    if wanted.since:
        rows = rows.filter(accepted_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(accepted_on__lte=wanted.until)
    if wanted.class_id:
        rows = rows.filter(pupil_id__in=pupils_of_classes([wanted.class_id], on))
    for word in wanted.words.lower().replace("ё", "е").split()[:4]:
        rows = rows.filter(
            Q(number__contains=word)
            | Q(pupil__sort_key__contains=word)
            | Q(guardian__sort_key__contains=word)
            | Q(employee__sort_key__contains=word)
        )
    return rows


def _seen_by(scope: ConsentScope, on: date) -> Q:
    if scope.all_pupils and scope.staff:
        return Q()
    seen = Q(pupil_id__in=pupils_of_classes(scope.class_ids, on))
    return seen | Q(employee_id__isnull=False) if scope.staff else seen


def pupils_of_classes(class_ids: Collection[int], on: date) -> QuerySet[Any, Any]:
    """Return the ids of the pupils of classes on a day, as a part of a statement."""
    rows = on_day(ClassEnrollment.objects.filter(school_class_id__in=list(class_ids)), on)
    return rows.values("pupil_id")


def to_register_rows(rows: list[Consent], on: date) -> list[RegisterRow]:
    """Return the lines of rows whose people are read along."""
    pupils = get_pupil_cards(pupil_ids={row.pupil_id for row in rows if row.pupil_id}, on=on)
    found = []
    for row in rows:
        child = pupils.get(row.pupil_id or 0)
        applicant = row.guardian if row.kind == Consent.Kind.PARENT else row.pupil or row.employee
        found.append(
            RegisterRow(
                card=to_consent_card(row),
                kind_title=row.get_kind_display(),
                applicant=get_person_name(applicant),
                child=get_person_name(row.pupil),
                class_title=child.class_title if child else "",
                accepter=row.accepter_name,
                identified_title=row.get_identified_by_display(),
                withdrawal_number=row.withdrawal_number,
                withdrawn_title=row.get_withdrawn_manner_display(),
                is_over_by_term=row.is_over_by_term,
                destroy_due_on=row.destroy_due_on,
                destruction_id=row.destruction_id,
                erasure_id=row.erasure_id,
            )
        )
    return found


def get_person_name(person: Pupil | Guardian | Employee | None) -> str:
    """Return «Иванова Анна Петровна», or nothing for nobody."""
    if person is None:
        return ""
    return str(FullName(person.last_name, person.first_name, person.middle_name))


def get_operator(*, actor: Actor, on: date) -> Operator:
    """Return the school as the operator of personal data, and who processes on its instruction."""
    keys = ["operator.name", "operator.address", "processor.name", "processor.address"]
    held = {key: str(one.value or "") for key, one in get_settings(keys=keys, on=on).items()}
    return Operator(
        name=held["operator.name"] or actor.school.short_name,
        address=held["operator.address"],
        processor_name=held["processor.name"],
        processor_address=held["processor.address"],
    )
