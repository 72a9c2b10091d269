"""Giving the service and ending it: the grant with its access, refusal, stop, termination.

The access is opened and closed in the same transaction as the step; the account and its role follow
by events. A consent is held while the access is given: withdrawn at the same moment, it takes the
access back afterwards, never before (SRV-009, SRV-012, SRV-016, SRV-017).
"""

from datetime import datetime

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.cases import access, rules
from services.cases.events import DeliveryChanged, ServiceMoved
from services.cases.models import Application
from services.cases.operations.stepping import Step, day_at, take_step
from services.cases.operations.terms import count_term
from services.cases.rules import Action, ApplicantKind, Delivery, Party, Standing, State
from services.diary.events import AccessGranted
from services.diary.operations import grant_access, revoke_access
from services.people import operations as people_operations
from services.people import queries as people
from services.people.queries.consents import find_live_consent

SYSTEM = Standing(frozenset({Party.SYSTEM}))


class NothingIsExplained(rules.NotPossibleNow):
    """Rights and duties are explained when the access is handed over (SRV-017)."""

    code = "nothing-is-explained"
    message = "Отметьте, что разъяснили права, обязанности и порядок услуги."


class SchoolIsTheSame(rules.NotPossibleNow):
    """The service goes on in another school, not in this one."""

    code = "school-is-the-same"
    message = "Выберите школу, в которую переходит обучающийся."


