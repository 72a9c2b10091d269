"""The register of personal data names every field that may hold them; its document is not stale."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models

from config.personal_data import as_markdown, list_personal_fields
from tests.architecture import facts
from tests.architecture.model_rules import LOOKS_PERSONAL
from tests.architecture.tree import ROOT

# Fields that can hold long words and hold no person: dictionaries, clauses, secrets, journals that
# repeat other fields (outbox: ids only; audit: the register says so in its head).
NOT_PERSONAL = {
    "accounts.Account.password",
    "accounts.RecoveryCode.hash",
    "accounts.SecondFactor.secret",
    "accounts.Session.data",
    "archive.SchoolExport.trouble",
    "audit.AuditEntry.after",
    "audit.AuditEntry.before",
    "audit.AuditRecord.after",
    "audit.AuditRecord.before",
    "backups.BackupEntry.name",
    "backups.BackupEntry.note",
    "backups.BackupEntry.place",
    "backups.BackupPlace.path",
    "backups.BackupPlace.room",
    "cases.Application.edition",
    "cases.Attachment.name",
    "cases.CaseEvent.ground_clause",
    "cases.CaseEvent.note",
    "cases.CommitteeLetter.subject",
    "cases.Complaint.apology",
    "cases.Complaint.appeal_order",
    "cases.Complaint.forwarded_to",
    "journal.Homework.manner",
    "journal.Homework.text",
    "journal.LessonRecord.material",
    "journal.LessonRecord.topic",
    "monitoring.SubjectName.name",
    "notify.Notice.key",
    "notify.Notice.url",
    "outbox.OutboxEvent.name",
    "outbox.OutboxEvent.payload",
    "oversight.Check.conclusion",
    "oversight.Check.subject",
    "oversight.Complaint.apology",
    "oversight.Complaint.appeal_order",
    "oversight.Complaint.forwarded_to",
    "oversight.Finding.clause",
    "oversight.Finding.reply",
    "oversight.Finding.text",
    "people.ImportJob.filename",
    "people.RoleChange.refusal",
    "people.SubjectRequest.extension_reason",
    "provisioning.SchemaTemplate.ddl",
    "provisioning.SchemaTemplate.migrations",
    "provisioning.SchoolUpgrade.failure",
    "provisioning.SchoolUpgrade.migration",
    "registry.District.committee_name",
    "registry.District.name",
    "registry.DistrictSetting.clause",
    "registry.DistrictSetting.value",
    "registry.RegionalDay.act",
    "registry.School.name",
    "regulation.RegulationSetting.clause",
    "regulation.RegulationSetting.value",
    "schedule.Holiday.title",
    "schedule.Lesson.note",
    "schedule.Subject.name",
    "upkeep.Incident.cause",
    "upkeep.PlannedWorks.reason",
}
LONG = 100


def holds_words(field: models.Field) -> bool:
    """Return whether a field can hold more than a code."""
    if isinstance(field, models.TextField | models.JSONField | models.BinaryField):
        return True
    return (
        isinstance(field, models.CharField)
        and not field.choices
        and (field.max_length or 0) >= LONG
    )


@pytest.mark.requirement("PDP-001")
def test_every_field_that_may_hold_personal_data_is_in_the_register() -> None:
    listed = {(one.table, one.field) for one in list_personal_fields()}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in facts.own_models()
        for field in model._meta.fields
        if (holds_words(field) or LOOKS_PERSONAL.search(field.name))
        and (model._meta.db_table, field.name) not in listed
        and f"{model._meta.label}.{field.name}" not in NOT_PERSONAL
        and not isinstance(field, models.ForeignKey | models.BigIntegerField)
    ]

    assert missing == []


def test_each_line_says_what_how_long_and_why() -> None:
    for one in list_personal_fields():
        assert one.title, one
        assert one.category, one
        assert one.kept, one
        assert one.clause, one


def test_command_prints_a_line_per_field() -> None:
    out = StringIO()

    call_command("personal_data", stdout=out)

    lines = out.getvalue().splitlines()
    assert len(lines) == len(list(list_personal_fields()))
    assert any("people_pupil.birth_date\tдата рождения" in line for line in lines)


@pytest.mark.requirement("PDP-001", part=True)
def test_document_of_the_register_is_not_stale() -> None:
    written = (ROOT / "docs" / "ru" / "personal-data.md").read_text(encoding="utf-8")

    assert written == as_markdown()
