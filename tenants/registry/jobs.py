"""Background work and commands that carry their school."""

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from tenants.registry.queries import forget_schools, get_school, get_school_by_id


def school_task(function: Callable[..., None]) -> Any:
    """Make a Celery task that opens its school: `task.delay(school_id=…, …)`.

    The function gets the system's `actor` and runs in one transaction of that school. Unknown
    arguments of newer senders must be taken by its `**_`. A task without a school ends in
    `_district` and is a plain `shared_task`.
    """

    def run(*, school_id: int, request_id: str = "", **arguments: Any) -> None:
        actor = Actor.system(get_school_by_id(school_id), request_id)
        with school_transaction(actor, school_id):
            function(actor=actor, **arguments)

    run.__doc__ = function.__doc__
    return shared_task(
        name=f"{function.__module__}.{function.__name__}",
        autoretry_for=(OSError, OperationalError),
        retry_backoff=True,
        max_retries=5,
    )(run)


class SchoolCommand(BaseCommand):
    """A command about one school: `--school <slug>`; `handle_school` runs inside it."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the school."""
        parser.add_argument("--school", required=True, help="адрес школы в портале")

    def handle(self, *args: Any, school: str, **options: Any) -> None:
        """Open the school and go on."""
        forget_schools()
        try:
            ref = get_school(school)
        except NotFound as error:
            raise CommandError(f"Школы «{school}» нет или она не открыта.") from error
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            self.handle_school(actor, ref, **options)

    def handle_school(self, actor: Actor, school: SchoolRef, **options: Any) -> None:
        """Do the work, inside the school's transaction."""
        raise NotImplementedError
