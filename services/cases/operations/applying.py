"""From the first typed letter to the number in the register: drafts, submission, registration.

A draft and its application are one row, known by the key of the form: sending the form twice, or
from two windows, gives one application and one number (SRV-003, SRV-010, INF-002).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from foundation.files.operations import store_file
from foundation.outbox.operations import record
from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.names import FullName
from kernel.rights import Right
from services.cases import access, rules
from services.cases.events import ApplicationRegistered
from services.cases.models import Application, Attachment
from services.cases.operations.stepping import Step, day_at, take_step
from services.cases.rules import Action, ApplicantKind, Delivery, Party, Standing, State
from services.regulation.queries import get_settings

REGISTER = "applications"
LONGEST_TYPED = 200
MOST_TYPED = 30
LIMITS = ("service.anonymous_per_network_hour", "service.anonymous_per_contact_day")
AGES = ("service.min_age_self", "service.parental_consent_required_14_17")
SELF = Standing(frozenset({Party.APPLICANT}))
REGISTRAR = Standing(frozenset({Party.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says, checked for shape. A pupil who applies for himself is the `child`."""

    is_pupil: bool
    child: FullName
    child_birth_date: date
    child_class: str
    applicant: FullName
    relation: str = ""
    phone: str = ""
    email: str = ""
    delivery: str = "portal"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that came with the application: a file, or None for one seen at the desk."""

    kind: str
    name: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """How an application comes in. `network` is a keyed digest of the sender's address."""

    channel: str
    key: UUID
    account_id: int | None = None
    is_account_holder: bool = False
    network: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Return whether nobody is signed in."""
        return self.channel == Application.Channel.ANONYMOUS


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the applicant gets back; the code opens the page of the state."""

    case_id: int
    number: str
    secret: str
    is_repeat: bool


