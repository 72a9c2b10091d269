"""Reading cases: the queue, one case, the applicant's own, numbers for the committee."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from foundation.files.queries import StoredFileContent, read_file
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from kernel.roles import Role
from services.cases import access, rules
from services.cases.models import Application
from services.cases.models.application import ApplicationQuerySet
from services.cases.queries.reading import (
    NEARING,
    CaseRow,
    CaseView,
    name_of,
    to_rows,
    to_view,
)
from services.cases.rules import ApplicantKind, Party, Standing, State
from services.people import queries as people
from services.people.queries.consents import ConsentCard, find_live_consent
from services.people.queries.families import list_guardian_links
from services.regulation.queries import get_setting
from services.regulation.queries.terms import count_working_days, get_due_day

PAGE_SIZE = 50
WORDS_HEEDED = 4
TRANSFER = rules.TRANSFER
WAITING = "waiting"  # everything the desk has something to do with
GROUPS: dict[str, tuple[State, ...]] = {
    WAITING: (State.REGISTERED, State.ACCEPTED, State.SUSPENDED, State.ACCESS_GRANTED),
    "refusals": (State.NOT_ACCEPTED, State.REFUSED),
    "over": (State.TERMINATED, State.NOT_ACCEPTED, State.REFUSED, State.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the queue is asked for; empty asks for everything."""

    state: str = ""  # a state, or a group of them
    due: str = ""  # overdue, soon
    class_title: str = ""
    words: str = ""


def list_cases(
    *, actor: Actor, wanted: CaseFilter, on: date, page: int | None = 1
) -> tuple[list[CaseRow], int]:
    """Return a page of the cases the actor may see and how many there are; None: all of them.

    What is due first stands first, then the newest. Raise `NotFound`.
    """
    desk = access.check_desk(actor=actor, right=Right.CASES_READ, on=on)
    rows = _filtered(_seen_by(desk, on), wanted, on)
    found = rows.count()
    rows = rows.order_by("due_on", "-registered_on", "-pk")
    if wanted.state in ("", "over", State.ACTIVE, *rules.OVER):
        rows = rows.order_by("-registered_on", "-pk")
    if page is not None:
        start = (max(page, 1) - 1) * PAGE_SIZE
        rows = rows[start : start + PAGE_SIZE]
    return to_rows(list(rows), on), found


def count_queue(*, actor: Actor, on: date) -> dict[str, int]:
    """Return how many cases the actor sees in each state, and «overdue», «soon» among them."""
    desk = access.check_desk(actor=actor, right=Right.CASES_READ, on=on)
    seen = _seen_by(desk, on)
    counts = Counter(seen.values_list("state", flat=True))
    for due in ("overdue", "soon"):
        counts[due] = _filtered(seen, CaseFilter(due=due), on).count()
    counts[WAITING] = sum(counts[state] for state in GROUPS[WAITING])
    return counts


def get_case_view(*, actor: Actor, case_id: int, on: date) -> CaseView:
    """Return a case with what the actor may do. Raise `NotFound`."""
    case, standing = access.get_case(actor=actor, case_id=case_id, on=on)
    return to_view(case, standing, on)


def get_case_by_secret(*, number: str, secret: str, on: date) -> CaseView:
    """Return the case of who knows its number and code. Raise `NotFound`."""
    case, standing = access.get_case_by_secret(number=number, secret=secret)
    return to_view(case, standing, on)


def list_own_cases(*, actor: Actor, on: date) -> list[CaseView]:
    """Return the cases in which the actor is the applicant, the newest first."""
    own = Q(pk=None)
    if actor.account_id is not None:
        own |= Q(account_id=actor.account_id)
    guardian_id, pupil_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    if guardian_id is not None:
        own |= Q(guardian_id=guardian_id)
    if pupil_id is not None:
        own |= Q(pupil_id=pupil_id, kind__in=list(access.SELF))
    cases = Application.objects.registered().filter(own).order_by("-registered_on", "-pk")
    applicant = Standing(frozenset({Party.APPLICANT}))
    return [to_view(case, applicant, on) for case in cases]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way: what was typed so far; `number` when it was sent already."""

    typed: dict[str, str]
    number: str
    is_again: bool


def find_draft(*, key: UUID) -> Draft | None:
    """Return the form of a key, or None when nothing was typed yet."""
    case = Application.objects.filter(request_key=key).first()
    if case is None:
        return None
    return Draft(dict(case.typed), case.number, case.resubmits_id is not None)


def find_own_draft(*, account_id: int) -> UUID | None:
    """Return the key of the latest form an account has not sent yet, or None."""
    drafts = Application.objects.filter(account_id=account_id, state=State.DRAFT)
    return drafts.order_by("-created_at", "-pk").values_list("request_key", flat=True).first()


# --- Recognition ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil who may be the child of an application, with those who stand for him."""

    id: int
    name: str
    class_title: str
    is_exact: bool
    guardians: tuple["CandidateGuardian", ...]