def grant(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Open the diary to the applicant. Raise `ConsentIsNotLive`, `NotAGuardian`, `NotPossibleNow`.

    Two clerks at once: the second finds the case already granted.
    """
    case, standing = _lock(actor, case_id, now)
    rules.check_party(rules.find_transition(State(case.state), Action.GRANT), standing)
    assert case.pupil_id is not None
    consent = find_live_consent(pupil_id=case.pupil_id, guardian_id=case.guardian_id, lock=True)
    if consent is None or consent.id != case.consent_id:
        raise rules.ConsentIsNotLive
    system = Actor.system(actor.school, actor.request_id)  # this table decided who may
    if case.guardian_id is not None:
        case.grant_id = grant_access(
            actor=system,
            pupil_id=case.pupil_id,
            guardian_id=case.guardian_id,
            ground="case",
            now=now,
        )
        _keep_login(system, case, case.grant_id)
    case.granted_on = day_at(actor, now)
    take_step(case, standing, Step(actor, Action.GRANT, now))


def hand_over(*, actor: Actor, case_id: int, is_explained: bool, now: datetime) -> None:
    """Note that the way in was handed over and rights and duties explained (SRV-017)."""
    if not is_explained:
        raise NothingIsExplained
    case, standing = _lock(actor, case_id, now)
    note = "права, обязанности и порядок услуги разъяснены"
    take_step(case, standing, Step(actor, Action.HAND_OVER, now, note=note))


def refuse(*, actor: Actor, case_id: int, ground: str, note: str = "", now: datetime) -> None:
    """Refuse the service on a ground of SRV-012."""
    case, standing = _lock(actor, case_id, now)
    take_step(case, standing, Step(actor, Action.REFUSE, now, ground, note))


def suspend(*, actor: Actor, case_id: int, ground: str, note: str = "", now: datetime) -> None:
    """Stop the term for a while; only grounds of a setting that ships empty allow it."""
    case, standing = _lock(actor, case_id, now)
    take_step(case, standing, Step(actor, Action.SUSPEND, now, ground, note))


def resume(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Let the term run on, as much later as it stood still."""
    case, standing = _lock(actor, case_id, now)
    take_step(case, standing, Step(actor, Action.RESUME, now))


def withdraw(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Withdraw an application before the access is open."""
    case, standing = _lock(actor, case_id, now)
    take_step(case, standing, Step(actor, Action.WITHDRAW, now))


def stop(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Stop the service by the applicant's own application (annex 3); the access ends at once."""
    case, standing = _lock(actor, case_id, now)
    take_step(case, standing, Step(actor, Action.STOP, now))
    _close_access(actor, case, now)


def terminate(
    *,
    actor: Actor,
    case_id: int,
    ground: str,
    note: str = "",
    to_school_id: int | None = None,
    now: datetime,
) -> None:
    """End the service on a ground of SRV-012; with `to_school_id` it goes on in another school.

    Raise `SchoolIsTheSame`.
    """
    case, standing = _lock(actor, case_id, now)
    if to_school_id is not None and (ground != rules.TRANSFER or to_school_id == actor.school.id):
        raise SchoolIsTheSame
    case.moved_to_school_id = to_school_id
    take_step(case, standing, Step(actor, Action.TERMINATE, now, ground, note))
    _close_access(actor, case, now)
    if to_school_id is not None:
        record(ServiceMoved(case.pk, to_school_id))


def end_by_consent(*, actor: Actor, consent_id: int, now: datetime) -> list[int]:
    """End what rests on a withdrawn consent, and nothing else; return the cases. Repeatable.

    Only that guardian's case: the other parent's has a consent of its own.
    """
    touched = (*rules.RUNNING, *rules.SERVED)
    rows = Application.objects.in_states(*touched).filter(consent_id=consent_id)
    ended = []
    for case in rows.select_for_update(of=("self",)).order_by("pk"):
        was_served = case.state in rules.SERVED
        take_step(case, SYSTEM, Step(actor, Action.LOSE_CONSENT, now))
        if was_served:
            _close_access(actor, case, now)
        ended.append(case.pk)
    return ended


def end_by_leaving(
    *, actor: Actor, pupil_id: int, ground: str, to_school_id: int | None, now: datetime
) -> list[int]:
    """End the cases of a pupil who has left by an order; return them. Repeatable.

    The order comes before the last day: until it is over, what the order says is only noted. A
    service that is given goes on in the school of the district the pupil goes to.
    """
    open_ = Application.objects.in_states(*rules.OPEN).filter(pupil_id=pupil_id)
    cases = list(open_.select_for_update(of=("self",)).order_by("pk"))
    if ground:
        for case in cases:
            case.leaves_as, case.leaves_for_id = ground, to_school_id
            case.save(update_fields=["leaves_as", "leaves_for_id"])
    if not people.has_left_by_order(pupil_id=pupil_id, on=day_at(actor, now)):
        return []
    for case in cases:
        _leave(actor, case, now)
    return [case.pk for case in cases]


def _leave(actor: Actor, case: Application, now: datetime) -> None:
    was_served = case.state in rules.SERVED
    ground = case.leaves_as or rules.EXPELLED
    if was_served and ground == rules.TRANSFER and case.leaves_for_id != actor.school.id:
        case.moved_to_school_id = case.leaves_for_id
    take_step(case, SYSTEM, Step(actor, Action.LEAVE, now, ground))
    if was_served:
        _close_access(actor, case, now)
    if case.moved_to_school_id is not None:
        record(ServiceMoved(case.pk, case.moved_to_school_id))


def change_delivery(
    *,
    actor: Actor,
    case_id: int,
    delivery: str,
    phone: str,
    email: str,
    now: datetime,
) -> None:
    """Change how the information is delivered, with the contact it needs (SRV-032, SRV-033)."""
    case, standing = _lock(actor, case_id, now)
    chosen = Delivery(delivery)
    case.phone, case.email = phone or case.phone, email or case.email
    rules.check_contacts(delivery=chosen, phone=case.phone, email=case.email, needs_any=False)
    case.delivery = chosen
    take_step(case, standing, Step(actor, Action.CHANGE_DELIVERY, now))
    record(DeliveryChanged(case.pk))


def act_by_secret(*, actor: Actor, number: str, secret: str, action: str, now: datetime) -> None:
    """Withdraw or stop as an applicant who knows the number and the code. Raise `NotFound`."""
    if action not in (Action.WITHDRAW, Action.STOP):
        raise NotFound
    case, standing = access.get_case_by_secret(number=number, secret=secret, lock=True)
    take_step(case, standing, Step(actor, Action(action), now))
    if action == Action.STOP:
        _close_access(actor, case, now)


def recount_terms(*, actor: Actor, now: datetime) -> list[int]:
    """Count the terms that run by the calendar as it is now; return the cases that changed."""
    changed = []
    rows = Application.objects.in_states(*rules.RUNNING).select_for_update(of=("self",))
    for case in rows.order_by("pk"):
        before = case.due_on
        if not count_term(case):
            continue
        is_same = before is None or before == case.due_on
        was = "срок прежний" if is_same else f"было {before:%d.%m.%Y}"
        note = f"изменился календарь: {was}"
        take_step(case, SYSTEM, Step(actor, Action.RECOUNT, now, note=note))
        changed.append(case.pk)
    return changed


def _lock(actor: Actor, case_id: int, now: datetime) -> tuple[Application, Standing]:
    return access.get_case(actor=actor, case_id=case_id, on=day_at(actor, now), lock=True)


def _keep_login(system: Actor, case: Application, grant_id: int) -> None:
    """Let the parent go on with the login he applied with, where his card has none (ACC-020).

    The grant is told of once more: one that the lists gave before had no account to open.
    """
    if case.account_id is None or not case.is_account_holder or case.guardian_id is None:
        return
    if case.kind != ApplicantKind.PARENT:
        return
    card = people.get_guardians(guardian_ids=[case.guardian_id])[case.guardian_id]
    if card.account_id is None:
        people_operations.set_accounts(
            actor=system, role=Role.GUARDIAN, accounts={case.guardian_id: case.account_id}
        )
        record(AccessGranted([grant_id]))


def _close_access(actor: Actor, case: Application, now: datetime) -> None:
    if case.guardian_id is None or case.pupil_id is None or case.grant_id is None:
        return
    ground = "left" if case.ground in rules.LEFT else "consent"
    if case.ground == rules.STOP_APPLICATION:
        ground = "stopped"
    revoke_access(
        actor=Actor.system(actor.school, actor.request_id),
        pupil_id=case.pupil_id,
        guardian_id=case.guardian_id,
        ground=ground,
        now=now,
    )