def keep_draft(*, actor: Actor, door: Door, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what was typed so far. Raise `NotPossibleNow` when it was sent already."""
    case = _take_draft(door, now)
    if case.state != State.DRAFT:
        raise rules.NotPossibleNow
    _check_drafts(actor, door, now)
    pairs = [(str(key)[:40], str(value)[:LONGEST_TYPED]) for key, value in typed.items()]
    case.typed = dict(pairs[:MOST_TYPED])
    case.account_id = door.account_id or case.account_id
    case.save(update_fields=["typed", "account_id"])


def drop_draft(*, actor: Actor, key: UUID) -> None:
    """Erase a draft; what was sent stays."""
    Application.objects.filter(request_key=key, state=State.DRAFT).delete()


def submit_application(
    *, actor: Actor, door: Door, typed: Typed, papers: Iterable[Paper] = (), now: datetime
) -> Receipt:
    """Take an application in and register it the same day; sent again, it is the same one.

    Raise `ChildIsAdult`, `ApplicantIsTooYoung`, `ParentalConsentIsMissing`, `ContactIsMissing`,
    `TooManyApplications`, `FileIsNotAccepted`, and `NotFound` for a desk without the right.
    """
    standing = _standing_at(actor, door, now)
    case = _take_draft(door, now)
    secret = access.make_secret(door.key)
    if case.state != State.DRAFT:
        return Receipt(case.pk, case.number, secret, is_repeat=True)
    today = day_at(actor, now)
    papers = list(papers)
    kind = _choose_kind(typed, papers, today)
    rules.check_contacts(
        delivery=Delivery(typed.delivery),
        phone=typed.phone,
        email=typed.email,
        needs_any=door.is_anonymous,
    )
    _check_limits(door, typed, now, today)
    _fill(case, door, typed, kind)
    case.secret_digest = access.digest_secret(secret)
    case.submitted_at = now
    for paper in papers:
        _attach(case, actor, paper, now)
    take_step(case, standing, Step(actor, Action.SUBMIT, now))
    _register(case, actor, now)
    if case.resubmits_id is not None:
        _close_former(case.resubmits_id, standing, actor, now)
    return Receipt(case.pk, case.number, secret, is_repeat=False)


def start_again(*, actor: Actor, case_id: int, key: UUID, now: datetime) -> UUID:
    """Return the key of a new draft in place of a case that ended before the service began.

    The draft of an earlier attempt is gone on with. Raise `NotPossibleNow`, `NotFound`.
    """
    today = day_at(actor, now)
    former, standing = access.get_case(actor=actor, case_id=case_id, on=today, lock=True)
    rules.check_party(rules.find_transition(State(former.state), Action.RESUBMIT), standing)
    draft, _ = Application.objects.get_or_create(
        resubmits=former,
        defaults={
            "request_key": key,
            "state": State.DRAFT,
            "channel": Application.Channel.PORTAL,
            "account_id": actor.account_id,
            "created_at": now,
            "typed": as_typed(former),
        },
    )
    return draft.request_key


def as_typed(case: Application) -> dict[str, str]:
    """Return an application as its form would be filled."""
    born = case.child_birth_date
    return {
        "who": "parent" if case.kind == ApplicantKind.PARENT else "pupil",
        "applicant": _join(
            case.applicant_last_name, case.applicant_first_name, case.applicant_middle_name
        ),
        "relation": case.relation,
        "phone": case.phone,
        "email": case.email,
        "child": _join(case.child_last_name, case.child_first_name, case.child_middle_name),
        "birth_date": f"{born:%d.%m.%Y}" if born else "",
        "class_title": case.child_class,
        "delivery": case.delivery,
    }


def continue_service(
    *, actor: Actor, door: Door, typed: Mapping[str, str], came_from: tuple[int, int], now: datetime
) -> int | None:
    """Take in the case of a child who came from another school of the district (SRV-012).

    `typed` is `as_typed` of the case there, `came_from` its school and number. The consent of the
    parent is asked anew: another operator. A repeat changes nothing and returns None.
    """
    school_id, former_id = came_from
    if Application.objects.filter(
        came_from_school_id=school_id, came_from_case_id=former_id
    ).exists():
        return None
    case = _take_draft(door, now)
    case.came_from_school_id, case.came_from_case_id = school_id, former_id
    child, applicant = _parse(typed["child"]), _parse(typed["applicant"])
    _fill(
        case,
        door,
        Typed(
            is_pupil=typed["who"] == "pupil",
            child=child,
            child_birth_date=datetime.strptime(typed["birth_date"], "%d.%m.%Y").date(),  # noqa: DTZ007
            child_class="",
            applicant=applicant,
            relation=typed["relation"],
            phone=typed["phone"],
            email=typed["email"],
            delivery=typed["delivery"],
        ),
        ApplicantKind(typed["kind"]),
    )
    case.secret_digest = access.digest_secret(access.make_secret(door.key))
    case.submitted_at = now
    take_step(case, SELF, Step(actor, Action.SUBMIT, now))
    _register(case, actor, now)
    return case.pk


def _take_draft(door: Door, now: datetime) -> Application:
    """Return the row of a form, locked, made when it is not there."""
    case, is_new = Application.objects.get_or_create(
        request_key=door.key,
        defaults={
            "state": State.DRAFT,
            "channel": door.channel,
            "account_id": door.account_id,
            "network_digest": door.network,
            "created_at": now,
        },
    )
    if is_new:
        return case
    return Application.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _standing_at(actor: Actor, door: Door, now: datetime) -> Standing:
    if door.channel != Application.Channel.IN_PERSON:
        return SELF
    desk = access.check_desk(actor=actor, right=Right.CASES_ACCEPT, on=day_at(actor, now))
    return Standing(frozenset({Party.STAFF}), desk.everywhere | desk.in_own_class)


def _choose_kind(typed: Typed, papers: list[Paper], today: date) -> ApplicantKind:
    held = get_settings(keys=list(AGES), on=today)
    return rules.choose_kind(
        is_pupil=typed.is_pupil,
        birth_date=typed.child_birth_date,
        on=today,
        min_age_self=int(held[AGES[0]].value),
        needs_consent=bool(held[AGES[1]].value),
        has_consent=any(one.kind == Attachment.Kind.PARENTAL_CONSENT for one in papers),
    )


def _fill(case: Application, door: Door, typed: Typed, kind: ApplicantKind) -> None:
    applicant = typed.child if typed.is_pupil else typed.applicant
    case.kind, case.channel = kind, door.channel
    case.account_id = door.account_id or case.account_id
    case.is_account_holder = door.is_account_holder
    case.network_digest = door.network
    case.applicant_last_name = applicant.last
    case.applicant_first_name = applicant.first
    case.applicant_middle_name = applicant.middle
    case.relation = "" if typed.is_pupil else typed.relation
    case.phone, case.email = typed.phone, typed.email
    case.child_last_name, case.child_first_name = typed.child.last, typed.child.first
    case.child_middle_name = typed.child.middle
    case.child_birth_date = typed.child_birth_date
    case.child_class = access.read_class(typed.child_class) or typed.child_class
    case.delivery = Delivery(typed.delivery)
    case.typed = {}


def _attach(case: Application, actor: Actor, paper: Paper, now: datetime) -> None:
    file_id = None
    if paper.content is not None:
        file_id = store_file(
            actor_account_id=actor.account_id,
            name=paper.name,
            content=paper.content,
            kind=f"case-{paper.kind}",
        )
    Attachment.objects.create(
        application=case,
        kind=Attachment.Kind(paper.kind),
        file_id=file_id,
        name=paper.name,
        added_at=now,
        account_id=actor.account_id,
    )


def _register(case: Application, actor: Actor, now: datetime) -> None:
    """Give the number of the submission's own day (SRV-015 and the register's rule)."""
    assert case.submitted_at is not None
    case.registered_on = day_at(actor, case.submitted_at)
    case.number = str(take_number(register=REGISTER, year=case.registered_on.year))
    take_step(case, REGISTRAR, Step(actor, Action.REGISTER, now))
    record(ApplicationRegistered(case.pk))


def _close_former(case_id: int, standing: Standing, actor: Actor, now: datetime) -> None:
    former = Application.objects.select_for_update(of=("self",)).get(pk=case_id)
    take_step(former, standing, Step(actor, Action.RESUBMIT, now))


def _check_limits(door: Door, typed: Typed, now: datetime, today: date) -> None:
    """Slow down what no school's network and no family does; raise `TooManyApplications`."""
    if not door.is_anonymous:
        return
    held = get_settings(keys=list(LIMITS), on=today)
    sent = Application.objects.registered().filter(channel=Application.Channel.ANONYMOUS)
    of_network = sent.filter(network_digest=door.network, submitted_at__gt=now - timedelta(hours=1))
    if door.network and of_network.count() >= int(held[LIMITS[0]].value):
        raise rules.TooManyApplications
    lately = sent.filter(submitted_at__gt=now - timedelta(days=1))
    for field in ("phone", "email"):
        contact = getattr(typed, field)
        if contact and lately.filter(**{field: contact}).count() >= int(held[LIMITS[1]].value):
            raise rules.TooManyApplications


def _check_drafts(actor: Actor, door: Door, now: datetime) -> None:
    if not door.is_anonymous or not door.network:
        return
    limit = get_settings(keys=[LIMITS[0]], on=day_at(actor, now))[LIMITS[0]].value
    drafts = Application.objects.filter(
        state=State.DRAFT,
        network_digest=door.network,
        created_at__gt=now - timedelta(hours=1),
    )
    if drafts.count() > 3 * int(limit):
        raise rules.TooManyApplications


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _parse(text: str) -> FullName:
    last, first, *rest = text.split(" ")
    return FullName(last, first, " ".join(rest))
