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
    "count-who-uses-the-service": {
        "task": "services.monitoring.tasks.count_audience_district",
        "schedule": crontab(hour=2, minute=40),
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
    # Before the office opens: what must be registered today is, terms that press are told.
    "watch-complaints-of-schools": {
        "task": "services.cases.complaint_tasks.watch_complaints_district",
        "schedule": crontab(hour=5, minute=10),
    },
    "watch-complaints-of-the-committee": {
        "task": "services.oversight.tasks.watch_complaints_district",
        "schedule": crontab(hour=5, minute=20),
    },
    "erase-complaints-of-schools": {
        "task": "services.cases.complaint_tasks.erase_expired_complaints_district",
        "schedule": crontab(hour=3, minute=50),
    },
    "erase-complaints-of-the-committee": {
        "task": "services.oversight.tasks.erase_expired_complaints_district",
        "schedule": crontab(hour=3, minute=55),
    },
    "send-letters": {
        "task": "config.tasks.send_letters_district",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # A release may have brought a decree: open terms are counted anew.
    "spread-calendar": {
        "task": "services.regulation.tasks.spread_calendar_district",
        "schedule": crontab(hour=1, minute=40),
    },
    # Terms that near, are due or are over: who answers for them hears in the morning.
    "watch-cases": {
        "task": "services.cases.tasks.watch_cases_district",
        "schedule": crontab(hour=6, minute=30),
    },
    # Who has left loses access; who became 14 or 18 hears of it; at 18 a parent's access ends.
    "follow-the-day": {
        "task": "services.people.tasks.follow_the_day_district",
        "schedule": crontab(hour=0, minute=20),
    },
    # Data that a consent held no longer: thirty days to destroy; an answer: ten working days.
    "watch-data-terms": {
        "task": "services.people.tasks.watch_data_terms_district",
        "schedule": crontab(hour=6, minute=40),
    },
    # Addresses of who has had no role for a month: nothing keeps them.
    "forget-contacts": {
        "task": "services.people.tasks.forget_contacts_district",
        "schedule": crontab(hour=3, minute=50),
    },
    "close-diaries-of-adults": {
        "task": "services.diary.tasks.close_diaries_of_adults_district",
        "schedule": crontab(hour=0, minute=30),
    },
    # Families without the portal: who is on paper; on Friday evening a letter a week (INF-007).
    "follow-paper": {
        "task": "services.cases.printout_tasks.follow_paper_district",
        "schedule": crontab(hour=4, minute=10),
    },
    "tell-of-the-week": {
        "task": "services.cases.printout_tasks.tell_of_week_district",
        "schedule": crontab(hour=17, minute=30),
    },
    # Archives of schools lie for some days: after that their file goes.
    "sweep-archives": {
        "task": "tenants.archive.tasks.sweep_exports_district",
        "schedule": crontab(minute=50),
    },
    # Sessions that are over, mistakes at the door, requests for a code: of no use after a day.
    "wipe-stale-entries": {
        "task": "tenants.accounts.tasks.wipe_stale_entries_district",
        "schedule": crontab(hour=3, minute=40),
    },
    # A sample a minute becomes a school's day: how available the product was.
    "count-availability": {
        "task": "services.upkeep.tasks.count_availability_district",
        "schedule": crontab(minute=5),
    },
}