@dataclass(frozen=True, slots=True)
class CandidateGuardian:
    """A guardian of a candidate; `is_likely` when the names agree."""

    id: int
    name: str
    is_confirmed: bool
    is_likely: bool


def list_candidates(
    *, actor: Actor, case_id: int, words: str = "", on: date
) -> tuple[list[Candidate], list[CaseRow]]:
    """Return the pupils a case may be about, and other cases that look like it.

    Exact by name and birth date first; with `words` whoever bears such a name. Raise `NotFound`.
    """
    case, standing = access.get_case(actor=actor, case_id=case_id, on=on)
    if Right.CASES_ACCEPT not in standing.rights or case.child_birth_date is None:
        raise NotFound
    child = FullName(case.child_last_name, case.child_first_name, case.child_middle_name)
    exact = [
        card.id for card in people.find_pupils(name=child, birth_date=case.child_birth_date, on=on)
    ]
    asked = words or f"{child.last} {child.first}"
    similar = [row.id for row in people.search_pupils(words=asked, on=on).rows[:10]]
    ids = list(dict.fromkeys([*exact, *similar]))
    desk = access.get_desk(actor=actor, on=on)
    cards = people.get_pupil_cards(pupil_ids=ids, on=on)
    typed = name_of(case.applicant_last_name, case.applicant_first_name, case.applicant_middle_name)
    found = []
    for pk in ids:
        in_class = cards[pk].class_id in desk.class_ids
        if Right.CASES_ACCEPT in desk.everywhere or in_class:
            found.append(
                Candidate(
                    id=pk,
                    name=str(cards[pk].name),
                    class_title=cards[pk].class_title,
                    is_exact=pk in exact,
                    guardians=_list_guardians(pk, typed, on),
                )
            )
    return found, to_rows(_list_alike(case), on)


def find_consent_of(*, view: CaseView) -> ConsentCard | None:
    """Return the live consent a recognised case may be accepted with, or None."""
    if view.pupil_id is None:
        return None
    if view.kind == ApplicantKind.PARENT and view.guardian_id is None:
        return None
    return find_live_consent(pupil_id=view.pupil_id, guardian_id=view.guardian_id)


def get_paper_file(*, actor: Actor, case_id: int, paper_id: int, on: date) -> StoredFileContent:
    """Return a file of a case the actor may see. Raise `NotFound`."""
    case, _ = access.get_case(actor=actor, case_id=case_id, on=on)
    paper = case.attachments.filter(pk=paper_id).first()
    if paper is None or paper.file_id is None:
        raise NotFound
    return read_file(file_id=paper.file_id)


# --- Numbers and clocks -----------------------------------------------------------------------


def count_cases_by_state() -> dict[str, int]:
    """Return how many registered cases of the school stand in each state: for the committee."""
    return dict(Counter(Application.objects.registered().values_list("state", flat=True)))


def count_terms(*, on: date) -> dict[str, int]:
    """Return how many terms are overdue, due today or nearing in the school: for the committee."""
    running = Application.objects.in_states(State.ACCEPTED)
    terms = [row.term.state for row in to_rows(list(running), on) if row.term]
    return {state: terms.count(state) for state in ("overdue", "due", "nearing")}


@dataclass(frozen=True, slots=True)
class AccessDays:
    """How long one case waited for its access, in working days; without a name (SRV-023)."""

    case_id: int
    accepted_on: date
    due_on: date
    granted_on: date
    days: int
    is_in_time: bool


