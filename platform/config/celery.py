"""The Celery application: `celery -A config.celery worker|beat`."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals
from structlog.contextvars import bind_contextvars, unbind_contextvars

from config.schedule import SCHEDULE
from foundation import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("okrug")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = SCHEDULE


@signals.heartbeat_sent.connect  # a worker, every two seconds
@signals.after_task_publish.connect  # beat, every half a minute
def leave_sign_of_life(**_: object) -> None:
    """Touch OKRUG_HEARTBEAT for the watchman of a container; a dead broker is no sign of life."""
    if file := os.environ.get("OKRUG_HEARTBEAT"):
        Path(file).touch()


@signals.task_postrun.connect
def count_task(task: Any = None, state: str | None = None, **_: Any) -> None:
    """Count a task that ended, well or not."""
    metrics.count("okrug_tasks_total", task=task.name, state=(state or "unknown").lower())


@signals.setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Keep what Django has set: with nobody here Celery writes lines of its own."""


@signals.task_prerun.connect
def name_the_task(task: Any, kwargs: dict[str, Any], **_: Any) -> None:
    """Let every line of a task bear its name and its school."""
    bind_contextvars(task=task.name, school=kwargs.get("school_id"))


@signals.task_postrun.connect
def forget_the_task(**_: Any) -> None:
    """Let the next lines be nobody's."""
    unbind_contextvars("task", "school")
