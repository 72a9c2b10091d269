"""What travels up: who hears which event, who fills a new school. Read top to bottom."""

from foundation.outbox.registry import subscribe
from services.diary import handlers as diary
from services.diary.events import AccessGranted, AccessRevoked
from services.journal.events import LessonChanged as JournalLessonChanged
from services.journal.operations import fill_dictionaries as fill_work_kinds
from services.monitoring import handlers as monitoring
from services.people.events import EmployeesHired, GuardiansLinked, PupilsEnrolled
from services.schedule.events import LessonChanged as TimetableLessonChanged
from services.schedule.events import LessonsYielded
from services.schedule.operations.dictionaries import fill_dictionaries as fill_subjects
from tenants.provisioning.operations import register_filler


def wire() -> None:
    """Subscribe handlers and register fillers; called once at start."""
    register_filler(fill_subjects)
    register_filler(fill_work_kinds)
    # A list is imported → access → accounts with roles → the note on the cards.
    subscribe(PupilsEnrolled, diary.on_pupils_enrolled)
    subscribe(EmployeesHired, diary.on_employees_hired)
    subscribe(GuardiansLinked, diary.on_guardians_linked)
    subscribe(AccessGranted, diary.on_access_granted)
    subscribe(AccessRevoked, diary.on_access_revoked)
    # A mark, a record, a cancelled lesson → the school's day is counted anew for the district.
    subscribe(JournalLessonChanged, monitoring.on_school_day_changed)
    subscribe(TimetableLessonChanged, monitoring.on_school_day_changed)
    subscribe(LessonsYielded, monitoring.on_school_days_changed)