def list_access_days(*, since: date, until: date) -> list[AccessDays]:
    """Return the waits of the accesses granted from `since` to `until`, both included."""
    rows = Application.objects.filter(granted_on__gte=since, granted_on__lte=until)
    found = []
    for case in rows.order_by("granted_on", "pk"):
        if case.accepted_on is None or case.due_on is None or case.granted_on is None:
            continue
        days = count_working_days(since=case.accepted_on, until=case.granted_on)
        days -= count_working_days(since=case.accepted_on, until=case.accepted_on)
        found.append(
            AccessDays(
                case.pk,
                case.accepted_on,
                case.due_on,
                case.granted_on,
                days,
                case.granted_on <= case.due_on,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """A case whose term nears, is due or is over, and who answers for the class."""

    id: int
    number: str
    due_on: date
    state: str
    class_teacher_account: int | None


def list_watched(*, on: date) -> list[WatchedCase]:
    """Return the cases somebody must be reminded of on a day."""
    cases = list(Application.objects.in_states(State.ACCEPTED).order_by("due_on", "pk"))
    teachers = {case.pk: case.pupil_id for case in cases}
    rows = [row for row in to_rows(cases, on) if row.term and row.term.state]
    accounts = find_class_teacher_accounts(
        pupil_ids={teachers[row.id] for row in rows if teachers[row.id]}, on=on
    )
    return [
        WatchedCase(
            row.id,
            row.number,
            row.term.due_on,
            row.term.state,
            accounts.get(teachers[row.id] or 0),
        )
        for row in rows
        if row.term
    ]


def find_class_teacher_accounts(*, pupil_ids: set[int | None], on: date) -> dict[int, int | None]:
    """Return the accounts of the class teachers by pupil."""
    ids = {pk for pk in pupil_ids if pk is not None}
    cards = people.get_pupil_cards(pupil_ids=ids, on=on)
    classes = {one.id: one.class_teacher_id for one in access.list_classes_on(on)}
    teachers = {classes.get(card.class_id or 0) for card in cards.values()} - {None}
    staff = people.get_employees(employee_ids=[pk for pk in teachers if pk is not None])
    found: dict[int, int | None] = {}
    for pk, card in cards.items():
        employee = staff.get(classes.get(card.class_id or 0) or 0)
        found[pk] = employee.account_id if employee else None
    return found


def find_own_class_teacher(*, case_id: int, on: date) -> int | None:
    """Return the account of the class teacher a case belongs to, recognised or typed, or None."""
    case = Application.objects.get(pk=case_id)
    if case.pupil_id is not None:
        return find_class_teacher_accounts(pupil_ids={case.pupil_id}, on=on)[case.pupil_id]
    title = access.read_class(case.child_class)
    teachers = [
        one.class_teacher_id
        for one in access.list_classes_on(on)
        if title and one.title.upper() == title and one.class_teacher_id is not None
    ]
    staff = people.get_employees(employee_ids=teachers)
    return next((card.account_id for card in staff.values()), None)


def list_leaving_grounds(*, on: date) -> list[tuple[str, str]]:
    """Return the grounds of the closed list that an order of leaving may name, with their words."""
    listed = get_setting(key=rules.TERMINATED_GROUNDS, on=on).value
    return [(code, title) for code, title in listed if code in rules.LEFT]


def get_expected_due_day(*, on: date, days: int) -> date:
    """Return by when the access would open if the consent were accepted on a day."""
    return get_due_day(start=on, number=days, unit="working").due_on


def _seen_by(desk: access.Desk, on: date) -> ApplicationQuerySet:
    rows = Application.objects.registered()
    if Right.CASES_READ in desk.everywhere:
        return rows
    pupil_ids = [
        pupil.id
        for class_id in desk.class_ids
        for pupil in people.list_class_pupils(class_id=class_id, on=on)
    ]
    unknown = Q(pupil_id=None, child_class__in=list(desk.class_titles))
    return rows.filter(Q(pupil_id__in=pupil_ids) | unknown)


def _filtered(rows: ApplicationQuerySet, wanted: CaseFilter, on: date) -> ApplicationQuerySet:
    if wanted.state in GROUPS:
        rows = rows.in_states(*GROUPS[wanted.state])
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.due == "overdue":
        rows = rows.filter(state=State.ACCEPTED, due_on__lt=on)
    elif wanted.due == "soon":
        days = int(get_setting(key=NEARING, on=on).value)
        soon = get_due_day(start=on, number=days, unit="working").due_on
        rows = rows.filter(state=State.ACCEPTED, due_on__gte=on, due_on__lte=soon)
    if wanted.class_title:
        rows = rows.filter(_of_class(wanted.class_title, on))
    for word in wanted.words.split()[:WORDS_HEEDED]:
        rows = rows.filter(
            Q(number__contains=word)
            | Q(applicant_last_name__istartswith=word)
            | Q(applicant_first_name__istartswith=word)
            | Q(child_last_name__istartswith=word)
            | Q(child_first_name__istartswith=word)
        )
    return rows


def _of_class(title: str, on: date) -> Q:
    ids = [
        pupil.id
        for one in access.list_classes_on(on)
        if one.title == title
        for pupil in people.list_class_pupils(class_id=one.id, on=on)
    ]
    return Q(pupil_id__in=ids) | Q(pupil_id=None, child_class=title.upper())


def _list_guardians(pupil_id: int, typed: str, on: date) -> tuple[CandidateGuardian, ...]:
    links = list_guardian_links(pupil_id=pupil_id, on=on)
    cards = people.get_guardians(guardian_ids=[one.guardian_id for one in links])
    return tuple(
        CandidateGuardian(
            one.guardian_id,
            str(cards[one.guardian_id].name),
            one.is_confirmed,
            is_likely=_is_like(str(cards[one.guardian_id].name), typed),
        )
        for one in links
    )


def _is_like(one: str, other: str) -> bool:
    """Return whether last and first names agree, «ё» and case aside."""
    plain = [text.lower().replace("ё", "е").split()[:2] for text in (one, other)]
    return plain[0] == plain[1]


def _list_alike(case: Application) -> list[Application]:
    """Return other registered cases of the same typed child and applicant."""
    rows = Application.objects.registered().exclude(pk=case.pk)
    return list(
        rows.filter(
            child_last_name=case.child_last_name,
            child_first_name=case.child_first_name,
            child_birth_date=case.child_birth_date,
            applicant_first_name=case.applicant_first_name,
        ).order_by("-pk")[:5]
    )
