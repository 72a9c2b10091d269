"""The district (городской округ) and its schools; a school is the tenant."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django_tenants.models import TenantMixin


class District(models.Model):
    """The municipal district this deployment serves."""

    name = models.CharField("название", max_length=200)
    committee_name = models.CharField("орган управления образованием", max_length=200)
    timezone = models.CharField("часовой пояс", max_length=40, default="Europe/Moscow")

    def __str__(self) -> str:
        return self.name


class School(TenantMixin):
    """A school: its address in the portal, its schema, how far its opening has come."""

    class State(models.TextChoices):
        OPENING = "opening", "открывается"
        ACTIVE = "active", "работает"
        FROZEN = "frozen", "заморожена"

    auto_create_schema: ClassVar[bool] = False
    auto_drop_schema: ClassVar[bool] = False

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="округ")
    slug = models.SlugField("адрес в портале", max_length=40, unique=True)
    name = models.CharField("полное название", max_length=300)
    short_name = models.CharField("краткое название", max_length=80)
    timezone = models.CharField("часовой пояс", max_length=40, default="Europe/Moscow")
    state = models.CharField(
        "состояние", max_length=10, choices=State.choices, default=State.OPENING
    )
    schema_head = models.CharField("редакция схемы", max_length=64, blank=True, default="")
    opened_at = models.DateTimeField("открыта", null=True)
    requested_at = models.DateTimeField("запрошена", db_default=Now())

    def __str__(self) -> str:
        return self.short_name


class RegionalDay(models.Model):
    """A day the region made off or working (региональный день), with the act that says so.

    Copied into every school by an event: a room never reads the public schema.
    """

    class Kind(models.TextChoices):
        OFF = "off", "нерабочий"
        WORK = "work", "рабочий"

    date = models.DateField("день", unique=True)
    kind = models.CharField("какой", max_length=4, choices=Kind.choices)
    act = models.CharField("основание", max_length=300)
    set_by = models.BigIntegerField("кто внёс", null=True)
    set_at = models.DateTimeField("когда внесён", db_default=Now())

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class DistrictSetting(models.Model):
    """A value of the regulation the committee set for the whole district, from a day on.

    What a key means and which there are, the room `regulation` knows. Copied into every school by
    an event, as the days of the region are; the committee's own pages read it here.
    """

    key = models.CharField("ключ", max_length=60)
    since_on = models.DateField("действует с")
    value = models.JSONField("значение", null=True)
    clause = models.CharField("основание", max_length=200)
    set_by = models.BigIntegerField("кто внёс", null=True)
    set_at = models.DateTimeField("когда внесено", db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "since_on"], name="registry_setting_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} с {self.since_on}"
