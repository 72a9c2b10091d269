"""What travels up: who hears which event, who fills a new school. Read top to bottom."""

from foundation.audit.reversal import register_reversers
from foundation.outbox.registry import Handler, subscribe
from services.cases import complaint_handlers as complaints
from services.cases import handlers as cases
from services.cases import printout_handlers as paper
from services.cases.events import (
    ApplicationRegistered,
    CaseChanged,
    ComplaintForwarded,
    ComplaintReceived,
    ComplaintsAreDue,
    DeliveryChanged,
    LetterAnswered,
    LetterReceived,
    ServiceMoved,
)
from services.cases.queries.own_data import list_own_parts as list_case_data
from services.cases.queries.whole import list_sheets as list_case_sheets
from services.diary import handlers as diary
from services.diary import reversal as diary_reversal
from services.diary.events import AccessGranted, AccessRevoked
from services.diary.queries.own_data import list_own_parts as list_diary_data
from services.journal.events import LessonChanged as JournalLessonChanged
from services.journal.operations import fill_dictionaries as fill_work_kinds
from services.journal.whole import list_sheets as list_journal_sheets
from services.monitoring import handlers as monitoring
from services.oversight import handlers as oversight
from services.oversight.events import (
    CaseAsked,
    ComplaintEnded,
    ComplaintSentToSchool,
    FindingSent,
    InquirySent,
)
from services.people import handlers as people
from services.people import reversal as people_reversal
from services.people.events import (
    ConsentAccepted,
    ConsentWithdrawn,
    EmployeeLeft,
    EmployeesHired,
    GuardianLinkChanged,
    GuardianLinkRestored,
    GuardiansLinked,
    PupilLeft,
    PupilsEnrolled,
    RoleGiven,
    RoleTaken,
)
from services.people.queries.own_data import register_part
from services.people.queries.whole import list_sheets as list_people_sheets
from services.regulation import handlers as regulation
from services.regulation import reversal as regulation_reversal
from services.regulation.events import CalendarChanged
from services.schedule import reversal as schedule_reversal
from services.schedule.events import LessonChanged as TimetableLessonChanged
from services.schedule.events import LessonsYielded
from services.schedule.operations.dictionaries import fill_dictionaries as fill_subjects
from services.schedule.queries.whole import list_sheets as list_schedule_sheets
from services.upkeep import handlers as upkeep
from services.upkeep.events import IncidentReported, WorksAnnounced, WorksCancelled
from tenants.accounts import handlers as accounts
from tenants.accounts.events import AccountFrozen, ContactAdded, ResetAsked
from tenants.archive import handlers as archive
from tenants.archive.events import SchoolArrived, SchoolExportAsked
from tenants.archive.sheets import register_sheets
from tenants.external import handlers as external
from tenants.provisioning.operations import register_filler
from tenants.registry.events import DistrictSettingChanged, RegionalDaysChanged

