"""The record of a lesson (запись урока) and the school's kinds of work (виды работ)."""

from django.db import models


class WorkKind(models.Model):
    """What a mark was given for: У устный ответ, КР контрольная работа…; JRN-006."""

    code = models.CharField("обозначение", max_length=8, unique=True)
    title = models.CharField("вид работы", max_length=80)
    weight = models.DecimalField("вес", max_digits=3, decimal_places=1, default=1)
    is_written = models.BooleanField("письменная", default=False)
    is_active = models.BooleanField("используется", default=True)
    position = models.PositiveSmallIntegerField("порядок", default=0)

    def __str__(self) -> str:
        return self.title


class LessonRecord(models.Model):
    """What was done at a lesson. Its row is the lock of the lesson's column in the journal.

    `revision` grows with every save; each changed cell takes it as its version. The place in the
    journal (group, subject, term, date) is copied from the lesson, so that a page is one index.
    """

    lesson = models.OneToOneField(
        "schedule.Lesson", models.PROTECT, primary_key=True, related_name="+", verbose_name="урок"
    )
    group = models.ForeignKey(
        "people.TeachingGroup",
        models.PROTECT,
        related_name="+",
        verbose_name="класс или группа",
        db_index=False,
    )
    subject = models.ForeignKey(
        "schedule.Subject",
        models.PROTECT,
        related_name="+",
        verbose_name="предмет",
        db_index=False,
    )
    term = models.ForeignKey(
        "schedule.Term",
        models.PROTECT,
        related_name="+",
        verbose_name="период",
        db_index=False,
    )
    date = models.DateField("день")
    topic = models.CharField("тема", max_length=300, blank=True, default="")
    material = models.TextField("пройденный материал", blank=True, default="")
    work_kind = models.ForeignKey(
        WorkKind, models.PROTECT, null=True, related_name="+", verbose_name="вид работы"
    )
    homework_none = models.BooleanField("домашнее задание не задано", default=False)
    revision = models.PositiveIntegerField("редакция", default=0)
    filled_at = models.DateTimeField("тема записана", null=True)
    filled_by = models.BigIntegerField("кем записана", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["group", "subject", "term"], name="journal_record_page"),
            models.Index(fields=["date"], name="journal_record_day"),
        ]

    def __str__(self) -> str:
        return f"record of lesson {self.pk}"
