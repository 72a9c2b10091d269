"""Every number in a school that leads out of it is known: an archive must carry it over rightly."""

from django.db import models

from tenants.archive.catalogue import (
    ACCOUNT_ID,
    BY,
    DISTRICT_COLUMNS,
    DISTRICT_PLACES,
    READ_THROUGH,
    models_by_table,
)

# Numbers of rows of the same school that no foreign key binds, and plain quantities.
INSIDE = {
    "audit_auditrecord.row_id",
    "audit_voidnote.entry_id",
    "cases_application.consent_id",
    "cases_application.grant_id",
    "cases_attachment.file_id",
    "cases_complaint.against_id",
    "people_activationsheet.person_id",
    "people_consent.scan_id",
    "people_look.object_id",
}


def test_every_number_without_a_key_is_an_accounts_the_districts_or_the_schools_own():
    unknown, known = set(), set()
    for table, model in models_by_table().items():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.BigIntegerField) or field.primary_key:
                continue
            place = f"{table}.{field.column}"
            known.add(place)
            is_account = field.column == ACCOUNT_ID or str(field.column).endswith(BY)
            is_districts = (
                field.column in DISTRICT_COLUMNS or (table, field.column) in DISTRICT_PLACES
            )
            if not (is_account or is_districts or place in INSIDE):
                unknown.add(place)

    assert unknown == set(), "say in tenants/archive/catalogue.py or here what the number names"
    assert known >= INSIDE


def test_no_column_that_ends_so_is_anything_but_an_account():
    """The journal of actions is carried over by the names of numbers alone."""
    odd = {
        f"{table}.{field.column}"
        for table, model in models_by_table().items()
        for field in model._meta.concrete_fields
        if str(field.column).endswith(BY)
        and isinstance(field, models.IntegerField | models.DecimalField | models.FloatField)
        and not isinstance(field, models.BigIntegerField)
    }
    assert odd == set()


def test_sealed_columns_are_named_by_their_models():
    sealed = {
        (table, name)
        for table, model in models_by_table().items()
        for name in getattr(model, "sealed", {})
    }
    binary = {
        (table, field.column)
        for table, model in models_by_table().items()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }
    assert binary - sealed == {("people_importjob", "content")}  # an uploaded list, as it came
    assert sealed <= binary


def test_only_the_journal_of_actions_is_read_through_a_view():
    assert READ_THROUGH == {"audit_auditrecord": "audit_log"}
