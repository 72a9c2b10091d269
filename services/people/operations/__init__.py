"""Changing people: one public function is one use case, inside the door's transaction."""

from services.people.access import check_may_keep_people
from services.people.imports.report import Count, ImportReport
from services.people.operations.accounts import set_accounts
from services.people.operations.appointments import (
    AppointmentIsOver,
    AppointmentIsThere,
    DaysAreWrong,
    NewAppointment,
    appoint,
    end_appointment,
)
from services.people.operations.birthdays import tell_of_birthdays
from services.people.operations.cards import (
    CardChange,
    WorkChange,
    change_employee,
    change_guardian,
    change_pupil,
)
from services.people.operations.classes import (
    add_members,
    appoint_class_teacher,
    create_class,
    create_group,
    enroll,
)
from services.people.operations.guardianship import (
    LimitNeedsGround,
    LinkIsOver,
    LinkIsThere,
    NewGuardian,
    add_guardian,
    confirm_link,
    end_link,
    limit_link,
    link_guardian,
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
from services.people.operations.leaving import (
    LastDayIsWrong,
    NotEnrolled,
    dismiss_employee,
    end_enrollment,
    let_go_of_left,
    note_access_ended,
)
from services.people.operations.looks import (
    record_look,
    record_seen,
)
from services.people.operations.roles import (
    EmployeeHasLeft,
    LastAdministrator,
    NotAStaffRole,
    give_role_to,
    note_role_change,
    take_role_from,
)
from services.people.operations.sheets import (
    check_may_sheet,
    hand_over,
    note_printed,
)

__all__ = [
    "AppointmentIsOver",
    "AppointmentIsThere",
    "CardChange",
    "Count",
    "DaysAreWrong",
    "EmployeeHasLeft",
    "ImportIsOver",
    "ImportIsRefused",
    "ImportReport",
    "LastAdministrator",
    "LastDayIsWrong",
    "LimitNeedsGround",
    "LinkIsOver",
    "LinkIsThere",
    "NewAppointment",
    "NewGuardian",
    "NotAStaffRole",
    "NotEnrolled",
    "WorkChange",
    "add_guardian",
    "add_members",
    "apply_import",
    "apply_import_job",
    "appoint",
    "appoint_class_teacher",
    "change_employee",
    "change_guardian",
    "change_pupil",
    "check_may_keep_people",
    "check_may_sheet",
    "confirm_link",
    "create_class",
    "create_group",
    "dismiss_employee",
    "drop_import_job",
    "end_appointment",
    "end_enrollment",
    "end_link",
    "enroll",
    "give_role_to",
    "hand_over",
    "let_go_of_left",
    "limit_link",
    "link_guardian",
    "note_access_ended",
    "note_printed",
    "note_role_change",
    "preview_import",
    "record_look",
    "record_seen",
    "set_accounts",
    "take_role_from",
    "tell_of_birthdays",
    "upload_import",
    "wipe_stale_imports",
]
