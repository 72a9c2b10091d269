"""A growing delay (задержка) instead of a lock-out: guessing costs time, a lesson is not stopped.

Counted per (login, network): who is wrong at home does not hinder the teacher at school. A network
as a whole waits only after hundreds of mistakes, a few seconds, and not for devices it knows: a
class behind one address is never locked out. A login nobody has is counted just the same.

An attempt is counted before the password is checked and forgiven when it was right, so many at
once are no way around. All by the database's clock.
"""

from dataclasses import dataclass

from django.db import connection

from kernel.errors import DomainError
from tenants.accounts.digests import keyed_digest, plain_digest

FREE = 5  # mistakes without a delay; then 2, 4, 8… seconds
LONGEST = 900
FORGOTTEN = "24 hours"
NETWORK_FREE = 300  # mistakes an hour of a whole network
NETWORK_LONGEST = 5
NETWORK_FORGOTTEN = "1 hour"

GROWN = f"CASE WHEN t.at < now() - interval '{FORGOTTEN}' THEN 1 ELSE t.failures + 1 END"
BEGIN = f"""
WITH crowd AS (
    SELECT until FROM accounts_attempt WHERE digest = %(network)s AND until > now()
        AND NOT EXISTS (
            SELECT 1 FROM accounts_device d JOIN accounts_account a ON a.id = d.account_id
            WHERE d.digest = %(device)s AND a.login = %(login)s
        )
), mine AS (
    INSERT INTO accounts_attempt AS t (digest, failures, at, until)
    SELECT %(own)s, 1, now(), now() WHERE NOT EXISTS (SELECT 1 FROM crowd)
    ON CONFLICT (digest) DO UPDATE SET
        failures = {GROWN},
        at = now(),
        until = now() + CASE WHEN {GROWN} < {FREE} THEN interval '0'
            ELSE make_interval(secs => least({LONGEST}, power(2, least({GROWN}, 30) - {FREE} + 1)))
            END
    WHERE t.until <= now()
    RETURNING failures
)
SELECT (SELECT failures FROM mine), ceil(extract(epoch FROM greatest(
    (SELECT until FROM crowd),
    (SELECT until FROM accounts_attempt WHERE digest = %(own)s)
) - now()))
"""
FAILED = f"""
INSERT INTO accounts_attempt AS t (digest, failures, at, until)
VALUES (%(network)s, 1, now(), now())
ON CONFLICT (digest) DO UPDATE SET
    failures = CASE WHEN t.at < now() - interval '{NETWORK_FORGOTTEN}' THEN 1 ELSE t.failures + 1
        END,
    at = CASE WHEN t.at < now() - interval '{NETWORK_FORGOTTEN}' THEN now() ELSE t.at END,
    until = now() + make_interval(
        secs => least({NETWORK_LONGEST}, greatest(0, (t.failures - {NETWORK_FREE}) / 100 + 1))
    ) * (t.failures >= {NETWORK_FREE})::int
"""
WIPE = f"DELETE FROM accounts_attempt WHERE at < now() - interval '{FORGOTTEN}'"


class TooManyAttempts(DomainError):
    """Too many mistakes: `facts["seconds"]` says how long to wait."""

    code = "too-many-attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Слишком много ошибок подряд. Подождите {say_wait(seconds)}.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted and is still to be judged."""

    own: str
    network: str


def begin_attempt(*, door: str, subject: str, network: str, device: str = "") -> Attempt:
    """Count an attempt at a door: a login at the sign-in, an account at the second factor.

    One statement, the same for a subject nobody has. Raise `TooManyAttempts`.
    """
    name = subject.strip().lower()
    attempt = Attempt(
        own=keyed_digest(f"attempt {door}", f"{name}\0{network}"),
        network=keyed_digest("attempt network", network),
    )
    values = {
        "own": attempt.own,
        "network": attempt.network,
        "device": plain_digest(device),
        "login": name if name.isprintable() else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, values)
        failures, seconds = cursor.fetchone()
    if failures is None:
        raise TooManyAttempts(max(1, int(seconds or 1)))
    return attempt


def forgive(attempt: Attempt) -> None:
    """Forget the mistakes of one's own: the attempt was right."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_attempt WHERE digest = %s", [attempt.own])


def note_failure(attempt: Attempt) -> None:
    """Count a mistake for the network as well."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED, {"network": attempt.network})


def wipe_attempts() -> None:
    """Delete what is a day old; nightly."""
    with connection.cursor() as cursor:
        cursor.execute(WIPE)


def say_wait(seconds: int) -> str:
    """Return «40 секунд» or «3 минуты» in the accusative."""
    if seconds < 60:
        return f"{seconds} {_form(seconds, 'секунду', 'секунды', 'секунд')}"
    minutes = -(-seconds // 60)
    return f"{minutes} {_form(minutes, 'минуту', 'минуты', 'минут')}"


def _form(number: int, one: str, few: str, many: str) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return one
    return few if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else many
