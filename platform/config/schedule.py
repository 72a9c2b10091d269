"""All periodic work of the product, and nothing else. Times are of the district's time zone."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    # The dispatcher does the same at every turn; this is for the day when it stands still.
    "count-dirty-days": {
        "task": "services.monitoring.tasks.recompute_dirty_district",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "count-the-week-anew": {
        "task": "services.monitoring.tasks.roll_up_nightly_district",
        "schedule": crontab(hour=2, minute=10),
    },
    # Uploaded lists hold names: those nobody applied go after a week.
    "wipe-stale-imports": {
        "task": "services.people.tasks.wipe_stale_imports_district",
        "schedule": crontab(hour=3, minute=20),
    },
}
