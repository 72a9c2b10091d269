"""Sessions in a table of ours: one statement reads the session, its account and the roles.

Django's middleware and `login()` work with it as with their own store. The lifetime is absolute
(`SESSION_COOKIE_AGE`) and idle (`OKRUG_SESSION_IDLE`); both are measured by the database's clock.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection
from django.utils.crypto import constant_time_compare

from foundation.db.door import planned_cursor
from tenants.accounts.devices import describe_device
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, Session
from tenants.accounts.visitor import COLUMNS, MEMBERSHIPS, Proof, account_of_rows

FRESH = "10 minutes"
TOUCH = "5 minutes"  # a busy session is written this seldom

READ = f"""
SELECT s.id, s.data, s.auth_hash, s.has_passed,
    coalesce(s.confirmed_at > now() - interval '{FRESH}', false),
    s.seen_at < now() - interval '{TOUCH}',
    {COLUMNS}
FROM accounts_session s
LEFT JOIN accounts_account a ON a.id = s.account_id AND a.is_active
{MEMBERSHIPS}
WHERE s.digest = %s AND s.ends_at > now() AND s.seen_at > now() - make_interval(secs => %s)
ORDER BY m.id
"""
OWN = 6  # columns before those of the account
INSERT = """
INSERT INTO accounts_session
    (digest, data, account_id, auth_hash, ends_at, confirmed_at, has_passed, device, network)
VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s),
    CASE WHEN %s THEN now() END, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING id
"""
UPDATE = """
UPDATE accounts_session SET data = %s, account_id = %s, auth_hash = %s, seen_at = now()
WHERE digest = %s AND ends_at > now()
"""


class SessionStore(SessionBase):
    """See the module. A row that is gone stays gone: an ended session cannot be saved again."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.has_passed = False
        self._is_new = session_key is None
        self._rows: Sequence[Sequence[Any]] | None = None
        self._browser, self._network = "", ""

    def came_from(self, browser: str, network: str) -> None:
        """Note what a new session will say of itself: the browser's header, the network."""
        self._browser, self._network = browser, network

    def find_holder(self) -> tuple[Account, Proof] | None:
        """Return who is signed in and how well that is proven, or None: one statement.

        A session that was idle for some minutes is noted as alive: a second, rare statement.
        """
        self.accessed = True
        rows = self._read()
        if not rows or rows[0][OWN] is None:
            return None
        number, _, auth_hash, has_passed, is_fresh, is_old = rows[0][:OWN]
        account = account_of_rows([row[OWN:] for row in rows])
        if not constant_time_compare(auth_hash, account.get_session_auth_hash()):
            return None
        if is_old:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE accounts_session SET seen_at = now() WHERE id = %s", [number]
                )
        return account, Proof(number, is_fresh, has_passed)

    def load(self) -> dict[str, Any]:
        """Return what a live session holds; a dead or unknown one is forgotten."""
        if self._is_new:
            return {}
        rows = self._read()
        if not rows:
            self._session_key, self._is_new = None, True
            return {}
        return self.decode(rows[0][1])

    def exists(self, session_key: str) -> bool:
        """Return whether a session of the cookie is there."""
        return Session.objects.filter(digest=plain_digest(session_key)).exists()

    def create(self) -> None:
        """Take a new cookie; the row is written once, by `save`."""
        self._session_key = secrets.token_urlsafe(32)
        self._is_new, self._rows = True, None
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raise `UpdateError` when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        account = held.get(SESSION_KEY)
        content = [self.encode(held), int(account) if account else None]
        auth_hash = held.get(HASH_SESSION_KEY, "")
        digest = plain_digest(self.session_key or "")
        with connection.cursor() as cursor:
            if must_create or self._is_new:
                life = self.get_session_cookie_age()
                browser = describe_device(self._browser)
                proof = [account is not None, self.has_passed]
                values = [digest, *content, auth_hash, life, *proof, browser, self._network]
                cursor.execute(INSERT, values)
                if cursor.fetchone() is None:
                    raise CreateError
                self._is_new = False
                return
            cursor.execute(UPDATE, [*content, auth_hash, digest])
            if cursor.rowcount == 0:
                raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session, by default this one."""
        ended = session_key or self.session_key
        if ended:
            Session.objects.filter(digest=plain_digest(ended)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what is over; nightly."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM accounts_session"
                " WHERE ends_at < now() OR seen_at < now() - make_interval(secs => %s)",
                [settings.OKRUG_SESSION_IDLE],
            )

    def _read(self) -> Sequence[Sequence[Any]]:
        if self._rows is None:
            if self.session_key is None:
                return ()
            with planned_cursor() as cursor:
                idle = settings.OKRUG_SESSION_IDLE
                cursor.execute(READ, [plain_digest(self.session_key), idle])
                self._rows = cursor.fetchall()
        return self._rows
