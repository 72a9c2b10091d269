"""The matrix of rights as it ships: right → the roles and hats that have it.

Source: ROL-004…020, ROL-028…034. Where the five regulations differ the cell is a setting: the
class teacher reads every subject of the class (ROL-009) and sets no finals for others (ROL-010).
"""

from kernel.rights import Hat, Right
from kernel.roles import Role

ADMIN, LEADS, TEACHER = Role.ADMINISTRATOR, Role.MANAGEMENT, Role.TEACHER
SECRETARY, PERSONNEL, PSYCHOLOGIST = Role.SECRETARY, Role.PERSONNEL, Role.PSYCHOLOGIST
CLASS, GROUP, TECHNICAL = Hat.CLASS_TEACHER, Hat.WORKING_GROUP, Hat.TECHNICAL

Subject = Role | Hat

SHIPPED: dict[Right, frozenset[Subject]] = {
    # ROL-008, ROL-014, ROL-022; the management has what a teacher has when it teaches (ROL-020)
    Right.JOURNAL_READ_OWN: frozenset({TEACHER}),
    Right.JOURNAL_WRITE_OWN: frozenset({TEACHER}),
    Right.JOURNAL_READ_CLASS: frozenset(),  # the setting below
    Right.JOURNAL_READ_ALL: frozenset({LEADS, GROUP}),  # ROL-016, ROL-020, ROL-029
    Right.JOURNAL_WRITE_ALL: frozenset(),  # ROL-020: within duty, so by the school's word only
    Right.FINALS_SET_OWN: frozenset({TEACHER}),  # ROL-014
    Right.FINALS_SET_CLASS: frozenset(),  # the setting below
    Right.SCHEDULE_ARRANGE: frozenset({ADMIN, LEADS}),  # ROL-015
    Right.REPORTS_READ_CLASS: frozenset({TEACHER, CLASS}),  # ROL-028
    Right.REPORTS_READ_SCHOOL: frozenset({LEADS}),  # ROL-028, REP-001
    Right.PUPILS_LIST: frozenset({ADMIN, LEADS, SECRETARY, CLASS, TECHNICAL}),
    Right.CARDS_READ: frozenset({ADMIN, LEADS, SECRETARY, CLASS}),  # ROL-012
    Right.CARDS_WRITE: frozenset({ADMIN, SECRETARY, CLASS}),  # ROL-011, ROL-012
    Right.CONTACTS_READ: frozenset({ADMIN, LEADS, SECRETARY, CLASS}),
    Right.PEOPLE_KEEP: frozenset({ADMIN, SECRETARY}),  # ROL-012, ROL-034
    Right.PEOPLE_IMPORT: frozenset({ADMIN, SECRETARY, TECHNICAL}),  # ROL-019
    Right.FAMILY_CONFIRM: frozenset({ADMIN, SECRETARY}),
    Right.STAFF_LIST: frozenset({ADMIN, LEADS, SECRETARY, PERSONNEL, TECHNICAL}),
    Right.STAFF_KEEP: frozenset({ADMIN, SECRETARY, PERSONNEL}),
    Right.APPOINTMENTS_KEEP: frozenset({ADMIN, LEADS}),  # ROL-030
    Right.ACCOUNTS_READ: frozenset({ADMIN, LEADS, SECRETARY, CLASS, TECHNICAL}),
    Right.SHEETS_PRINT: frozenset({ADMIN, CLASS, TECHNICAL}),  # ACC-008, ROL-019
    Right.SHEETS_HAND: frozenset({ADMIN, CLASS}),  # ACC-008, SRV-017
    Right.ACCOUNTS_BLOCK: frozenset({ADMIN, TECHNICAL}),  # ROL-017, ROL-019
    Right.DIARY_OPEN: frozenset({ADMIN, SECRETARY}),  # ROL-017
    Right.CONSENTS_READ: frozenset({ADMIN, LEADS, SECRETARY, CLASS}),
    Right.CONSENTS_ACCEPT: frozenset({ADMIN, SECRETARY, CLASS}),  # SRV-014, ROL-013
    Right.SUBJECTS_ANSWER: frozenset({ADMIN, SECRETARY}),  # 152-ФЗ ст. 20
    Right.DATA_DESTROY: frozenset({ADMIN}),  # 152-ФЗ ст. 21
    Right.CASES_READ: frozenset({ADMIN, LEADS, SECRETARY, CLASS}),
    Right.CASES_ACCEPT: frozenset({ADMIN, SECRETARY, CLASS}),  # SRV-014
    Right.CASES_GRANT: frozenset({ADMIN, CLASS}),  # SRV-017, ROL-017
    Right.CASES_REFUSE: frozenset({ADMIN, LEADS}),
    Right.COMPLAINTS_READ: frozenset({LEADS, SECRETARY}),  # SRV-031: the office keeps the register
    Right.COMPLAINTS_DECIDE: frozenset({LEADS}),
    Right.PRINTOUTS_HAND: frozenset({ADMIN, SECRETARY, CLASS}),
    Right.REGISTERS_EXPORT: frozenset({ADMIN, LEADS, SECRETARY}),  # ROL-015
    Right.RIGHTS_READ: frozenset({ADMIN, LEADS}),
    Right.REGULATION_CHANGE: frozenset({ADMIN, LEADS}),  # ROL-015
    Right.LOOKS_READ: frozenset({ADMIN, LEADS}),  # ROL-015
}

# Cells that are settings of the regulation: changing the cell changes the setting, dated.
SETTINGS: dict[tuple[Right, Subject], str] = {
    (Right.JOURNAL_READ_CLASS, Hat.CLASS_TEACHER): "journal.class_teacher_reads_all",
    (Right.FINALS_SET_CLASS, Hat.CLASS_TEACHER): "final.set_by_class_teacher",
}
# Rights that mean something only for who bears the hat: nobody else can be given them.
ONLY_FOR: dict[Right, Hat] = {
    Right.JOURNAL_READ_CLASS: Hat.CLASS_TEACHER,
    Right.FINALS_SET_CLASS: Hat.CLASS_TEACHER,
}