# An event and who hears it.
SUBSCRIPTIONS: tuple[tuple[type, list[Handler]], ...] = (
    # A list is imported → access → accounts with roles → the note on the cards.
    (PupilsEnrolled, [diary.on_pupils_enrolled]),
    (EmployeesHired, [diary.on_employees_hired]),
    (GuardiansLinked, [diary.on_guardians_linked]),
    (AccessGranted, [diary.on_access_granted]),
    (AccessRevoked, [diary.on_access_revoked]),
    # Roles are given and taken, people leave, a guardian's rights end.
    (RoleGiven, [people.on_role_given]),
    (RoleTaken, [people.on_role_taken]),
    (EmployeeLeft, [people.on_employee_left]),
    (PupilLeft, [people.on_pupil_left, cases.on_pupil_left, diary.on_pupil_left]),
    (GuardianLinkChanged, [diary.on_guardian_link_changed]),
    (GuardianLinkRestored, [diary.on_guardian_link_restored]),
    # A consent starts the term of the case that waited for it; withdrawn, it ends the guardian's
    # diary and case. A transfer carries the case on to the other school.
    (ConsentAccepted, [cases.on_consent_accepted]),
    (ConsentWithdrawn, [diary.on_consent_withdrawn, cases.on_consent_withdrawn]),
    (ApplicationRegistered, [cases.on_application_registered]),
    (ServiceMoved, [cases.on_service_moved]),
    # Who chose paper, or withdrew the consent, gets print-outs.
    (CaseChanged, [paper.on_case_moved]),
    (DeliveryChanged, [paper.on_case_moved]),
    (ConsentWithdrawn, [paper.on_consent_withdrawn]),
    # Codes to confirmed addresses: who asked hears nothing of where they go.
    (ResetAsked, [accounts.on_reset_asked]),
    (ContactAdded, [accounts.on_contact_added]),
    # A stolen account: the ways in that were made meanwhile end.
    (AccountFrozen, [external.on_account_frozen]),
    # Complaints: the office hears; the committee and a school meet in these events only.
    (ComplaintReceived, [complaints.on_complaint_received]),
    (ComplaintsAreDue, [complaints.on_complaints_due]),
    (LetterReceived, [complaints.on_letter_received]),
    (ComplaintForwarded, [oversight.on_complaint_forwarded]),
    (LetterAnswered, [oversight.on_letter_answered]),
    (ComplaintSentToSchool, [oversight.on_complaint_sent]),
    (CaseAsked, [oversight.on_case_asked]),
    (InquirySent, [oversight.on_inquiry_sent]),
    (ComplaintEnded, [oversight.on_complaint_ended]),
    (FindingSent, [oversight.on_finding_sent]),
    # A mark, a record, a cancelled lesson → the school's day is counted anew for the district.
    (JournalLessonChanged, [monitoring.on_school_day_changed]),
    (TimetableLessonChanged, [monitoring.on_school_day_changed]),
    (LessonsYielded, [monitoring.on_school_days_changed]),
    # A case, a complaint or a consent moved → the service is counted anew.
    (ApplicationRegistered, [monitoring.on_service_changed]),
    (CaseChanged, [monitoring.on_service_changed]),
    (ComplaintReceived, [monitoring.on_service_changed]),
    (ConsentAccepted, [monitoring.on_service_changed]),
    (ConsentWithdrawn, [monitoring.on_service_changed]),
    # An archive was asked for; a school came out of one and is counted from its first year on.
    (SchoolExportAsked, [archive.on_export_asked]),
    (SchoolArrived, [monitoring.on_school_arrived]),
    # A day of the region, or a decree of a release → every school's calendar → open terms.
    # The committee hears its own news too: terms of both sides are counted at once.
    (
        RegionalDaysChanged,
        [oversight.on_regional_days_changed, regulation.on_regional_days_changed],
    ),
    (CalendarChanged, [cases.on_calendar_changed, complaints.on_calendar_changed]),
    (DistrictSettingChanged, [regulation.on_district_setting_changed]),
    # Works are told of beforehand, an incident at once.
    (WorksAnnounced, [upkeep.on_works_announced]),
    (WorksCancelled, [upkeep.on_works_cancelled]),
    (IncidentReported, [upkeep.on_incident_reported]),
)


def wire() -> None:
    """Subscribe handlers and register fillers; called once at start."""
    register_filler(fill_subjects)
    register_filler(fill_work_kinds)
    # What each room keeps about a person goes into the answer to a request for own data.
    register_part(list_diary_data)
    register_part(list_case_data)
    # What a school takes along when it leaves, as tables for people.
    register_sheets(list_people_sheets, list_schedule_sheets, list_journal_sheets, list_case_sheets)
    # What comes back when a stolen account's changes are void; the journal has its own act.
    register_reversers(people_reversal.REVERSERS)
    register_reversers(schedule_reversal.REVERSERS)
    register_reversers(diary_reversal.REVERSERS)
    register_reversers(regulation_reversal.REVERSERS)
    for event, handlers in SUBSCRIPTIONS:
        subscribe(event, *handlers)
