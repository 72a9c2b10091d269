"""What a complaint and each step of it hold, whoever considers it; abstract, two rooms fill it.

Source: 210-ФЗ ст. 11.2 ч. 5 (parts of a complaint), ч. 6–9 (terms, decision, answer, prosecutor).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kernel.complaints import (
    MANNER_TITLES,
    OUTCOME_TITLES,
    STATE_TITLES,
    TARGET_TITLES,
    Channel,
    Manner,
    Outcome,
    State,
    Target,
)

CHANNEL_CHOICES = [
    (Channel.PORTAL.value, "портал"),
    (Channel.ANONYMOUS.value, "портал, без входа"),
    (Channel.PAPER.value, "на бумаге"),
    (Channel.FORWARDED.value, "переслана"),
]

ENDED = [State.DECIDED.value, State.ANSWERED.value]


def _pairs(titles: object) -> list[tuple[str, str]]:
    assert hasattr(titles, "items")
    return [(str(key.value), str(title)) for key, title in titles.items()]


class ComplaintBase(models.Model):
    """A complaint with its register, its terms and its end."""

    # --- What the applicant wrote
    target = models.CharField("на кого", max_length=12, choices=_pairs(TARGET_TITLES))
    against = models.CharField("орган, должностное лицо, работник", max_length=300, blank=True)
    against_id = models.BigIntegerField("на кого: номер карточки", null=True)
    grounds = ArrayField(models.CharField(max_length=20), verbose_name="основания")
    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    middle_name = models.CharField("отчество", max_length=100, blank=True)
    residence = models.CharField("место жительства", max_length=300)
    phone = models.CharField("телефон", max_length=40, blank=True)
    email = models.CharField("электронная почта", max_length=200, blank=True)
    postal_address = models.CharField("почтовый адрес для ответа", max_length=300)
    contested = models.TextField("обжалуемое решение или действие")
    arguments = models.TextField("доводы")
    case_number = models.CharField("номер заявления на услугу", max_length=20, blank=True)
    file_ids = ArrayField(models.BigIntegerField(), verbose_name="приложения", default=list)
    # --- How it came
    channel = models.CharField("как поступила", max_length=10, choices=CHANNEL_CHOICES)
    account_id = models.BigIntegerField("учётная запись заявителя", null=True)
    request_key = models.UUIDField("ключ запроса", unique=True)
    reference = models.CharField("входящий номер для заявителя", max_length=12, db_index=True)
    code_digest = models.CharField("отпечаток секретного кода", max_length=64)
    received_at = models.DateTimeField("поступила")
    received_on = models.DateField("поступила, день")
    register_due_on = models.DateField("зарегистрировать до")
    # --- The register and the terms
    state = models.CharField(
        "состояние", max_length=12, choices=_pairs(STATE_TITLES), default=State.RECEIVED.value
    )
    number = models.CharField("номер в реестре", max_length=20, null=True, unique=True)
    registered_on = models.DateField("зарегистрирована", null=True)
    review_workdays = models.PositiveSmallIntegerField("срок, рабочих дней", null=True)
    due_on = models.DateField("рассмотреть до", null=True)
    forward_due_on = models.DateField("переслать до", null=True)
    edition = models.CharField("редакция календаря", max_length=80, blank=True)
    is_provisional = models.BooleanField("срок предварительный", default=False)
    # --- The end
    forwarded_on = models.DateField("переслана", null=True)
    forwarded_to = models.CharField("куда переслана", max_length=300, blank=True)
    forward_reason = models.TextField("почему переслана", blank=True)
    unanswered_ground = models.CharField("почему без ответа", max_length=20, blank=True)
    outcome = models.CharField("решение", max_length=10, choices=_pairs(OUTCOME_TITLES), blank=True)
    reasons = models.TextField("основания решения", blank=True)
    measures = models.TextField("что сделано", blank=True)
    apology = models.TextField("извинения", blank=True)
    next_steps = models.TextField("что делать заявителю", blank=True)
    appeal_order = models.TextField("порядок обжалования", blank=True)
    cure_until = models.DateField("устранить до", null=True)
    decided_on = models.DateField("решение принято", null=True)
    decided_by = models.BigIntegerField("кто решил", null=True)
    decided_by_name = models.CharField("кто решил, имя", max_length=200, blank=True)
    answer_due_on = models.DateField("ответить до", null=True)
    answered_on = models.DateField("ответ направлен", null=True)
    answer_manner = models.CharField(
        "как направлен ответ", max_length=10, choices=_pairs(MANNER_TITLES), blank=True
    )
    offence_note = models.TextField("признаки правонарушения", blank=True)
    offence_sent_on = models.DateField("направлено в прокуратуру", null=True)

    personal_data: ClassVar[dict[str, str]] = {
        "against": "work",
        "last_name": "complaint",
        "first_name": "complaint",
        "middle_name": "complaint",
        "residence": "complaint",
        "phone": "complaint",
        "email": "complaint",
        "postal_address": "complaint",
        "contested": "complaint",
        "arguments": "complaint",
        "forward_reason": "complaint",
        "reasons": "complaint",
        "measures": "complaint",
        "next_steps": "complaint",
        "offence_note": "complaint",
        "decided_by_name": "work",
    }

    class Meta:
        abstract = True
        constraints = [
            # What is over cannot be undone by forgetting a field: the database keeps the order.
            models.CheckConstraint(
                condition=Q(state=State.RECEIVED.value, number__isnull=True)
                | ~Q(state=State.RECEIVED.value)
                & Q(number__isnull=False, registered_on__isnull=False),
                name="%(app_label)s_%(class)s_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED)
                & ~Q(outcome="")
                & ~Q(reasons="")
                & Q(decided_on__isnull=False)
                | ~Q(state__in=ENDED) & Q(outcome=""),
                name="%(app_label)s_%(class)s_decision",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ANSWERED.value) & Q(answered_on__isnull=False)
                | ~Q(state=State.ANSWERED.value) & Q(answered_on__isnull=True),
                name="%(app_label)s_%(class)s_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=State.UNANSWERED.value) & ~Q(unanswered_ground="")
                | ~Q(state=State.UNANSWERED.value) & Q(unanswered_ground=""),
                name="%(app_label)s_%(class)s_ground",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FORWARDED.value) & Q(forwarded_on__isnull=False)
                | ~Q(state=State.FORWARDED.value) & Q(forwarded_on__isnull=True),
                name="%(app_label)s_%(class)s_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def stands(self) -> State:
        """Return the state as the table of moves knows it."""
        return State(self.state)

    @property
    def aims_at(self) -> Target:
        """Return whose act is complained of."""
        return Target(self.target)

    @property
    def ended_as(self) -> Outcome | None:
        """Return the decision, or None before it."""
        return Outcome(self.outcome) if self.outcome else None

    @property
    def sent_by(self) -> Manner | None:
        """Return how the answer went, or None before it."""
        return Manner(self.answer_manner) if self.answer_manner else None


class ComplaintStepBase(models.Model):
    """A line of the complaint's own journal: who did what, when, from where to where."""

    action = models.CharField("действие", max_length=20)
    at = models.DateTimeField("когда")
    account_id = models.BigIntegerField("кто", null=True)
    by_name = models.CharField("кто, имя", max_length=200, blank=True)
    state_before = models.CharField("было", max_length=12, blank=True)
    state_after = models.CharField("стало", max_length=12)
    note = models.TextField("пояснение", blank=True)

    personal_data: ClassVar[dict[str, str]] = {"by_name": "work", "note": "complaint"}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
