"""What falls due for destruction, and the acts of what is destroyed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from foundation.documents.rendering import render_pdf
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from services.people import access
from services.people.models import Consent, DestructionAct, Employee, Guardian, Pupil
from services.people.queries.consents import RegisterRow, get_person_name, to_register_rows
from services.regulation.queries import get_setting

SYSTEM_NAME = "Единая школьная платформа «Округ»"
KEPT_BY_LAW = [
    "сведения индивидуального учёта результатов освоения образовательных программ: фамилия, имя, "
    "отчество обучающегося, отметки, пропуски (п. 11 ч. 3 ст. 28 Федерального закона от 29.12.2012 "
    "№ 273-ФЗ)",
    "поданные заявления и жалобы с контактами, указанными в них для ответа (Федеральный закон от "
    "27.07.2010 № 210-ФЗ), до истечения срока их хранения",
    "подписанное согласие и запись в журнале регистрации: доказательство согласия (ч. 3 ст. 9 "
    "Федерального закона от 27.07.2006 № 152-ФЗ), до истечения срока хранения",
]
FIELDS = {
    "phone": "номер телефона",
    "email": "адрес электронной почты",
    "address": "адрес",
    "identity_digest": "отпечаток СНИЛС и даты рождения",
}


@dataclass(frozen=True, slots=True)
class ExtraData:
    """The fields of a card that only the consent allowed to keep."""

    card: Guardian | Pupil | Employee
    whose: str
    fields: tuple[str, ...]

    @property
    def titles(self) -> list[str]:
        """Return the fields as people call them."""
        return [FIELDS[field] for field in self.fields]


def list_extra_data(*, consent: Consent) -> list[ExtraData]:
    """Return what goes when this withdrawn consent is executed; what another consent holds stays.

    A parent's own contacts stay while he has a live consent for another child; the child's contacts
    stay while the other parent's consent, or the pupil's own, is live.
    """
    return list(_find_extra_data(consent))


def _find_extra_data(consent: Consent) -> Iterator[ExtraData]:
    live = Consent.objects.live().exclude(pk=consent.pk)
    guardian = consent.guardian
    if guardian is not None and not live.filter(guardian=guardian).exists():
        yield from _filled(guardian, "законного представителя")
    pupil = consent.pupil
    if pupil is not None and not live.filter(pupil=pupil).exists():
        yield from _filled(pupil, "обучающегося")
    if consent.employee is not None:
        yield from _filled(consent.employee, "работника")


def _filled(card: Guardian | Pupil | Employee, whose: str) -> Iterator[ExtraData]:
    fields = tuple(field for field in FIELDS if getattr(card, field, ""))
    if fields:
        yield ExtraData(card, whose, fields)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A withdrawn consent whose data must go, by which day, and what goes."""

    row: RegisterRow
    due_on: date
    days_left: int
    items: list[str]

    @property
    def state(self) -> str:
        """Return bad when the day is over, warn in the last week."""
        if self.days_left < 0:
            return "bad"
        return "warn" if self.days_left <= 7 else "plain"


def list_due(*, actor: Actor, on: date) -> list[DueRow]:
    """Return the withdrawn consents whose data are still there, the most urgent first."""
    access.check_may_see_subjects(actor)
    consents = list(
        Consent.objects.filter(withdrawn_at__isnull=False, destruction=None)
        .select_related("pupil", "guardian", "employee")
        .order_by("destroy_due_on", "pk")
    )
    rows = to_register_rows(consents, on)
    return [
        DueRow(
            row=row,
            due_on=due_on,
            days_left=(due_on - on).days,
            items=[
                f"{title} ({one.whose})"
                for one in list_extra_data(consent=consent)
                for title in one.titles
            ],
        )
        for consent, row in zip(consents, rows, strict=True)
        if (due_on := consent.destroy_due_on) is not None
    ]


def get_due(*, actor: Actor, consent_id: int, on: date) -> DueRow:
    """Return one of them; raise `NotFound`."""
    for row in list_due(actor=actor, on=on):
        if row.row.card.id == consent_id:
            return row
    raise NotFound


def list_expired(*, actor: Actor, on: date) -> list[RegisterRow]:
    """Return the withdrawn consents whose text has been kept as long as it must be."""
    access.check_may_see_subjects(actor)
    consents = (
        Consent.objects.filter(Q(withdrawn_at__isnull=False), erasure=None)
        .exclude(destruction=None)
        .select_related("pupil", "guardian", "employee")
        .order_by("withdrawn_at", "pk")
    )
    return to_register_rows(
        [one for one in consents if is_term_over(actor=actor, consent=one, today=on)], on
    )


def count_due(*, on: date, within_days: int) -> int:
    """Return how many destructions fall due within some days, overdue ones too."""
    last = on + timedelta(days=within_days)
    waiting = Consent.objects.filter(withdrawn_at__isnull=False, destruction=None)
    return waiting.filter(destroy_due_on__lte=last).count()


def is_term_over(*, actor: Actor, consent: Consent, today: date) -> bool:
    """Return whether what was signed has been kept long enough after the withdrawal."""
    if consent.withdrawn_at is None:
        return False
    years = int(get_setting(key="retention.consent_years", on=today).value)
    withdrawn_on = local_day(consent.withdrawn_at, actor.school.timezone)
    return add_years(withdrawn_on, years) < today


def name_of_subject(*, consent: Consent) -> str:
    """Return whose data a consent is about, as an act names them."""
    people = (consent.guardian, consent.pupil, consent.employee)
    return "; ".join(get_person_name(one) for one in people if one is not None)


def add_years(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class ActCard:
    """An act of destruction."""

    id: int
    number: str
    made_on: date
    reason: str
    reason_title: str
    subject_name: str
    content: dict[str, Any]
    kept_until: date


def list_acts(*, actor: Actor) -> list[ActCard]:
    """Return the acts, newest first."""
    access.check_may_see_subjects(actor)
    return [_act(row) for row in DestructionAct.objects.order_by("-pk")[:200]]


def get_act(*, actor: Actor, act_id: int) -> ActCard:
    """Return an act; raise `NotFound`."""
    access.check_may_see_subjects(actor)
    row = DestructionAct.objects.filter(pk=act_id).first()
    if row is None:
        raise NotFound
    return _act(row)


def _act(row: DestructionAct) -> ActCard:
    return ActCard(
        row.pk,
        row.number,
        row.made_on,
        row.reason,
        row.get_reason_display(),
        row.subject_name,
        row.content,
        row.kept_until,
    )


def render_act(*, act: ActCard) -> bytes:
    """Return the PDF of an act with its export of the event log."""
    return render_pdf(
        template="people/destruction_act.typ",
        data={
            "number": act.number,
            "on": act.made_on,
            "subject": act.subject_name,
            "reason": act.reason_title,
            "kept_until": act.kept_until,
            "act": act.content,
        },
    )
