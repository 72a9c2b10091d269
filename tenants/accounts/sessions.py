"""Sessions in the database, as Django keeps them; reading one costs an exchange and little else."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"


class SessionStore(db.SessionStore):
    """Django's store with a written statement: building it anew took longer than its answer."""

    def load(self) -> dict[str, Any]:
        """Return what a live session holds; a dead or unknown one is forgotten."""
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
