"""Taking one step of a case: every change of a state goes through here, and leaves a log row."""

from dataclasses import dataclass
from datetime import date, datetime

from foundation.outbox.operations import record
from foundation.registers.operations import take_number
from kernel.actor import Actor
from kernel.days import local_day
from services.cases import rules
from services.cases.events import CaseChanged
from services.cases.models import Application, CaseEvent
from services.cases.operations.notices import tell_applicant
from services.cases.operations.terms import turn_clock
from services.cases.rules import Action, Standing, State
from services.regulation.queries import get_setting

PAPERS = "case-papers"


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of a step before it is taken."""

    actor: Actor
    action: Action
    now: datetime
    ground: str = ""
    note: str = ""

    @property
    def today(self) -> date:
        """Return the day of the step on the school's clock."""
        return day_at(self.actor, self.now)


def day_at(actor: Actor, moment: datetime) -> date:
    """Return the day it is in the school at a moment."""
    return local_day(moment, actor.school.timezone)


def take_step(case: Application, standing: Standing, step: Step) -> CaseEvent:
    """Take a step of a case whose row is locked, and return its log row.

    Raise `NotPossibleNow`, `NotYours`, `GroundIsNotListed`.
    """
    before = State(case.state)
    row = rules.find_transition(before, step.action)
    party = rules.check_party(row, standing)
    key = row.grounds or (rules.GROUND_LISTS[row.target][0] if row.ground else "")
    clause, listed = _list_grounds(key, step.today)
    case.ground = rules.check_ground(row, step.ground, listed) or case.ground
    turn_clock(case, row.clock, step.today)
    case.state = row.target
    if row.target in rules.OVER and case.ended_on is None:
        case.ended_on = step.today
    case.save()
    event = CaseEvent.objects.create(
        application=case,
        at=step.now,
        action=step.action,
        from_state=before,
        to_state=row.target,
        party=party,
        account_id=step.actor.account_id,
        ground=rules.check_ground(row, step.ground, listed),
        ground_clause=clause,
        note=step.note[:500],
        paper=row.paper or "",
        paper_number=_number_paper(row, step),
        due_on=case.due_on,
    )
    if row.target is not before:
        record(CaseChanged(case.pk, row.target))
    tell_applicant(actor=step.actor, case=case, event=event, notice=row.notice)
    return event


def _list_grounds(key: str, today: date) -> tuple[str, list[str]]:
    if not key:
        return "", []
    setting = get_setting(key=key, on=today)
    return setting.clause, [code for code, _ in setting.value]


def _number_paper(row: rules.Transition, step: Step) -> str:
    if row.paper not in rules.ISSUED:
        return ""
    return str(take_number(register=PAPERS, year=step.today.year))
