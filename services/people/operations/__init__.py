"""Changing people: one public function is one use case, inside the door's transaction."""

from services.people.access import check_may_keep_people
from services.people.imports.report import Count, ImportReport
from services.people.operations.accounts import set_accounts
from services.people.operations.classes import (
    add_members,
    appoint_class_teacher,
    create_class,
    create_group,
    enroll,
)
from services.people.operations.imports import (
    ImportIsOver,
    ImportIsRefused,
    apply_import,
    apply_import_job,
    drop_import_job,
    preview_import,
    upload_import,
    wipe_stale_imports,
)

__all__ = [
    "Count",
    "ImportIsOver",
    "ImportIsRefused",
    "ImportReport",
    "add_members",
    "apply_import",
    "apply_import_job",
    "appoint_class_teacher",
    "check_may_keep_people",
    "create_class",
    "create_group",
    "drop_import_job",
    "enroll",
    "preview_import",
    "set_accounts",
    "upload_import",
    "wipe_stale_imports",
]
