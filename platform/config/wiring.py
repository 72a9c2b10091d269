"""What travels up: who hears which event, who fills a new school. Read top to bottom."""

from services.journal.operations import fill_dictionaries as fill_work_kinds
from services.schedule.operations.dictionaries import fill_dictionaries as fill_subjects
from tenants.provisioning.operations import register_filler


def wire() -> None:
    """Subscribe handlers and register fillers; called once at start."""
    register_filler(fill_subjects)
    register_filler(fill_work_kinds)
